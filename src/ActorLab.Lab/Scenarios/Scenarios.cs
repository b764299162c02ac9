using ActorLab.Cluster;

namespace ActorLab.Lab;

/// <summary>What <c>lab up --run</c> can run.</summary>
public static class Scenarios
{
    private static readonly LabScenario[] All = [RaftOnCluster.Scenario];

    public static IEnumerable<string> Names => All.Select(scenario => scenario.Name);

    /// <summary>For node processes.</summary>
    public static ScenarioCatalogue Catalogue { get; } = new([.. All.Select(scenario => scenario.Entry)]);

    public static LabScenario Find(string name) => All.First(scenario => scenario.Name == name);
}
