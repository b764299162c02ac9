using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Lab;

/// <summary>A run of the simulator as a recording. Watches the run for the states, which a trace does not hold.</summary>
internal static class SimulationRecording
{
    /// <summary>Runs a scenario and records it.</summary>
    public static (SimulationResult Result, Recording Recording) Run(
        Scenario scenario, SimulationOptions options, string? command)
    {
        var turns = new List<TurnSeen>();
        var result = Simulator.Run(scenario, options with { Record = true, Watch = turns.Add });
        return (result, Of(scenario, result, turns, command));
    }

    /// <summary>What a watched run shows.</summary>
    /// <param name="scenario">What ran.</param>
    /// <param name="result">What came of it, with its trace.</param>
    /// <param name="seen">Its turns.</param>
    /// <param name="command">The command line that shows it again.</param>
    /// <param name="name">As it was asked for, such as that of a mutant; null for the scenario's own.</param>
    public static Recording Of(
        Scenario scenario, SimulationResult result, IEnumerable<TurnSeen> seen, string? command, string? name = null)
    {
        var turns = seen.ToDictionary(turn => turn.Index, turn => turn.AsHappening());
        var events = new RecordingBuilder();
        var world = PictureWorld.Of(scenario);
        var isFolding = result.Violation is not null; // only a broken claim is looked at again
        foreach (var one in result.Trace)
        {
            var place = events.Add(
                one.At, one.Kind, one.Where, one.Text, one.Peer, one.Message, one.Cause, one.State, one.Payload);
            isFolding &= one.Kind != TraceKind.Violation;
            if (one.Kind == TraceKind.Fault && FaultText.CutsOf(one.Text) is { } cuts)
            {
                events.Cut(place, cuts);
            }
            else if (one.Kind is TraceKind.Crash or TraceKind.Restart && isFolding)
            {
                world = world.WithNode(one.Where.Node, one.Kind == TraceKind.Restart);
            }
            else if (turns.TryGetValue(one.Index, out var turn))
            {
                events.Tell(place, Canonical.Changes(turn.Before, turn.After), scenario.HighlightOf(turn));
                world = isFolding ? world.After(turn) : world;
            }
        }

        return new Recording
        {
            Title = $"{name ?? result.Scenario}, seed {result.Seed}"
                + (result.Violation is { } broken ? $": {broken.Property} is violated" : ""),
            Source = RecordingSource.Simulator,
            Command = command,
            Events = events.Events(),
            Violation = result.Violation is { } violation ? Explain(scenario, violation, world) : null,
        };
    }

    private static RecordedViolation Explain(Scenario scenario, Violation violation, PictureWorld world)
    {
        var property = scenario.Properties.FirstOrDefault(property => property.Name == violation.Property);
        var claim = property?.Claim ?? "No turn fails, and no history contradicts itself.";
        var reason = violation.Reason == claim
            ? $"It does not hold from {violation.At.TotalSeconds:0.000000} s on."
            : violation.Reason;
        return new RecordedViolation(violation.Property, claim, reason, (int)violation.TraceIndex)
        {
            Facts = property is null ? [] : world.Facts(property),
        };
    }
}
