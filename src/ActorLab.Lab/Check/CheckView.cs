using System.Globalization;
using System.Text.Json;
using ActorLab.Checking;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>A check as people and programs read it.</summary>
internal sealed class CheckView(IRenderer renderer, bool json)
{
    private readonly bool _isLive = !System.Console.IsErrorRedirected;
    private bool _hasLine;
    private TimeSpan _lastLine;

    /// <summary>All that can be checked.</summary>
    /// <param name="renderer">Where to.</param>
    /// <param name="json">A line of JSON for each.</param>
    public static void ShowList(IRenderer renderer, bool json)
    {
        foreach (var checkable in Checkable.All)
        {
            if (json)
            {
                ListAsJson(checkable);
                continue;
            }

            renderer.Show(new Output.Line([Cell.Strong(checkable.Name), $"  {checkable.Summary}"]));
            renderer.Show(new Output.Line([$"    source: {checkable.Source}"]));
            foreach (var parameter in checkable.Parameters)
            {
                renderer.Show(new Output.Line(
                    [$"    --set {parameter.Name}={parameter.Default}  {parameter.Summary}, {parameter.Least} to {parameter.Most}"]));
            }

            var target = checkable.With(new Dictionary<string, int>(), new CheckWorld());
            foreach (var property in target.Properties)
            {
                renderer.Show(new Output.Line([$"    {KindOf(property)} {property.Name}: {property.Claim}"]));
            }
        }

        if (!json)
        {
            renderer.Show(new Output.Line([Cell.Strong("locks"), "  All models called lock-... against the same conditions, in a table."]));
        }
    }

    private static void ListAsJson(Checkable checkable) => System.Console.Out.WriteLine(JsonSerializer.Serialize(
        new
        {
            checkable.Name,
            checkable.Summary,
            checkable.Source,
            Parameters = checkable.Parameters.ToArray(),
            Properties = checkable.With(new Dictionary<string, int>(), new CheckWorld()).Properties
                .Select(property => new { property.Name, Kind = KindOf(property), property.Claim }).ToArray(),
        },
        OutputJson.Options));

    /// <summary>Rewrites one line on a terminal; elsewhere writes one every ten seconds. On the error stream.</summary>
    public void Progress(CheckProgress progress)
    {
        var line = $"{Number(progress.Distinct)} distinct, {Number(progress.Generated)} generated, depth {progress.Depth}, "
            + $"queue {Number(progress.Queue)}, {Rate(progress.Generated, progress.Elapsed)}, {progress.MemoryBytes >> 20} MiB";
        if (_isLive)
        {
            _hasLine = true;
            System.Console.Error.Write($"\r{line}\u001b[K");
        }
        else if (progress.Elapsed - _lastLine >= TimeSpan.FromSeconds(10))
        {
            _lastLine = progress.Elapsed;
            System.Console.Error.WriteLine(line);
        }
    }

    /// <summary>Takes the line of progress away.</summary>
    public void Clear()
    {
        if (_hasLine)
        {
            System.Console.Error.Write("\r\u001b[K");
        }
    }

    public void Show(string name, CheckResult result)
    {
        Clear();
        renderer.Show(new Output.Table(
            ["property", "verdict", "claim"],
            [.. result.Verdicts.Select(verdict => new Cell[] { Cell.Strong(verdict.Property.Name), CellOf(verdict), verdict.Property.Claim })]));
        foreach (var (title, story, error) in Stories(result))
        {
            renderer.Show(new Output.Line([Cell.Bad(title)]));
            foreach (var line in $"{error}\n{story}".Split('\n').Where(line => line.Length > 0))
            {
                renderer.Show(new Output.Line([line]));
            }
        }

        renderer.Show(new Output.Line(
            [$"{name}: {Number(result.Distinct)} distinct worlds, {Number(result.Generated)} generated, depth {result.Depth}, "
                + $"{Seconds(result.Elapsed)} s{(result.TemporalElapsed > TimeSpan.Zero ? $" and {Seconds(result.TemporalElapsed)} s for temporal properties" : "")}, "
                + $"{Rate(result.Generated, result.Elapsed)}, {result.MemoryBytes >> 20} MiB, "
                + $"{Number(result.Turns)} calls of its code"]));
        foreach (var remark in result.Remarks)
        {
            renderer.Show(new Output.Line([remark]));
        }

        if (result.StoppedBecause is { } reason)
        {
            renderer.Show(new Output.Line([Cell.Warn($"Not all was explored: {reason}. It was at depth {result.Depth}, and {Number(result.Waiting)} known worlds wait.")]));
        }

        if (result.StoppedAtViolation && result.Verdicts.Any(verdict => verdict.Kind == VerdictKind.Undecided))
        {
            renderer.Show(new Output.Line(["It ended at the first violation; --all goes on, and decides what is undecided here."]));
        }
    }

    public void Saved(string file) => renderer.Show(new Output.Line([$"The counterexample is in {file}; lab replay {file} shows it again."]));

    /// <summary>The line of JSON, where it is asked for.</summary>
    public void End(string name, CheckResult result)
    {
        if (!json)
        {
            return;
        }

        System.Console.Out.WriteLine(JsonSerializer.Serialize(
            new
            {
                name,
                result.Distinct,
                result.Generated,
                result.Depth,
                result.Complete,
                Seconds = result.Elapsed.TotalSeconds,
                TemporalSeconds = result.TemporalElapsed.TotalSeconds,
                PerSecond = result.Generated / Math.Max(result.Elapsed.TotalSeconds, 1e-9),
                result.MemoryBytes,
                result.Waiting,
                Calls = result.Turns,
                result.StoppedBecause,
                Remarks = result.Remarks.ToArray(),
                Failure = result.Failure?.Message,
                Properties = result.Verdicts.Select(verdict => new
                {
                    verdict.Property.Name,
                    Kind = KindOf(verdict.Property),
                    Verdict = WordOf(verdict.Kind),
                    Steps = verdict.Story?.Steps.Count,
                    verdict.Error,
                }).ToArray(),
                Exit = CheckCommand.CodeOf(result),
            },
            OutputJson.Options));
    }

    private static IEnumerable<(string Title, Story Story, string? Error)> Stories(CheckResult result)
    {
        foreach (var verdict in result.Verdicts.Where(verdict => verdict is { Kind: VerdictKind.Violated, Story: not null }))
        {
            yield return (
                $"{verdict.Property.Name} is violated: {(verdict.Story!.LoopsTo is null ? "a shortest story" : "a fair behaviour")} "
                + $"of {verdict.Story.Steps.Count} steps.", verdict.Story, verdict.Error);
        }

        if (result.Failure is { } failure)
        {
            yield return (
                failure.Story is null ? failure.Message : $"{failure.Where} failed: {failure.Message}",
                failure.Story ?? new Story([], []), null);
        }
    }

    private static string KindOf(Property property) => property switch
    {
        Property.Always => "always",
        Property.Sometimes => "sometimes",
        _ => "temporal",
    };

    /// <summary>The verdict in a word or two.</summary>
    public static string WordOf(VerdictKind kind) => kind switch
    {
        VerdictKind.Holds => "holds",
        VerdictKind.Violated => "violated",
        VerdictKind.Reached => "reached",
        VerdictKind.NeverReached => "never reached",
        VerdictKind.Skipped => "not asked for",
        _ => "undecided",
    };

    private static Cell CellOf(Verdict verdict) => verdict.Kind switch
    {
        VerdictKind.Holds or VerdictKind.Reached => Cell.Good(WordOf(verdict.Kind)),
        VerdictKind.Violated or VerdictKind.NeverReached => Cell.Bad(WordOf(verdict.Kind)),
        _ => Cell.Warn(WordOf(verdict.Kind)),
    };

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan elapsed) => elapsed.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture);

    private static string Rate(long generated, TimeSpan elapsed) =>
        $"{Number((long)(generated / Math.Max(elapsed.TotalSeconds, 1e-3)))}/s";
}
