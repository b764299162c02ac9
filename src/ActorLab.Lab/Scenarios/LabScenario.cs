using ActorLab.Cluster;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>A scenario as the lab runs it: what the nodes need, and what the launcher and the palettes read of it.</summary>
/// <param name="Entry">What node processes get.</param>
/// <param name="StatusRole">The role whose state tells who leads.</param>
/// <param name="LeaderOf">Reads the leader out of the states of that role; null while there is none.</param>
/// <param name="Operations">What users may ask for.</param>
public sealed record LabScenario(
    ScenarioEntry Entry,
    string StatusRole,
    Func<IEnumerable<(string Node, RoleState State)>, LeaderInTerm?> LeaderOf,
    Seq<OperationKind> Operations)
{
    public string Name => Entry.Name;
}
