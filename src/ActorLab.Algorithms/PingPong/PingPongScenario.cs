using ActorLab.Core;

namespace ActorLab.Algorithms.PingPong;

/// <summary>Two players on two nodes.</summary>
public static class PingPongScenario
{
    public static readonly Address Pinger = Address.Parse("n1/pinger");

    public static readonly Address Ponger = Address.Parse("n2/ponger");

    public static readonly ScenarioFamily Family = new(
        "ping-pong",
        "Two players answer each other, counting.",
        [
            new ScenarioParameter("last", "the count at which the game ends", 5, 1, 1_000_000),
            new ScenarioParameter("lossy", "1 if messages may vanish", 0, 0, 1),
            new ScenarioParameter("duplicating", "1 if messages may arrive more than once", 0, 0, 1),
        ],
        arguments => Of(arguments["last"], NetworkOf(arguments)));

    internal static Network NetworkOf(ScenarioArguments given) => new(Lossy: given["lossy"] == 1, Duplicating: given["duplicating"] == 1);

    /// <summary>The game over a network. A message that is too old stays in the network, where nothing comes of it.</summary>
    public static Scenario Of(int last, Network network) =>
        Of(RoleBinding.Of(new Pinger(Ponger, last)), RoleBinding.Of(new Ponger(last)), last, network);

    internal static Scenario Of(RoleBinding pinger, RoleBinding ponger, int last, Network network) => new()
    {
        Name = "ping-pong",
        Placements = [new Placement(Pinger, pinger), new Placement(Ponger, ponger)],
        Network = network with { NoOpDeliversStay = true },
        Properties = [PingPongProperties.DeltaWithinOne, PingPongProperties.ReachesLast(last)],
    };
}
