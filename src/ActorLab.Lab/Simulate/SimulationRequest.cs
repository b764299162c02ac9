using ActorLab.Console;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Lab;

/// <summary>What was asked to be simulated. The same build and request give the same run.</summary>
/// <param name="Name">Of the scenario.</param>
/// <param name="Values">Its parameters.</param>
/// <param name="Seed">Of the run, or of the first of many.</param>
/// <param name="Time">How long it lasts, in its own time.</param>
/// <param name="Quiet">The part of that at its end without faults.</param>
/// <param name="Faults">As given: see <see cref="FaultList"/>.</param>
/// <param name="Plan">Faults as data, beside the random ones; null for none.</param>
public sealed record SimulationRequest(
    string Name, IReadOnlyDictionary<string, int> Values, long Seed, TimeSpan Time, TimeSpan Quiet, string Faults, FaultPlan? Plan)
{
    /// <summary>The scenario, and how it is run.</summary>
    /// <exception cref="BadInput">It makes no sense.</exception>
    public (Scenario Scenario, SimulationOptions Options) Build()
    {
        var target = Simulatable.Find(Name);
        var arguments = Checkable.ArgumentsOf(Name, target.Family.Parameters, Values);
        try
        {
            var scenario = target.Family.Build(arguments);
            return (scenario, OptionsFor(target, scenario, arguments));
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new BadInput(error.Message);
        }
    }

    private SimulationOptions OptionsFor(Simulatable target, Scenario scenario, ScenarioArguments arguments)
    {
        var faults = FaultList.Parse(Faults, scenario.Network.FifoPerLink);
        if (faults.Messages.Reorder > 0 && scenario.Network.FifoPerLink)
        {
            throw new BadInput($"{Name} needs links that keep order: leave reorder out.");
        }

        var options = target.OptionsFor(scenario, arguments, faults, Time, Quiet) with { Seed = Seed };
        return Plan is null ? options : options with { Script = ScriptOf(Plan, scenario, faults) };
    }

    /// <summary>What is in force from the start strikes at time 0.</summary>
    private Seq<ScriptedFault> ScriptOf(FaultPlan plan, Scenario scenario, FaultOptions faults)
    {
        var named = plan.Cuts.SelectMany(link => new[] { link.From, link.To })
            .Concat(plan.Messages.SelectMany(rule => new[] { rule.From, rule.To }).OfType<NodeId>())
            .Concat(plan.Schedule.SelectMany(fault => NodesOf(fault.Action)));
        if (named.Where(node => !scenario.Nodes.Contains(node)).Select(node => (NodeId?)node).FirstOrDefault() is { } unknown)
        {
            throw new BadInput($"The fault plan names {SafeText.Shorten(unknown.ToString()!, 60)}, and {scenario.Name} has no such node. It has: {string.Join(", ", scenario.Nodes)}.");
        }

        foreach (var role in plan.Schedule.SelectMany(fault => FaultJson.LossesOf(fault.Action)).Select(loss => loss.Role))
        {
            if (!scenario.Placements.Any(placement => placement.Address == role))
            {
                throw new BadInput($"The fault plan names {SafeText.Shorten(role.ToString(), 60)}, and {scenario.Name} has no such role. It has: {string.Join(", ", scenario.Placements.Select(placement => placement.Address).Order())}.");
            }
        }

        if (plan.Schedule.FirstOrDefault(fault => Quiet > TimeSpan.Zero ? fault.At >= Time - Quiet : fault.At > Time) is { } late)
        {
            throw new BadInput(Quiet > TimeSpan.Zero
                ? $"The fault plan strikes at {Durations.Format(late.At)}, and the run is quiet from {Durations.Format(Time - Quiet)} to its end at {Durations.Format(Time)}: strike before, or choose a longer --time or a shorter --quiet."
                : $"The fault plan strikes at {Durations.Format(late.At)}, and the run ends at {Durations.Format(Time)}: choose a longer --time.");
        }

        var atOnce = new List<ScriptedFault>();
        if (!plan.Cuts.IsEmpty)
        {
            atOnce.Add(new ScriptedFault(TimeSpan.Zero, new FaultAction.Cut(plan.Cuts)));
        }

        if (!plan.Messages.IsEmpty)
        {
            var rules = faults.Messages == MessageFaults.None ? plan.Messages : plan.Messages.Add(new LinkFaults(null, null, faults.Messages));
            atOnce.Add(new ScriptedFault(TimeSpan.Zero, new FaultAction.Messages(rules)));
        }

        return [.. atOnce, .. plan.Schedule];
    }

    private static IEnumerable<NodeId> NodesOf(FaultAction action) => action switch
    {
        FaultAction.Crash crash => [crash.Node, .. crash.Losses.Select(loss => loss.Role.Node)],
        FaultAction.PowerCut cut => cut.Losses.Select(loss => loss.Role.Node),
        FaultAction.Restart restart => [restart.Node],
        FaultAction.Cut cut => cut.Links.SelectMany(link => new[] { link.From, link.To }),
        FaultAction.Flap flap => flap.Links.SelectMany(link => new[] { link.From, link.To }),
        FaultAction.Messages messages => messages.Rules.SelectMany(rule => new[] { rule.From, rule.To }).OfType<NodeId>(),
        FaultAction.Slow slow => [slow.Node],
        FaultAction.Pause pause => [pause.Node],
        FaultAction.Resume resume => [resume.Node],
        FaultAction.BitRot rot => [rot.Node],
        FaultAction.Repair repair => [repair.Node],
        FaultAction.Clock clock => [clock.Node],
        _ => [],
    };
}
