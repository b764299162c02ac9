using System.CommandLine;
using System.CommandLine.Parsing;
using ActorLab.Checking;
using ActorLab.Console;
using ActorLab.Core;
using Command = System.CommandLine.Command;

namespace ActorLab.Lab;

/// <summary><c>lab check locks</c>.</summary>
internal static class LocksCommand
{
    private static readonly Option<IReadOnlyDictionary<string, string>> Set =
        Switches.Pairs("--set", "Parameters: processes=3");
    private static readonly Option<int> Threads = Switches.Number(
        "--threads", "How many threads work", Math.Min(Environment.ProcessorCount, 16), 1, 64);
    private static readonly Option<string> MaxStates = Switches.Text("--max-states", "Stop each lock at so many distinct worlds", "N", "none");
    private static readonly Option<string> Memory = Switches.Text("--memory", "What the tables may take, such as 512m or 8g", "SIZE", "most");
    private static readonly Option<bool> Details = Switches.Flag("--details", "Show every variable that changes");
    private static readonly Option<bool> Json = Switches.Flag("--json", "End with one line of JSON");

    public static Command Build()
    {
        var command = new Command(
            "locks",
            "All locks against Dijkstra's conditions: a table, and a story for each violation.\n"
            + "Exit code: 0 each verdict is the one that is known of the lock; 1 one is not; 2 bad input; 3 interrupted, or a bound was hit.");
        foreach (var option in (Option[])[Set, Threads, MaxStates, Memory, Details, Json])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
        return command;
    }

    /// <summary>What a table means to a script.</summary>
    public static int CodeOf(IReadOnlyCollection<LockRow> rows) =>
        rows.All(row => row.IsAsClaimed) ? ExitCode.Success
        : rows.Any(row => row.Result.Complete && !row.IsAsClaimed) ? ExitCode.Failed
        : CheckCommand.Bounded;

    private static int Run(ParseResult parsed)
    {
        RequireNothingBefore(parsed);
        var values = CheckCommand.Values(parsed.GetRequiredValue(Set));
        var processes = Checkable.ArgumentsOf("locks", [LockTable.Processes], values)[LockTable.Processes.Name];
        using var signals = new StopSignals();
        var options = new CheckOptions
        {
            Threads = parsed.GetRequiredValue(Threads),
            Cancellation = signals.Token,
            MaxStates = CheckCommand.Count("--max-states", parsed.GetRequiredValue(MaxStates)),
            MemoryBytes = CheckCommand.Size(parsed.GetRequiredValue(Memory)),
        };
        var renderer = Renderers.For(PbmIo.OfProcess(), json: false);
        var rows = LockTable.Rows(
            processes, options, name => renderer.Show(new Output.Progress($"checking {name}"))).ToList();
        new LocksView(renderer).Show(rows, parsed.GetRequiredValue(Details));
        if (parsed.GetRequiredValue(Json))
        {
            LocksView.ShowJson(processes, rows);
        }

        return CodeOf(rows);
    }

    /// <summary>Switches of <c>lab check</c> before the name would be passed over in silence.</summary>
    private static void RequireNothingBefore(ParseResult parsed)
    {
        var given = (parsed.CommandResult.Parent as CommandResult)?.Children.FirstOrDefault(child =>
            child is OptionResult { Implicit: false } or ArgumentResult { Tokens.Count: > 0 });
        if (given is not null)
        {
            throw new BadInput(
                $"lab check locks takes its switches after its name: {given.Tokens.Select(token => token.Value)
                    .Prepend((given as OptionResult)?.Option.Name).First(text => text is not null)} stands before it.");
        }
    }
}
