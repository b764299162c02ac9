using System.CommandLine;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Checking;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary><c>lab replay</c> of what nodes recorded.</summary>
internal static class RecordingReplay
{
    public static bool Takes(IReadOnlyList<string> paths) =>
        paths.Any(path => Directory.Exists(path) || path.EndsWith(".jsonl", StringComparison.Ordinal));

    /// <exception cref="BadInput">There is no recording, or one cannot be used.</exception>
    public static int Run(IReadOnlyList<string> paths, ParseResult parsed, IRenderer renderer)
    {
        var recordings = Load(paths);
        var start = recordings[0].Start;
        renderer.Show(new Output.Line([
            $"{start.Scenario}, recorded by {string.Join(", ", recordings.Select(recording => recording.Start.Node))}."]));
        var draws = DiagramOutputs.AnyWanted(parsed);
        var result = Replay(recordings, draws);
        Show(result, renderer);
        if (draws)
        {
            DiagramOutputs.Show(parsed, PictureOf(result, $"{start.Scenario}, recorded by {recordings.Count} nodes", paths), renderer);
        }

        var judged = JudgementOf(result.History);
        if (judged?.Fault is { } fault)
        {
            renderer.Show(new Output.Line([Cell.Bad($"{Mutant.Linearizability} is violated: {fault.Reason}")]));
        }
        else if (judged?.Doubt is { } doubt)
        {
            renderer.Show(new Output.Line([Cell.Warn($"{Mutant.Linearizability} is not judged: {doubt}")]));
        }

        return result.Passed && judged?.Fault is null ? ExitCode.Success : ExitCode.Failed;
    }

    /// <summary>The recordings of files and folders.</summary>
    /// <exception cref="BadInput">There is no recording, or one cannot be used.</exception>
    public static IReadOnlyList<RecordingFile> Load(IEnumerable<string> paths)
    {
        try
        {
            var given = paths.ToList();
            IReadOnlyList<RecordingFile> recordings = [.. given.SelectMany(FilesOf).Select(file => RecordingFile.Load(file, ReplayFile.ThisBuild))];
            if (given.Find(Directory.Exists) is { } folder)
            {
                RequireAll(folder, recordings);
            }

            return recordings;
        }
        catch (BadRecording bad)
        {
            throw new BadInput(bad.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInput($"The recordings cannot be read: {e.Message}");
        }
    }

    /// <summary>A folder holds a whole run: of single nodes, one names the files.</summary>
    private static void RequireAll(string folder, IReadOnlyList<RecordingFile> recordings)
    {
        var first = recordings[0];
        var missing = first.Start.Nodes.Where(node => recordings.All(recording => recording.Node.Name != node)).ToList();
        if (missing.Count > 0)
        {
            throw new BadInput(
                $"The folder {SafeText.Shorten(folder, 200)} holds no recording of {string.Join(", ", missing)}, which "
                + $"{(missing.Count == 1 ? "is a node" : "are nodes")} of the run by {first.Path}, line 1. To replay what there is, name the files.");
        }
    }

    /// <summary>Replays the recordings of one run.</summary>
    /// <exception cref="BadInput">They do not belong together.</exception>
    public static ConformanceResult Replay(IReadOnlyList<RecordingFile> recordings, bool draws = false)
    {
        var first = recordings[0];
        foreach (var other in recordings.Skip(1))
        {
            if (other.Node == first.Node || !other.Start.RunsAs(first.Start))
            {
                throw new BadInput(
                    $"{other.Path} ({other.Node}, {other.Start.Scenario}) and {first.Path} ({first.Node}, {first.Start.Scenario}) are no "
                    + "recordings of two nodes of one lab.");
            }
        }

        try
        {
            return Conformance.Replay(RecordedScenario.Of(first.Start), recordings, draws);
        }
        catch (BadRecording bad)
        {
            throw new BadInput(bad.Message);
        }
    }

    /// <summary>What is known of the answers to clients of the key-value store; null for other clients.</summary>
    private static HistoryJudgement? JudgementOf(History history) =>
        history.Operations.All(operation => operation.Command is KvCommand) ? Simulatable.Linearizability.Judge(history) : null;

    private static Picture PictureOf(ConformanceResult result, string title, IEnumerable<string> paths) => new()
    {
        Title = result.Violated is { } broken ? $"{title}: {broken.Property} is violated" : title,
        Source = PictureSource.Cluster,
        Command = $"lab replay {string.Join(' ', paths.Select(DiagramOutputs.Quoted))}",
        Events = result.Events,
        Violation = result.Violated,
        Remarks = result.Remarks,
    };

    public static void Show(ConformanceResult result, IRenderer renderer)
    {
        foreach (var remark in result.Remarks)
        {
            renderer.Show(new Output.Line([Cell.Warn(remark)]));
        }

        var lost = result.Lost > 0 ? $"; {result.Lost} of them were lost when their role crashed or stopped" : "";
        var open = result.Open > 0 ? $"; {result.Open} at the end of what was recorded are left out, for it does not say whether a disk kept them" : "";
        renderer.Show(new Output.Line([$"{Counted.Of(result.Turns, "turn")} came out the same, state for state{lost}{open}."]));
        if (result.Difference is { } difference)
        {
            renderer.Show(new Output.Line([Cell.Bad($"The first difference: {difference}.")]));
        }

        if (result.Failure is { } failure)
        {
            renderer.Show(new Output.Line([Cell.Bad($"A step fails: {failure}.")]));
        }

        renderer.Show(new Output.Table(["property", "verdict", "at"], [.. result.Verdicts.Select(Row)]));
        var history = result.History.Operations;
        if (history.Count > 0)
        {
            renderer.Show(new Output.Line([
                $"Clients: {Counted.Of(history.Count, "operation")}, {history.Count(one => one.Outcome == Outcome.Ok)} answered, "
                + $"{history.Count(one => one.Outcome == Outcome.Failed)} failed, {history.Count(one => one.Outcome == Outcome.Unknown)} unknown."]));
        }
    }

    private static Cell[] Row(RecordedVerdict verdict) =>
    [
        verdict.Property.Name,
        WordOf(verdict.Kind),
        $"{verdict.Turn}{(verdict.Error is null ? "" : $": {verdict.Error}")}",
    ];

    /// <summary>What a run that ended says of a property.</summary>
    public static Cell WordOf(VerdictKind kind) => kind switch
    {
        VerdictKind.Violated => Cell.Bad("violated"),
        VerdictKind.Holds => Cell.Good("holds"),
        VerdictKind.Reached => Cell.Good("reached"),
        VerdictKind.NeverReached => "not reached in this run",
        VerdictKind.Skipped => "not judged: the run ended",
        _ => "not judged",
    };

    private static IEnumerable<string> FilesOf(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new BadInput($"There is no file or folder {SafeText.Shorten(path, 200)}.");
        }

        if (DataFolder.IsHeld(path))
        {
            throw new BadInput($"A lab runs in {SafeText.Shorten(path, 200)} and records: stop it with lab down, and then replay.");
        }

        var found = Directory.EnumerateDirectories(path).Append(path)
            .SelectMany(folder => Directory.EnumerateFiles(folder, RecordingFormat.Files))
            .Order(StringComparer.Ordinal).ToList();
        var scenarios = found.Select(Path.GetFileName).Distinct().Order(StringComparer.Ordinal).ToList();
        if (scenarios.Count > 1)
        {
            throw new BadInput(
                $"The folder {SafeText.Shorten(path, 200)} holds recordings of several scenarios: name the files of one, such as {path}/*/{scenarios[0]}.");
        }

        return found.Count > 0
            ? found
            : throw new BadInput(
                $"The folder {SafeText.Shorten(path, 200)} holds no {RecordingFormat.Files}, itself or one folder below: "
                + "lab up --record makes them.");
    }
}
