using ActorLab.Cluster.Crdt;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Lab;

/// <summary>Users who update every type, on few enough keys that they get in each other's way.</summary>
internal static class CrdtLoad
{
    public static ClientLoad Of(Scenario scenario) => new(
        [.. scenario.Nodes.Select(Gossiper.At)],
        (random, replica, number) => new GossipMessage.Update(number, UpdateOf(random, $"{replica.Node}-{number}")))
    {
        FirstNumber = scenario.Workload.Count + 1,
        Think = Wait.Millis(100, 400),
    };

    private static CrdtUpdate UpdateOf(RandomStream random, string value)
    {
        var key = $"k{random.Next(2)}";
        return random.Next(11) switch
        {
            0 => new CrdtUpdate.Grow(1 + random.Next(3)),
            1 => new CrdtUpdate.Count(random.Next(7) - 3),
            < 4 => new CrdtUpdate.Add(key),
            4 => new CrdtUpdate.Remove(key),
            < 7 => new CrdtUpdate.Write(value),
            7 => new CrdtUpdate.AddTo(key, value),
            8 => new CrdtUpdate.RemoveKey(key),
            _ => new CrdtUpdate.Put(key, value), // and no deletes, with which the map is not strongly consistent
        };
    }
}
