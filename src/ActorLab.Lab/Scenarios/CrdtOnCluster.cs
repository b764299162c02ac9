using ActorLab.Cluster;
using ActorLab.Cluster.Crdt;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>
/// Akka's own replicator on each node. Given parameters, the scenario is instead the replicas of <c>lab check crdt</c>.
/// </summary>
public static class CrdtOnCluster
{
    public static LabScenario Scenario { get; } = new(
        new ScenarioEntry(CrdtScenario.Name, request => request.Parameters.Count == 0
            ? new Scenario { Name = CrdtScenario.Name, Placements = [] }
            : Scenarios.Of(CrdtScenario.Family, request.Parameters))
        {
            // From the start: a replicator that nobody has asked yet would neither hear gossip nor confirm a write.
            Started = system => CrdtReplicator.Of(system).Start(),
            Stopped = system => CrdtReplicator.Of(system).Stop(),
            MapRoutes = CrdtApi.Map,
        },
        "Conflict-free replicated data types, by Akka's distributed data.",
        [])
    {
        FirstCommand = "crdt counter-add likes 1",
        Commands = CrdtPalette.Commands,
    };
}
