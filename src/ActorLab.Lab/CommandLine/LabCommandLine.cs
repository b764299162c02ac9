using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using ActorLab.Console;
using Command = System.CommandLine.Command;

namespace ActorLab.Lab;

/// <summary>The command line of <c>lab</c>.</summary>
public static class LabCommandLine
{
    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">As the shell gave them.</param>
    /// <param name="error">Gets the sentence when it is not done.</param>
    /// <returns>0 when it was done, 1 when it failed, 2 when it made no sense.</returns>
    public static async Task<int> Run(IReadOnlyList<string> arguments, TextWriter error)
    {
        var root = Build();
        var parsed = root.Parse(arguments.Count == 0 ? ["--help"] : arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            return await Fail(error, SentenceOf(parsed), ExitCode.BadInput).ConfigureAwait(false);
        }

        try
        {
            // Termination is the commands' own business: `up` has nodes to end first.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            }).ConfigureAwait(false);
        }
        catch (BadInput e)
        {
            return await Fail(error, e.Message, ExitCode.BadInput).ConfigureAwait(false);
        }
        catch (CommandFailed e)
        {
            return await Fail(error, e.Message, ExitCode.Failed).ConfigureAwait(false);
        }
        catch (IOException e) when (IsBrokenPipe(e))
        {
            return ExitCode.Failed; // Nobody reads any more, as behind head.
        }
    }

    private static bool IsBrokenPipe(IOException error) =>
        error.HResult == 32 || error.Message.Contains("Broken pipe", StringComparison.Ordinal);

    private static RootCommand Build()
    {
        var root = new RootCommand(
            "ActorLab: run classic distributed algorithms on a real cluster of processes on this machine, break them, and see whether their guarantees held.\n\n"
            + "  lab up                      five nodes run Raft; a prompt opens in front of them\n"
            + "  lab up --detach; pbm raft status; lab down\n"
            + "  lab check paxos --lossy     every reachable world of Paxos\n"
            + "  lab simulate raft --faults all --runs 100\n\n"
            + "Exit code: 0 done, 1 failed, 2 bad input. Of check, simulate and replay 1 is also a violation, of judge not linearizable, of\n"
            + "mutants one that survives. 3 is none of these: of check a bound was hit; of judge not decided in time; of simulate and mutants\n"
            + "interrupted; of replay --on-cluster not violated there. The --help of each says more.");
        root.Subcommands.Add(UpCommand.Build());
        root.Subcommands.Add(DownCommand.Build());
        root.Subcommands.Add(StatusCommand.Build());
        root.Subcommands.Add(CheckCommand.Build());
        root.Subcommands.Add(SimulateCommand.Build());
        root.Subcommands.Add(ReplayCommand.Build());
        root.Subcommands.Add(ReplayGameCommand.Build());
        root.Subcommands.Add(MutantsCommand.Build());
        root.Subcommands.Add(DiagramCommand.Build());
        root.Subcommands.Add(JudgeCommand.Build());
        root.Subcommands.Add(BenchCommand.Build());
        root.Subcommands.Add(NodeCommand.Build());
        return root;
    }

    private static async Task<int> Fail(TextWriter error, string sentence, int code)
    {
        await error.WriteLineAsync(SafeText.Escape(sentence)).ConfigureAwait(false);
        return code;
    }

    /// <summary>One sentence for the first thing that is wrong, with the nearest known name where a name is.</summary>
    private static string SentenceOf(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count > 0)
        {
            var unknown = parsed.UnmatchedTokens[0];
            return unknown.StartsWith('-')
                ? Suggest.Unknown($"switch of lab {NameOf(command)}".TrimEnd(), unknown.Split('=')[0], SwitchesOf(command))
                : command is RootCommand
                    ? Suggest.Unknown("command", unknown, command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))
                    : $"lab {NameOf(command)} cannot use \"{SafeText.Shorten(unknown, 60)}\": "
                        + $"see lab {NameOf(command)} --help.";
        }

        var own = parsed.Errors[0].Message.Replace('\n', ' ');
        return parsed.Errors[0].SymbolResult is OptionResult { Tokens.Count: 0 } option && own.Contains("Required argument", StringComparison.Ordinal)
            ? $"{option.Option.Name} wants a value: {option.Option.Description}."
            : own;
    }

    private static string NameOf(Command command) =>
        string.Join(' ', command.Parents.OfType<Command>().Where(parent => parent is not RootCommand).Append(command)
            .Where(known => known is not RootCommand).Select(known => known.Name));

    private static IEnumerable<string> SwitchesOf(Command command) =>
        command.Options.Where(option => !option.Hidden).Select(option => option.Name);
}
