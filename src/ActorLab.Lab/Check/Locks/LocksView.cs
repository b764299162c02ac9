using System.Globalization;
using System.Text.Json;
using ActorLab.Checking;
using ActorLab.Console;
using ActorLab.Models;

namespace ActorLab.Lab;

/// <summary>The table of locks, as people and programs read it.</summary>
internal sealed class LocksView(IRenderer renderer)
{
    public void Show(IReadOnlyList<LockRow> rows, bool details)
    {
        renderer.Show(new Output.Table(
            [
                "lock", Column.Right("processes"), .. DijkstraConditions.All.Select(name => new Column(name)), Column.Right("worlds"),
            ],
            [.. rows.Select(row => (IReadOnlyList<Cell>)
            [
                Cell.Strong(TitleOf(row)), $"{row.Processes}", .. row.Conditions.Select(verdict => CellOf(row, verdict)),
                row.Result.Distinct.ToString("N0", CultureInfo.InvariantCulture),
            ])]));
        foreach (var row in rows)
        {
            foreach (var verdict in row.Conditions.Where(verdict => verdict.Kind == VerdictKind.Violated))
            {
                ShowStory(row, verdict, details);
            }
        }

        ShowEnd(rows);
    }

    /// <summary>One line for programs.</summary>
    public static void ShowJson(int processes, IReadOnlyList<LockRow> rows) => System.Console.WriteLine(JsonSerializer.Serialize(
        new
        {
            Name = "locks",
            Processes = processes,
            AsClaimed = rows.All(row => row.IsAsClaimed),
            Locks = rows.Select(row => new
            {
                row.Name,
                row.Processes,
                Arguments = row.Arguments.ToDictionary(pair => pair.Key, pair => pair.Value),
                row.Result.Distinct,
                row.Result.Generated,
                row.Result.Complete,
                Failure = row.Result.Failure?.Message,
                row.IsAsClaimed,
                Conditions = row.Conditions.Select(verdict => new
                {
                    verdict.Property.Name,
                    Verdict = CheckView.WordOf(verdict.Kind),
                    IsClaimed = row.IsClaimed(verdict),
                    Story = verdict.Story?.Steps.Select(step => step.Text).ToArray(),
                    verdict.Story?.LoopsTo,
                }).ToArray(),
            }).ToArray(),
            Exit = LocksCommand.CodeOf(rows.ToList()),
        },
        OutputJson.Options));

    private static string TitleOf(LockRow row) => row.Arguments.ContainsKey("strong") ? $"{row.Name} strong=1" : row.Name;

    private static Cell CellOf(LockRow row, Verdict verdict)
    {
        var word = CheckView.WordOf(verdict.Kind);
        return verdict.Kind switch
        {
            _ when verdict.Kind is not VerdictKind.Undecided && !row.IsClaimed(verdict) => Cell.Bad($"{word}, not as known"),
            VerdictKind.Holds => Cell.Good(word),
            VerdictKind.Violated => Cell.Bad(word),
            _ => Cell.Warn(word),
        };
    }

    private void ShowStory(LockRow row, Verdict verdict, bool details)
    {
        renderer.Show(new Output.Line([""]));
        renderer.Show(new Output.Line(
        [
            Cell.Strong($"{TitleOf(row)} violates {verdict.Property.Name}"),
            $"   ({row.Command} --property {verdict.Property.Name})",
        ]));
        var lines = verdict.Story is not { } story ? [verdict.Error ?? ""]
            : details ? story.ToString().Split('\n').Where(line => line.Length > 0)
            : ShortStory.Lines(story);
        foreach (var line in lines)
        {
            renderer.Show(new Output.Line([line]));
        }
    }

    private void ShowEnd(IReadOnlyList<LockRow> rows)
    {
        renderer.Show(new Output.Line([""]));
        foreach (var row in rows.Where(row => !row.IsAsClaimed))
        {
            var why = row.Result.StoppedBecause is { } reason ? $"not all was explored: {reason}"
                : row.Result.Failure is { } failure ? $"{failure.Where} failed: {failure.Message}"
                : row.Result[DijkstraConditions.SomebodyInside].Kind != VerdictKind.Reached ? "nobody ever gets in"
                : $"it is known to break {(row.Breaks.IsEmpty ? "none" : string.Join(" and ", row.Breaks))}";
            renderer.Show(new Output.Line([Cell.Bad($"{TitleOf(row)}: {why}.")]));
        }

        if (rows.All(row => row.IsAsClaimed))
        {
            renderer.Show(new Output.Line([Cell.Good("Each lock breaks just what is known of it.")]));
        }
    }
}
