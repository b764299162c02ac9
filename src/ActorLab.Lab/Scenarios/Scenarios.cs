using ActorLab.Cluster;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>What <c>lab up --run</c> can run.</summary>
public static class Scenarios
{
    /// <summary>Those with a palette of their own.</summary>
    public static IReadOnlyList<LabScenario> Known { get; } =
    [
        RaftOnCluster.Scenario, PaxosOnCluster.Scenario, DecreeOnCluster.Scenario, CommitOnCluster.Scenario, GeneralsOnCluster.Scenario, SnapshotOnCluster.Scenario,
        TerminationOnCluster.Scenario, CrdtOnCluster.Scenario,
    ];

    public static IEnumerable<string> Names => Known.Select(scenario => scenario.Name);

    /// <summary>For node processes.</summary>
    public static ScenarioCatalogue Catalogue { get; } = new([.. Known.Select(scenario => scenario.Entry)])
    {
        Build = ReplayFile.ThisBuild,
        Others = OfFamily,
        ClientApi = Etcd.EtcdApi.Api,
    };

    /// <summary>Before the name of a scenario that nodes run as <c>lab check</c> knows it, such as <c>check:ping-pong</c>.</summary>
    public const string AsChecked = "check:";

    /// <summary>What nodes run of a scenario that <c>lab check</c> knows, wrong variants included: as its parameters say.</summary>
    private static ScenarioEntry? OfFamily(string name) =>
        name.StartsWith(AsChecked, StringComparison.Ordinal)
        && Checkable.All.Concat(Checkable.Mutants).FirstOrDefault(known => known.Name == name[AsChecked.Length..])?.Family is { } family
            ? new ScenarioEntry(name, request => Of(family, request.Parameters) with { Name = name })
            : null;

    /// <summary>A scenario of a family.</summary>
    /// <exception cref="FormatException">The parameters do not fit.</exception>
    public static Scenario Of(ScenarioFamily family, IReadOnlyDictionary<string, int> parameters) =>
        family.With([.. parameters.Select(pair => (pair.Key, pair.Value))]);

    /// <summary>Null for one without a palette of its own.</summary>
    public static LabScenario? Find(string name) => Known.FirstOrDefault(scenario => scenario.Name == name);
}
