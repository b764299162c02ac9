using System.Globalization;
using System.Text.Json;
using ActorLab.Checking;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary><c>lab check --valency</c>, as people and programs read it.</summary>
internal sealed class ValencyView(IRenderer renderer)
{
    /// <summary>0 when valencies were computed, whatever they are; 1 when a role failed; 3 when a bound was hit.</summary>
    public static int CodeOf(ValencyResult result) =>
        result.Complete ? ExitCode.Success : result.HasFailed ? ExitCode.Failed : CheckCommand.Bounded;

    public void Show(string name, ValencyResult result)
    {
        foreach (var remark in result.Remarks)
        {
            Line(remark);
        }

        if (result.Complete)
        {
            renderer.Show(new Output.Table(
                ["valency", "worlds", "starts"],
                [.. result.Worlds.Select(one => new Cell[]
                {
                    Cell.Strong(one.Name), Number(one.Count),
                    Number(result.Starts.FirstOrDefault(start => start.Name == one.Name)?.Count ?? 0),
                })]));
            ShowLemma2(result.Lemma2!);
            ShowLemma3(result.Lemma3);
            ShowRun(result);
        }

        Line($"{name}: {Number(result.Distinct)} distinct worlds, {Number(result.Generated)} generated, depth {result.Depth}, "
            + $"{result.Elapsed.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture)} s");
        if (result.StoppedBecause is { } reason)
        {
            renderer.Show(new Output.Line([Cell.Warn($"Nothing is said of valencies: {reason}.")]));
        }
    }

    public void Saved(string file) => Line($"The undecided run is in {file}; lab replay {file} shows it again.");

    /// <summary>The line of JSON.</summary>
    public static void End(string name, ValencyResult result)
    {
        var lemma3 = result.Lemma3;
        System.Console.Out.WriteLine(JsonSerializer.Serialize(
            new
            {
                name,
                result.Distinct,
                result.Generated,
                result.Depth,
                result.Complete,
                Seconds = result.Elapsed.TotalSeconds,
                Decisions = result.Decisions.ToArray(),
                Worlds = Counts(result.Worlds),
                Starts = Counts(result.Starts),
                result.Open,
                BivalentStart = result.Lemma2?.Bivalent is not null,
                AdjacentStartsDifferAt = result.Lemma2?.Adjacent?.Differs.ToString(),
                Lemma3 = lemma3 is null ? null : new { lemma3.Pairs, lemma3.Found, lemma3.None, lemma3.Unknown },
                UndecidedRun = result.Undecided is not { } run ? null : new
                {
                    Steps = run.Story.Steps.Count,
                    run.Story.LoopsTo,
                    Cycle = Counts(run.Cycle),
                    WaysOut = run.WayOut?.Worlds ?? 0,
                },
                result.Choosing,
                result.ChoosingOut,
                result.StoppedBecause,
                Remarks = result.Remarks.ToArray(),
                Exit = CodeOf(result),
            },
            OutputJson.Options));
    }

    private static Dictionary<string, long> Counts(Seq<ValencyClass> classes) => classes.ToDictionary(one => one.Name, one => one.Count);

    private void ShowLemma2(Lemma2 lemma)
    {
        if (lemma.Bivalent is { } bivalent)
        {
            Title("Lemma 2: a bivalent initial world.");
            ShowStart(bivalent);
        }
        else if (lemma.Adjacent is { } adjacent)
        {
            Title($"Lemma 2 fails: no initial world is bivalent. Two that differ in {adjacent.Differs} only:");
            Line($"  {adjacent.OneValency}:");
            ShowStart(adjacent.One);
            Line($"  {adjacent.OtherValency}:");
            ShowStart(adjacent.Other);
        }
        else
        {
            Title("Lemma 2 fails: no initial world is bivalent, and no two that differ in one process decide differently.");
        }
    }

    private void ShowLemma3(Lemma3? lemma)
    {
        if (lemma is null)
        {
            return;
        }

        Title($"Lemma 3: {Number(lemma.Pairs)} pairs of a bivalent world and an event e applicable there; with e last a bivalent world is "
            + $"reached for {Number(lemma.Found)}, for {Number(lemma.None)} there is none"
            + (lemma.Unknown > 0 ? $", {Number(lemma.Unknown)} are unknown." : "."));
        if (lemma.Example is { } example)
        {
            Line($"  The nearest where e at once would end bivalence, e being: {example.Event}");
            ShowSteps(example.Story, example.From, "the world is bivalent; others first, then e:");
        }

        if (lemma.Missing is { } missing)
        {
            Line($"  The nearest where there is none, e being: {missing.Event}");
            ShowSteps(missing.Story, missing.From, "the world is bivalent");
            if (missing.Neighbour != "")
            {
                Line($"  Here e leads to a world that is {missing.OneValency}; after \"{missing.Neighbour}\" e leads to one that is "
                    + $"{missing.OtherValency}.");
                Line(missing.SameProcess
                    ? "  Both are steps of one process: all hangs on it, and if it stops nobody can decide (case 2)."
                    : "  They are steps of two processes.");
            }
        }
    }

    private void ShowRun(ValencyResult result)
    {
        if (result.Undecided is not { } run)
        {
            Title("There is no fair run that never decides.");
            return;
        }

        Title($"A fair run that never decides: {run.Story.LoopsTo} steps, then a cycle of {run.Story.Steps.Count - run.Story.LoopsTo}. The "
            + $"worlds of the cycle: {string.Join(", ", run.Cycle.Select(one => $"{one.Count} {one.Name}"))}.");
        ShowStart(run.Story);
        foreach (var line in $"{run.Story}".Split('\n').SkipWhile(line => line.TrimStart().StartsWith('-') || line.StartsWith("      ")))
        {
            if (line.Length > 0)
            {
                Line(line);
            }
        }

        if (run.WayOut is { } way)
        {
            Title($"Choices lead out: from {way.Worlds} of these worlds the same events with other outcomes reach a univalent world. "
                + $"In all, {Number(result.ChoosingOut)} of {Number(result.Choosing)} bivalent worlds with a choice have an outcome that does so alone.");
            ShowSteps(way.Story, way.From, "the cycle is left:");
            Line($"  The world is {way.Valency}.");
        }
        else if (result.Choosing == 0)
        {
            Line("  No event has several outcomes: no choice leads out.");
        }
    }

    private void ShowStart(Story story)
    {
        foreach (var boot in story.Boots)
        {
            Line($"    {boot.Where}: {boot.AfterText}");
        }
    }

    private void ShowSteps(Story story, int from, string what)
    {
        ShowStart(story);
        for (var i = 0; i < story.Steps.Count; i++)
        {
            if (i == from)
            {
                Line($"    {what}");
            }

            Line($"{i + 1,3} {story.Steps[i].Text}");
        }

        if (from == story.Steps.Count)
        {
            Line($"    {what}");
        }
    }

    private void Title(string text) => renderer.Show(new Output.Line([Cell.Strong(text)]));

    private void Line(string text) => renderer.Show(new Output.Line([text]));

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
