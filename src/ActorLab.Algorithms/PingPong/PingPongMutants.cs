using ActorLab.Core;
using static ActorLab.Algorithms.PingPong.PingPongMessage;

namespace ActorLab.Algorithms.PingPong;

/// <summary>Wrong variants, which a property must catch.</summary>
public static class PingPongMutants
{
    /// <summary>All of them, as users name them.</summary>
    public static Seq<Mutant> All { get; } =
    [
        new Mutant(
            "counts-repetitions", "A player answers only the count that it is at.", "Ponger.cs, Receive",
            [PingPongProperties.DeltaWithinOne.Name], PingPongScenario.Family with
            {
                Name = "ping-pong:counts-repetitions",
                Summary = "Ping-pong, wrong on purpose: counts-repetitions.",
                Build = given => EagerPonger(given["last"], PingPongScenario.NetworkOf(given)),
            }),
    ];

    /// <summary>The ponger counts every ping, the repeated ones too: breaks Delta Within One where messages repeat.</summary>
    public static Scenario EagerPonger(int last, Network network) => PingPongScenario.Of(
        RoleBinding.Of(new Pinger(PingPongScenario.Ponger, last)), RoleBinding.Of(new CountsEveryPing(last)), last, network);

    private sealed class CountsEveryPing(int last) : IRole<Count, NoDisk, PingPongMessage>
    {
        public NoDisk EmptyDisk => NoDisk.Instance;

        public Count Boot(NoDisk disk, Turn<PingPongMessage> turn) => new(0);

        public Count Receive(Count state, Address sender, PingPongMessage message, Turn<PingPongMessage> turn)
        {
            if (message is not Ping(var value) || state.Value == last)
            {
                return state;
            }

            turn.Tell(sender, new Pong(value));
            return new Count(state.Value + 1);
        }
    }
}
