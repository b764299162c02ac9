using ActorLab.Core;

namespace ActorLab.Algorithms.PingPong;

/// <summary>What holds in a game of ping-pong.</summary>
public static class PingPongProperties
{
    public static readonly Property DeltaWithinOne = new Property.Always(
        "Delta Within One",
        "The counts of the two players differ by one at most.",
        world => Counts(world) is var counts && counts.Max() - counts.Min() <= 1);

    public static Property ReachesLast(int last) => new Property.Sometimes(
        "Reaches The Last", $"Both players count to {last}.", world => Counts(world).All(count => count == last));

    private static List<int> Counts(IWorld world) => [.. world.All<Count>().Select(player => player.State.Value)];
}
