using System.CommandLine;
using System.Globalization;
using ActorLab.Checking;
using ActorLab.Console;
using ActorLab.Core;
using Command = System.CommandLine.Command;

namespace ActorLab.Lab;

/// <summary><c>lab check</c>.</summary>
internal static class CheckCommand
{
    /// <summary>The exit code when a bound was hit, or the exploration was interrupted, before anything was found.</summary>
    public const int Bounded = 3;

    /// <summary>An empty table has about that size.</summary>
    private const long LeastMemory = 1 << 20;

    private static readonly Argument<string> Name = new("name") { Arity = ArgumentArity.ZeroOrOne, Description = "What to check; see --list" };
    private static readonly Option<IReadOnlyDictionary<string, string>> Set = Switches.Pairs("--set", "Parameters, such as acceptors=3");
    private static readonly Option<bool> List = Switches.Flag("--list", "Show all models with their parameters and properties");
    private static readonly Option<bool> Lossy = Switches.Flag("--lossy", "Messages may vanish");
    private static readonly Option<bool> Duplicating = Switches.Flag("--duplicating", "Messages may arrive again and again");
    private static readonly Option<bool> Fifo = Switches.Flag("--fifo", "Messages of one link arrive in order");
    private static readonly Option<bool> NoOpsStay = Switches.Flag("--no-ops-stay", "A delivery that changes nothing is no step");
    private static readonly Option<bool> LastDelivered = Switches.Flag("--last-delivered", "The message delivered last is part of a world");
    private static readonly Option<bool> OneCopy = Switches.Flag("--one-copy", "A second copy of a message in flight is lost at once, so that roles that repeat themselves have an end");
    private static readonly Option<int?> Crashes = Switches.NumberIfGiven("--crashes", "How often nodes may crash", 0, 100);
    private static readonly Option<int?> Drops = Switches.NumberIfGiven("--drops", "How many messages may vanish", 0, 1_000);
    private static readonly Option<int?> Duplicates = Switches.NumberIfGiven("--duplicates", "How many messages may arrive twice", 0, 1_000);
    private static readonly Option<string[]> Property = new("--property") { Description = "Judge this property; may be given again", HelpName = "NAME" };
    private static readonly Option<bool> Symmetry = Switches.Flag("--symmetry", "Count worlds that differ in names only as one");
    private static readonly Option<bool> Valency = Switches.Flag("--valency", "Of a consensus scenario: which decisions every world can still reach");
    private static readonly Option<bool> All = Switches.Flag("--all", "Go on after the first violation");
    private static readonly Option<string> MaxStates = Switches.Text("--max-states", "Stop at so many distinct worlds", "N", "none");
    private static readonly Option<int?> MaxDepth = Switches.NumberIfGiven("--max-depth", "Go so many steps from a start and no further", 0, int.MaxValue);
    private static readonly Option<string> Memory = Switches.Text("--memory", "What the tables may take, such as 512m or 8g; four fifths of this machine's memory if not given", "SIZE", "most");
    private static readonly Option<int> Threads = Switches.Number("--threads", "How many threads work", Math.Min(Environment.ProcessorCount, 16), 1, 64);
    private static readonly Option<string> Out = Switches.Text("--out", "Where to keep the counterexample", "FILE", "NAME.replay.json");
    private static readonly Option<bool> Json = Switches.Flag("--json", "End with one line of JSON");

    public static Command Build()
    {
        var command = new Command(
            "check",
            "Explore every reachable world of a scenario or model, and every fair behaviour.\n"
            + "Exit code: 0 all properties hold and every Sometimes was reached; 1 a violation; 2 bad input; 3 a bound was hit.\n"
            + "With --valency: 0 when valencies were computed, whatever they are; 1 when a step failed; 2 and 3 as above.");
        command.Subcommands.Add(LocksCommand.Build());
        command.Arguments.Add(Name);
        foreach (var option in (Option[])[
            Set, List, Lossy, Duplicating, Fifo, NoOpsStay, LastDelivered, OneCopy, Crashes, Drops, Duplicates, Property, Symmetry, Valency, All,
            MaxStates, MaxDepth, Memory, Threads, Out, Json])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var renderer = Renderers.For(PbmIo.OfProcess(), json: false);
        if (parsed.GetRequiredValue(List))
        {
            CheckView.ShowList(renderer, parsed.GetRequiredValue(Json));
            return ExitCode.Success;
        }

        var name = parsed.GetValue(Name) ?? throw new BadInput(
            $"lab check wants the name of a model. Known: {string.Join(", ", Checkable.All.Select(known => known.Name))}.");
        var request = new CheckRequest(name, Values(parsed.GetRequiredValue(Set)), new CheckWorld
        {
            Lossy = parsed.GetRequiredValue(Lossy),
            Duplicating = parsed.GetRequiredValue(Duplicating),
            Fifo = parsed.GetRequiredValue(Fifo),
            NoOpsStay = parsed.GetRequiredValue(NoOpsStay),
            LastDelivered = parsed.GetRequiredValue(LastDelivered),
            OneCopy = parsed.GetRequiredValue(OneCopy),
            Crashes = parsed.GetValue(Crashes),
            Drops = parsed.GetValue(Drops),
            Duplicates = parsed.GetValue(Duplicates),
        });
        var target = Checkable.Find(name).With(request.Values, request.World);
        using var signals = new StopSignals();
        var view = new CheckView(renderer, parsed.GetRequiredValue(Json));
        var options = OptionsOf(parsed, target, name) with { Progress = view.Progress, Cancellation = signals.Token };
        var file = parsed.GetRequiredValue(Out) is not "NAME.replay.json" and var given ? given : $"{name.Replace(':', '-')}.replay.json";
        if (parsed.GetResult(Out) is { Implicit: false })
        {
            WholeFile.Try(file, "The counterexample");
        }

        if (parsed.GetRequiredValue(Valency))
        {
            return ShowValency(target, options, request, file, parsed.GetRequiredValue(Json), renderer, view);
        }

        var result = Refused(() => target.Check(options));
        var (saved, trouble) = Save(file, request, result); // First, for whoever reads on may stop early.
        view.Show(name, result);
        saved.ForEach(view.Saved);
        view.End(name, result);
        return trouble is null ? CodeOf(result) : throw trouble;
    }

    /// <summary>Keeps a story for each violation: the first in the file, the others beside it.</summary>
    private static (List<string> Files, CommandFailed? Trouble) Save(string file, CheckRequest request, CheckResult result)
    {
        var files = new List<string>();
        try
        {
            foreach (var (story, property) in result.Verdicts.Where(verdict => verdict is { Kind: VerdictKind.Violated, Story: not null })
                .Select(verdict => (verdict.Story!, (string?)verdict.Property.Name)).Concat(result.Failure?.Story is { } failed ? [(failed, null)] : []))
            {
                var path = files.Count == 0 ? file : Path.ChangeExtension(file, $"{files.Count + 1}{Path.GetExtension(file)}");
                files.Add(ReplayFile.Save(path, request, story, property, CodeOf(result)));
            }

            return (files, null);
        }
        catch (CommandFailed trouble)
        {
            return (files, trouble);
        }
    }

    private static int ShowValency(
        CheckTarget target, CheckOptions options, CheckRequest request, string file, bool json, IRenderer renderer, CheckView progress)
    {
        if (target.Valency is null)
        {
            var known = Checkable.All.Where(one => one.With(new Dictionary<string, int>(), new CheckWorld()).Valency is not null);
            throw new BadInput(
                $"{request.Name} says of no state what it decided, so that there is no valency. "
                + $"Consensus scenarios are: {string.Join(", ", known.Select(one => one.Name))}.");
        }

        var result = Refused(() => target.Valency(options));
        progress.Clear();
        var view = new ValencyView(renderer);
        view.Show(request.Name, result);
        if (result.Undecided is { } run)
        {
            view.Saved(ReplayFile.Save(file, request, run.Story, target.Undecided!.Value.Claim.Name, ExitCode.Success));
        }

        if (json)
        {
            ValencyView.End(request.Name, result);
        }

        return ValencyView.CodeOf(result);
    }

    /// <summary>What a result means to a script.</summary>
    public static int CodeOf(CheckResult result) =>
        result.Passed ? ExitCode.Success
        : result.Failure is not null || result.Verdicts.Any(verdict => verdict.Kind is VerdictKind.Violated or VerdictKind.NeverReached)
            ? ExitCode.Failed
            : Bounded;

    private static T Refused<T>(Func<T> check)
    {
        try
        {
            return check();
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw new BadInput(error.Message);
        }
    }

    private static CheckOptions OptionsOf(ParseResult parsed, CheckTarget target, string name)
    {
        var properties = parsed.GetValue(Property) ?? [];
        var known = target.Properties.Select(property => property.Name).ToList();
        if (properties.FirstOrDefault(property => !known.Contains(property)) is { } unknown)
        {
            throw new BadInput(Suggest.Unknown($"property of {name}", unknown, known));
        }

        return new CheckOptions
        {
            Properties = properties.ToSet(),
            Symmetry = parsed.GetRequiredValue(Symmetry),
            StopAtViolation = !parsed.GetRequiredValue(All),
            MaxStates = Count("--max-states", parsed.GetRequiredValue(MaxStates)),
            MaxDepth = parsed.GetValue(MaxDepth) ?? int.MaxValue,
            MemoryBytes = Size(parsed.GetRequiredValue(Memory)),
            Threads = parsed.GetRequiredValue(Threads),
        };
    }

    internal static long Count(string name, string text) =>
        text == "none" ? long.MaxValue
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count
        : throw new BadInput($"{name} wants a number from 1, not \"{SafeText.Shorten(text, 60)}\".");

    internal static long Size(string text)
    {
        var shift = text.Length == 0 ? 0 : char.ToLowerInvariant(text[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, _ => 0 };
        return text == "most" ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 5 * 4
            : long.TryParse(shift > 0 ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                && size <= long.MaxValue >> shift && size << shift >= LeastMemory ? size << shift
            : throw new BadInput($"--memory wants a size such as 512m or 8g, {LeastMemory >> 20}m or more, not \"{SafeText.Shorten(text, 60)}\".");
    }

    /// <summary>The values of <c>--set</c>.</summary>
    /// <exception cref="BadInput">One is no number.</exception>
    public static Dictionary<string, int> Values(IReadOnlyDictionary<string, string> given) => given.ToDictionary(
        pair => pair.Key,
        pair => int.TryParse(pair.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new BadInput($"--set {pair.Key} wants a whole number, not \"{SafeText.Shorten(pair.Value, 60)}\"."));
}

/// <summary>What was asked to be checked.</summary>
/// <param name="Name">Of the model.</param>
/// <param name="Values">Its parameters.</param>
/// <param name="World">Network and faults.</param>
public sealed record CheckRequest(string Name, IReadOnlyDictionary<string, int> Values, CheckWorld World);
