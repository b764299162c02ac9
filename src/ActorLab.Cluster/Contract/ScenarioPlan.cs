using System.Text.Json.Serialization;

namespace ActorLab.Cluster;

/// <summary>A scenario that nodes shall run.</summary>
/// <param name="Name">One that the <see cref="ScenarioCatalogue"/> knows.</param>
/// <param name="Parameters">Those that are missing have their defaults.</param>
/// <param name="Run">
/// Which of its runs, from 1: each has disks of its own. A scenario that stops and starts again in the same run goes on with them.
/// </param>
/// <param name="Start">
/// Which of its starts while the lab is up, from 1. The roles of each start have addresses of their own, so that nothing reaches
/// them from a node that has yet to hear of it: after a fresh start that would be word from other disks.
/// </param>
public sealed record ScenarioPlan(string Name, IReadOnlyDictionary<string, int> Parameters, int Run = 1, int Start = 1)
{
    /// <summary>The name of the actor above its roles, and of the scenario on the wire.</summary>
    [JsonIgnore]
    public string Label => Start == 1 ? Name : $"{Name}-{Start}";

    /// <summary>The first part of the journal's name for a role's disk.</summary>
    [JsonIgnore]
    public string Disks => Run == 1 ? Name : $"{Name}~{Run}";

    /// <summary>Whether the other is the same start of the same roles on the same disks.</summary>
    public bool Same(ScenarioPlan other) =>
        (Name, Run, Start) == (other.Name, other.Run, other.Start) && HasParameters(other.Parameters);

    public bool HasParameters(IReadOnlyDictionary<string, int> others) =>
        Parameters.Count == others.Count && Parameters.All(pair => others.TryGetValue(pair.Key, out var value) && value == pair.Value);
}

/// <summary>All that a node shall run: in its configuration, and the body of <c>PUT /scenarios</c>.</summary>
/// <param name="Version">Greater than those before; a node that has this one or a newer one changes nothing.</param>
/// <param name="Scenarios">No name twice.</param>
public sealed record ScenarioPlans(long Version, IReadOnlyList<ScenarioPlan> Scenarios)
{
    public static ScenarioPlans None { get; } = new(0, []);
}
