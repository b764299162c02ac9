using ActorLab.Cluster;
using ActorLab.Cluster.Crdt;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>Akka's own replicator on each node.</summary>
public static class CrdtOnCluster
{
    public static LabScenario Scenario { get; } = new(
        new ScenarioEntry(CrdtScenario.Name, request => request.Parameters.Count == 0
            ? new Scenario { Name = CrdtScenario.Name, Placements = [] }
            : throw new FormatException($"{CrdtScenario.Name} has no parameters here: it is Akka's replicator. lab check {CrdtScenario.Name} has some."))
        {
            // From the start: a replicator that nobody has asked yet would neither hear gossip nor confirm a write.
            Started = system => CrdtReplicator.Of(system).Start(),
            Stopped = (system, limit) => CrdtReplicator.Of(system).Stop(limit),
            MapRoutes = CrdtApi.Map,
        },
        "Conflict-free replicated data types, by Akka's distributed data.",
        [])
    {
        IsDurable = false,
        FirstCommand = "crdt counter add likes 1",
        Commands = CrdtPalette.Commands,
    };
}
