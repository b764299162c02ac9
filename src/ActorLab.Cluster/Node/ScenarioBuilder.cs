using Akka.Configuration;

namespace ActorLab.Cluster;

/// <summary>Builds the scenarios that a node is asked to run.</summary>
internal sealed class ScenarioBuilder(NodeConfig config, ScenarioCatalogue catalogue, Config hocon)
{
    private IReadOnlyList<string> Nodes => [.. config.Peers.Select(peer => peer.Name)];

    public ScenarioCatalogue Catalogue => catalogue;

    /// <exception cref="NodeRefusal">One of them is not known, cannot be built for these nodes, or is there twice.</exception>
    public IReadOnlyList<ScenarioSetup> Build(ScenarioPlans plans)
    {
        var scenarios = plans.Scenarios ?? [];
        return scenarios.Select(plan => plan?.Name).Distinct().Count() < scenarios.Count
            ? throw new NodeRefusal("A scenario runs once on a node: name each one once.")
            : [.. scenarios.Select(Build)];
    }

    private ScenarioSetup Build(ScenarioPlan? plan)
    {
        if (plan is not { Name: not null, Parameters: not null, Run: >= 1, Start: >= 1 })
        {
            throw new NodeRefusal("A scenario wants a name, parameters, and a run and a start from 1.");
        }

        var entry = catalogue.Find(plan.Name);
        try
        {
            var scenario = entry.For(new ScenarioRequest(Nodes, plan.Parameters, hocon));
            return new ScenarioSetup(scenario, plan)
            {
                Recording = new RecordingPlan(PathOf(plan), StartOf(plan, entry)),
                Becomes = entry.Becomes,
                Started = entry.Started,
                Stopped = entry.Stopped,
            };
        }
        catch (FormatException e)
        {
            throw new NodeRefusal(e.Message, e);
        }
    }

    private string PathOf(ScenarioPlan plan) => Path.Combine(Path.GetFullPath(config.DataDir), RecordingFormat.FileOf(plan.Name));

    /// <summary>What a recording says of a node, so that a replay builds the same roles.</summary>
    private RecordedLine.Start StartOf(ScenarioPlan plan, ScenarioEntry entry) => new(
        At: 0, RecordingFormat.Version, catalogue.Build, plan.Name, plan.Parameters,
        entry.ShapedBy.ToDictionary(key => key, key => hocon.GetString(key) ?? ""), Nodes, config.Name, plan.Run);
}
