using System.Globalization;
using System.Text.Json;
using ActorLab.Console;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Lab;

/// <summary>A simulation as people and programs read it.</summary>
internal sealed class SimulateView(IRenderer renderer, bool json)
{
    private static readonly TimeSpan LivePause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LinePause = TimeSpan.FromSeconds(10);

    private readonly bool _isLive = !System.Console.IsErrorRedirected;
    private readonly Lock _lock = new();
    private bool _hasLine;
    private TimeSpan _lastLine;
    private int _steps;

    public static void ShowList(IRenderer renderer)
    {
        foreach (var (family, _, _) in Simulatable.All)
        {
            renderer.Show(new Output.Line([Cell.Strong(family.Name), $"  {family.Summary}"]));
            foreach (var parameter in family.Parameters)
            {
                renderer.Show(new Output.Line(
                    [$"    --set {parameter.Name}={parameter.Default}  {parameter.Summary}, {parameter.Least} to {parameter.Most}"]));
            }
        }
    }

    /// <summary>Of one run: after every step.</summary>
    public void Progress(TimeSpan now, TimeSpan all, TimeSpan elapsed)
    {
        if ((++_steps & 0xFFF) == 0) // A clock is read more slowly than a step is taken.
        {
            Line(elapsed, $"{Seconds(now)} of {Seconds(all)} virtual seconds");
        }
    }

    /// <summary>After every event of a picture.</summary>
    public void Drawing(int done, int all, TimeSpan elapsed)
    {
        if ((done & 0xFFF) == 0)
        {
            Line(elapsed, $"drawing: {Number(done)} of {Number(all)} events");
        }
    }

    public void Progress(SimulationSummary summary, int runs, TimeSpan elapsed)
    {
        var left = summary.Runs == 0 ? TimeSpan.Zero : elapsed / summary.Runs * (runs - summary.Runs);
        Line(elapsed, $"{Bar(summary.Runs, runs)} {Number(summary.Runs)} of {Counted.Of(runs, "run")}, {summary.VirtualTime.TotalHours.ToString("F2", CultureInfo.InvariantCulture)} virtual hours, "
            + $"{Counted.Of(summary.Failed, "violation")}{summary.ReachedText()}, {Durations.Format(TimeSpan.FromSeconds(Math.Ceiling(left.TotalSeconds)))} left");
    }

    public void Progress(ShrinkProgress progress) =>
        Line(progress.Elapsed, $"shrinking: {progress.Now}, from {progress.Before}; {Counted.Of(progress.Tried, "schedule")} tried");

    public void Show(SimulationRequest request, Scenario scenario, SimulationOptions options, SimulationResult result, TimeSpan elapsed, bool stopped)
    {
        Clear();
        var violation = result.Violation;
        renderer.Show(new Output.Table(
            ["property", "verdict", "claim"],
            [
                .. result.Verdicts.Select((verdict, i) => new Cell[] { Cell.Strong(verdict.Property), CellOf(verdict.Finding), PropertiesOf(scenario, options)[i].Claim }),
                .. violation is not null && IsNoProperty(scenario, options, violation.Property)
                    ? [[Cell.Strong(NameOf(violation.Property)), CellOf(Finding.Violated), violation.Reason]]
                    : Array.Empty<Cell[]>(),
            ]));
        if (violation is not null)
        {
            renderer.Show(new Output.Line([Cell.Bad(violation.ToString())]));
        }
        else if (result.Ending == Ending.OutsideAssumption)
        {
            renderer.Show(new Output.Line([Cell.Warn($"After {Seconds(result.VirtualTime)} s it was no longer true that {scenario.Assumption!.Claim}: nothing is judged.")]));
        }

        renderer.Show(new Output.Line([
            $"{request.Name}, seed {request.Seed}: {Seconds(result.VirtualTime)} s of virtual time, {Counted.Of(result.Turns, "turn")} in {Seconds(elapsed)} s, "
            + $"{Number((long)(result.Turns / Math.Max(elapsed.TotalSeconds, 1e-3)))} turns/s"]));
        renderer.Show(new Output.Line([CountsOf(result)]));
        renderer.Show(new Output.Line([$"trace {result.TraceHash.ToString("x32", CultureInfo.InvariantCulture)}"]));
        if (stopped)
        {
            renderer.Show(new Output.Line([Cell.Warn("Interrupted: this is what was found so far.")]));
        }
    }

    public void Show(SimulationRequest request, Scenario scenario, SimulationOptions options, SimulationSummary summary, int runs, TimeSpan elapsed)
    {
        Clear();
        renderer.Show(new Output.Table(
            ["property", "verdict", "claim"],
            [
                .. PropertiesOf(scenario, options).Select(property => new Cell[] { Cell.Strong(property.Name), CellOf(property, summary), property.Claim }),
                .. summary.Failures.Where(failure => IsNoProperty(scenario, options, failure.Property))
                    .GroupBy(failure => (failure.Property, failure.Claim))
                    .Select(group => new Cell[]
                    {
                        Cell.Strong(NameOf(group.Key.Property)), Cell.Bad($"violated in {Number(group.Count())}"), group.Key.Claim ?? "",
                    }),
            ]));
        foreach (var failure in summary.Failures.Take(10))
        {
            renderer.Show(new Output.Line([Cell.Bad($"seed {failure.Seed}: {failure.Reason}")]));
        }

        if (summary.Failures.Count > 10)
        {
            renderer.Show(new Output.Line([$"and {summary.Failures.Count - 10} more {(summary.Failures.Count == 11 ? "seed" : "seeds")}"]));
        }

        renderer.Show(new Output.Line([
            $"{request.Name}, seeds {request.Seed} to {request.Seed + runs - 1}: {Counted.Of(summary.Runs, "run")}, {Counted.Of(summary.Failures.Count, "violation")}, "
            + $"{summary.VirtualTime.TotalHours.ToString("F2", CultureInfo.InvariantCulture)} virtual hours, {Counted.Of(summary.Turns, "turn")} in {Seconds(elapsed)} s, "
            + $"{Number((long)(summary.Turns / Math.Max(elapsed.TotalSeconds, 1e-3)))} turns/s; {Counted.Of(summary.Operations, "operation")}"
            + $"{(summary.Completed is { } completed ? $" ({Number(completed)} completed)" : "")}, {Counted.Of(summary.Crashes, "crash", "crashes")}, {Counted.Of(summary.Partitions, "partition")}"]));
        if (summary.Outside > 0)
        {
            renderer.Show(new Output.Line([Cell.Warn($"In {Counted.Of(summary.Outside, "run")} it was no longer true that {scenario.Assumption!.Claim}: nothing is judged there.")]));
        }

        if (summary.Runs < runs)
        {
            renderer.Show(new Output.Line([Cell.Warn($"Interrupted: {Counted.Of(runs - summary.Runs, "run")} did not end.")]));
        }
    }

    public void Show(ShrinkResult shrunk)
    {
        Clear();
        renderer.Show(new Output.Line([Cell.Bad($"{shrunk.Result.Violation}")]));
        renderer.Show(new Output.Line([
            $"shrunk from {shrunk.Before} to {shrunk.After}, {Counted.Of(shrunk.Tried, "schedule")} tried in {Seconds(shrunk.Elapsed)} s; "
            + (shrunk.IsMinimal ? "without any one of them it does not happen" : "as far as the time allowed: --shrink-time gives it more")]));
        if (shrunk.IsAnother)
        {
            renderer.Show(new Output.Line([
                "A shorter run that breaks the same property was the better start: "
                + $"the schedule is one of seed {shrunk.Result.Seed}, not a part of the run above."]));
        }
    }

    public void Saved(string path, string what)
    {
        Clear();
        renderer.Show(new Output.Line([$"{what} is in {path}; lab replay {path} shows it again."]));
    }

    /// <summary>It could not be kept; the verdict stands all the same.</summary>
    public void NotSaved(string sentence)
    {
        Clear();
        renderer.Show(new Output.Error(sentence));
    }

    public void End(SimulationRequest request, SimulationResult result, string? file, int code) => Write(new
    {
        request.Name,
        request.Seed,
        VirtualSeconds = result.VirtualTime.TotalSeconds,
        result.Turns,
        TraceHash = result.TraceHash.ToString("x32", CultureInfo.InvariantCulture),
        Counts = result.Counts,
        Properties = result.Verdicts.Select(verdict => new { Name = verdict.Property, Verdict = WordOf(verdict.Finding) }).ToArray(),
        Violation = result.Violation?.ToString(),
        File = file,
        Exit = code,
    });

    public void End(SimulationRequest request, Scenario scenario, SimulationOptions options, SimulationSummary summary, string? file, int code) => Write(new
    {
        request.Name,
        request.Seed,
        summary.Runs,
        VirtualHours = summary.VirtualTime.TotalHours,
        summary.Turns,
        summary.Operations,
        summary.Completed,
        summary.Crashes,
        summary.Partitions,
        Violations = summary.Failures.Select(failure => new { failure.Seed, failure.Property, failure.Reason }).ToArray(),
        Violated = PropertiesOf(scenario, options).Where(property => property is not Property.Sometimes)
            .Select(property => new { property.Name, Runs = summary.RunsThatViolated(property.Name) }).ToArray(),
        Held = PropertiesOf(scenario, options).Where(property => property is not Property.Sometimes)
            .Select(property => new { property.Name, Runs = summary.RunsThatHeld(property.Name) }).ToArray(),
        Reached = PropertiesOf(scenario, options).OfType<Property.Sometimes>()
            .Select(property => new { property.Name, Runs = summary.RunsThatReached(property.Name) }).ToArray(),
        File = file,
        Exit = code,
    });

    public static Seq<Property> PropertiesOf(Scenario scenario, SimulationOptions options) => options.Properties ?? scenario.Properties;

    public static string CountsOf(SimulationResult result)
    {
        var counts = result.Counts;
        var completed = result.History.Operations.Count(operation => operation.CompletedAt is not null);
        var parts = new (long Count, string One, string Many)[]
        {
            (counts.Operations, "operation", "operations"), (completed, "of them completed", "of them completed"),
            (counts.Sent, "message sent", "messages sent"), (counts.Delivered, "delivered", "delivered"),
            (counts.Dropped, "lost", "lost"), (counts.Duplicated, "twice", "twice"), (counts.Corrupted, "corrupted", "corrupted"),
            (counts.Syncs, "sync", "syncs"), (counts.Crashes, "crash", "crashes"), (counts.Partitions, "partition", "partitions"),
            (counts.Pauses, "pause", "pauses"), (counts.TornRecords, "torn record", "torn records"),
            (counts.ForgottenWrites, "write forgotten by lying disks", "writes forgotten by lying disks"),
            (counts.NeedRepair, "boot refused for bit rot", "boots refused for bit rot"),
            (counts.ClockChanges, "clock changed", "clocks changed"),
        };
        return string.Join(", ", parts.Where(part => part.Count > 0).Select(part => Counted.Of(part.Count, part.One, part.Many)));
    }

    /// <summary>Whether a run was stopped by something other than a property: a claim in the code of a role, or an exception.</summary>
    public static bool IsNoProperty(Scenario scenario, SimulationOptions options, string? violated) =>
        violated is not null && PropertiesOf(scenario, options).All(property => property.Name != violated);

    /// <summary>What stopped a run that is no property, for people.</summary>
    public static string NameOf(string? violated) => violated switch
    {
        nameof(InvariantViolation) => "a role's own claim",
        "History" => "the history's own claim",
        _ => $"an exception in a role ({violated})",
    };

    public static Cell CellOf(Finding finding) => finding switch
    {
        Finding.Held or Finding.Reached => Cell.Good(WordOf(finding)),
        Finding.Violated => Cell.Bad(WordOf(finding)),
        _ => Cell.Warn(WordOf(finding)),
    };

    public static string WordOf(Finding finding) => finding switch
    {
        Finding.Held => "held",
        Finding.Violated => "violated",
        Finding.Reached => "reached",
        Finding.NotReached => "not reached",
        _ => "not judged",
    };

    public static Cell CellOf(Property property, SimulationSummary summary)
    {
        var held = summary.RunsThatHeld(property.Name);
        var broken = summary.RunsThatViolated(property.Name);
        return property switch
        {
            Property.Sometimes => summary.RunsThatReached(property.Name) is > 0 and var reached
                ? Cell.Good($"reached in {Number(reached)}")
                : Cell.Warn("not reached"),
            _ when broken > 0 => Cell.Bad($"violated in {Number(broken)}"),
            _ when held == 0 => CellOf(Finding.NotJudged),
            _ when held < summary.Runs => Cell.Warn($"held in {Number(held)}, not judged in {Number(summary.Runs - held)}"),
            _ => CellOf(Finding.Held),
        };
    }

    private void Line(TimeSpan elapsed, string line)
    {
        lock (_lock)
        {
            if (elapsed >= _lastLine && elapsed - _lastLine < (_isLive ? LivePause : LinePause))
            {
                return;
            }

            _lastLine = elapsed;
            _hasLine |= _isLive;
            System.Console.Error.Write(_isLive ? $"\r{line}\u001b[K" : $"{line}\n");
        }
    }

    public void Clear()
    {
        if (_hasLine)
        {
            System.Console.Error.Write("\r\u001b[K");
            _hasLine = false;
        }
    }

    private void Write(object line)
    {
        if (json)
        {
            System.Console.Out.WriteLine(JsonSerializer.Serialize(line, OutputJson.Options));
        }
    }

    private static string Bar(int done, int all)
    {
        const int Width = 20;
        var full = (int)((long)done * Width / all);
        return $"[{new string('#', full)}{new string('.', Width - full)}]";
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan elapsed) => elapsed.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture);
}
