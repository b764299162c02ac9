using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Lab;

/// <summary>A run of the simulator as a picture.</summary>
internal static class SimulationPicture
{
    /// <summary>What a watched run shows.</summary>
    /// <param name="run">The run.</param>
    /// <param name="command">The command line that shows it again.</param>
    /// <param name="name">As it was asked for, such as that of a mutant; null for the scenario's own.</param>
    /// <param name="progress">Told how many of all events are drawn.</param>
    public static Picture Of(RecordedRun run, string? command, string? name = null, Action<int, int>? progress = null)
    {
        var turns = run.Turns.ToDictionary(turn => turn.Index, turn => turn.AsHappening());
        var events = new PictureBuilder();
        foreach (var one in run.Result.Trace)
        {
            progress?.Invoke(events.Count, run.Result.Trace.Count);
            var place = events.Add(one.At, one.Kind, one.Where, one.Text, one.Peer, one.Message, one.Cause, one.State);
            if (one.Kind == TraceKind.Fault && FaultText.CutsOf(one.Text) is { } cuts)
            {
                events.Cut(place, cuts);
            }
            else if (turns.TryGetValue(one.Index, out var turn))
            {
                events.Tell(place, Canonical.Changes(turn.Before, turn.After), run.Scenario.HighlightOf(turn));
            }
        }

        var violation = run.Result.Violation;
        return new Picture
        {
            Title = $"{name ?? run.Result.Scenario}, seed {run.Result.Seed}"
                + (violation is null ? "" : $": {violation.Property} is violated"),
            Source = PictureSource.Simulator,
            Command = command,
            Events = events.Events(),
            Violation = violation is null ? null : Explain(run, violation),
        };
    }

    private static PictureViolation Explain(RecordedRun run, Violation violation)
    {
        var property = run.Properties.FirstOrDefault(property => property.Name == violation.Property);
        var claim = property?.Claim ?? "No turn fails, and no history contradicts itself.";
        var reason = violation.Reason == claim ? $"It does not hold from {violation.At.TotalSeconds:0.000000} s on."
            : violation.Reason.StartsWith($"{claim} ", StringComparison.Ordinal) ? violation.Reason[(claim.Length + 1)..]
            : violation.Reason;
        return new PictureViolation(violation.Property, claim, reason, EventOf(run, violation))
        {
            Facts = property is null || run.Broken is not { } world
                ? []
                : (world with { FirstStates = FirstStates(run.Turns) }).Facts(property),
        };
    }

    /// <summary>
    /// The event after which it was violated. A history is wrong from some moment on; what never came true is false after no
    /// single event.
    /// </summary>
    public static int EventOf(RecordedRun run, Violation violation)
    {
        var trace = run.Result.Trace;
        var property = run.Properties.FirstOrDefault(property => property.Name == violation.Property);
        if (property is Property.Temporal)
        {
            return -1;
        }

        if (property is not Property.OfHistory && violation.TraceIndex >= 0)
        {
            return (int)violation.TraceIndex;
        }

        var at = violation.At.Ticks / TimeSpan.TicksPerMicrosecond;
        var last = trace.Count - 1;
        while (last >= 0 && (trace[last].At > at || trace[last].Kind == TraceKind.Violation))
        {
            last--;
        }

        return last;
    }

    private static Map<Address, object> FirstStates(IReadOnlyList<TurnSeen> turns) =>
        turns.DistinctBy(turn => turn.Where).ToMap(turn => turn.Where, turn => turn.After);
}
