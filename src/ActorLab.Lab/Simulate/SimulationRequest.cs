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
        new FaultPlanCheck(scenario.Nodes, scenario.Name, name => ScenarioNamed(name, scenario), () => [scenario]).Require(plan);
        if (scenario.Network.FifoPerLink && plan.Links.Concat(plan.Schedule.SelectMany(fault => (fault.Action as FaultAction.SetLinks)?.Rules ?? []))
                .FirstOrDefault(rule => rule is LinkRule.Reorder && rule.IsOf(scenario.Name)) is { } reorder)
        {
            throw new BadInput($"{Name} needs links that keep order: leave {reorder.Id} out, which reorders.");
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

        if (!plan.Links.IsEmpty)
        {
            atOnce.Add(new ScriptedFault(TimeSpan.Zero, new FaultAction.SetLinks(plan.Links)));
        }

        return [.. atOnce, .. plan.Schedule];
    }

    /// <summary>Whose messages a rule means: a plan may have rules for several scenarios.</summary>
    private static Scenario ScenarioNamed(string name, Scenario scenario)
    {
        if (scenario.Name == name || scenario.Name.StartsWith($"{name}:", StringComparison.Ordinal))
        {
            return scenario;
        }

        var family = Simulatable.Find(name).Family;
        return family.Build(Checkable.ArgumentsOf(name, family.Parameters, new Dictionary<string, int>()));
    }
}
