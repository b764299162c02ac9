using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ActorLab.Console;
using ActorLab.Core;
using ActorLab.Simulation;
using Command = System.CommandLine.Command;

namespace ActorLab.Lab;

/// <summary><c>lab simulate</c>.</summary>
internal static class SimulateCommand
{
    /// <summary>The exit code when it was interrupted before anything was found.</summary>
    public const int Interrupted = 3;

    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(30);
    private static readonly TimeSpan UsualQuiet = TimeSpan.FromSeconds(10);

    private static readonly Argument<string> Name = new("name") { Arity = ArgumentArity.ZeroOrOne, Description = "What to run; see --list" };
    private static readonly Option<bool> List = Switches.Flag("--list", "Show all scenarios with their parameters");
    private static readonly Option<IReadOnlyDictionary<string, string>> Set = Switches.Pairs("--set", "Parameters, such as servers=5");
    private static readonly Option<string> Seed = Switches.Text("--seed", "Decides everything that is left to chance", "N", "1");
    private static readonly Option<string> Time = Switches.Text("--time", "How long a run lasts, in its own time", "TIME", "1m");
    private static readonly Option<string> Quiet = Switches.Text("--quiet", "The part of that at the end without faults, in which temporal properties must come true; 10s or half of the time if not given", "TIME", "usual");
    private static readonly Option<string> Faults = Switches.Text("--faults", "all, none, or names with optional rates such as drop=0.05,crash=2s", "LIST", "none");
    private static readonly Option<string> Plan = Switches.Text("--plan", "A fault plan as JSON: cuts, message faults and a schedule", "FILE", "none");
    private static readonly Option<int?> Runs = Switches.NumberIfGiven("--runs", "So many runs, from this seed on, side by side", 1, 10_000_000);
    private static readonly Option<int> Threads = Switches.Number("--threads", "How many threads work", Math.Min(Environment.ProcessorCount, 64), 1, 64);
    private static readonly Option<string> ShrinkTime = Switches.Text("--shrink-time", "How long a violation is shrunk at most", "TIME", "60s");
    private static readonly Option<string> Out = Switches.Text("--out", "Where to keep the run; a violation is kept in any case", "FILE", "NAME.run.json");
    private static readonly Option<bool> Json = Switches.Flag("--json", "End with one line of JSON");

    public static Command Build()
    {
        var command = new Command(
            "simulate",
            "Run a scenario in virtual time, from a seed, under faults. A violation is shrunk and kept; lab replay shows it again.\n\n"
            + $"Faults, with their usual rates:\n{FaultList.Help}\n\n"
            + "Exit code: 0 all properties held; 1 a violation; 2 bad input; 3 interrupted before anything was found.");
        command.Arguments.Add(Name);
        foreach (var option in (Option[])[List, Set, Seed, Time, Quiet, Faults, Plan, Runs, Threads, ShrinkTime, Out, Json])
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
            SimulateView.ShowList(renderer);
            return ExitCode.Success;
        }

        var request = RequestOf(parsed);
        var (scenario, options) = request.Build();
        var file = parsed.GetRequiredValue(Out) is not "NAME.run.json" and var given ? given : null;
        if (file is not null)
        {
            WholeFile.Try(file, "The run");
        }

        var view = new SimulateView(renderer, parsed.GetRequiredValue(Json));
        using var signals = new StopSignals();
        var job = new SimulateJob(
            request, scenario, options, view, file, parsed.GetRequiredValue(Threads), TimeOf("--shrink-time", parsed.GetRequiredValue(ShrinkTime)), signals.Token);
        return parsed.GetValue(Runs) is { } runs ? job.RunMany(runs) : job.RunOne();
    }

    private static SimulationRequest RequestOf(ParseResult parsed)
    {
        var name = parsed.GetValue(Name) ?? throw new BadInput(
            $"lab simulate wants the name of a scenario. Known: {string.Join(", ", Simulatable.All.Select(known => known.Family.Name))}.");
        var seed = long.TryParse(parsed.GetRequiredValue(Seed), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new BadInput($"--seed wants a whole number, not \"{SafeText.Shorten(parsed.GetRequiredValue(Seed), 60)}\".");
        var time = TimeOf("--time", parsed.GetRequiredValue(Time));
        var quiet = parsed.GetRequiredValue(Quiet) is not "usual" and var asked
            ? QuietOf(asked)
            : time / 2 < UsualQuiet ? time / 2 : UsualQuiet;
        if (quiet > time)
        {
            throw new BadInput($"--quiet {Durations.Format(quiet)} is longer than the run, {Durations.Format(time)}.");
        }

        var plan = parsed.GetRequiredValue(Plan) is not "none" and var path ? PlanIn(path) : null;
        return new SimulationRequest(
            name, CheckCommand.Values(parsed.GetRequiredValue(Set)), seed, time, quiet, parsed.GetRequiredValue(Faults), plan);
    }

    private static TimeSpan TimeOf(string name, string text) =>
        Durations.TryParse(text, out var time) && time > TimeSpan.Zero && time <= LongestTime
            ? time
            : throw new BadInput($"{name} wants a time above 0 and up to 30 days, such as 150ms, 2s, 10m or 1h, not \"{SafeText.Shorten(text, 60)}\".");

    private static TimeSpan QuietOf(string text) =>
        text == "0" ? TimeSpan.Zero
        : Durations.TryParse(text, out var time) && time >= TimeSpan.Zero && time <= LongestTime ? time
        : throw new BadInput($"--quiet wants a time of 0 or more, up to 30 days, such as 0, 150ms, 2s or 10m, not \"{SafeText.Shorten(text, 60)}\".");

    private static FaultPlan PlanIn(string path)
    {
        try
        {
            return FaultJson.Read(File.ReadAllText(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new BadInput(error is FormatException ? $"{SafeText.Shorten(path, 200)}: {error.Message}" : $"{SafeText.Shorten(path, 200)} cannot be read: {error.Message}");
        }
    }
}

/// <summary>One call of <c>lab simulate</c>.</summary>
internal sealed class SimulateJob(
    SimulationRequest request, Scenario scenario, SimulationOptions options, SimulateView view, string? file, int threads,
    TimeSpan shrinkTime, CancellationToken stopped)
{
    public int RunOne()
    {
        var watch = Stopwatch.StartNew();
        var run = new SimulationRun(scenario, options);
        while (!stopped.IsCancellationRequested && run.Step())
        {
            view.Progress(run.Now, request.Time, watch.Elapsed);
        }

        var result = run.Result();
        view.Show(request, scenario, options, result, watch.Elapsed, stopped.IsCancellationRequested);
        if (result.Violation is not null)
        {
            var kept = Keep(Shrunk(request.Seed) ?? (SimulationFile.Of(request, result), "The run"));
            view.End(request, result, kept, ExitCode.Failed);
            return ExitCode.Failed;
        }

        var code = stopped.IsCancellationRequested ? SimulateCommand.Interrupted : ExitCode.Success;
        var saved = file is not null && code == ExitCode.Success ? Keep((SimulationFile.Of(request, result), "The run")) : null;
        view.End(request, result, saved, code);
        return code;
    }

    public int RunMany(int runs)
    {
        var watch = Stopwatch.StartNew();
        var seeds = Enumerable.Range(0, runs).Select(i => request.Seed + i);
        var summary = Simulator.RunMany(scenario, options, seeds, batch: new BatchOptions
        {
            Threads = threads,
            Cancellation = stopped,
            Progress = so_far => view.Progress(so_far, runs, watch.Elapsed),
        });
        view.Show(request, scenario, options, summary, runs, watch.Elapsed);
        string? kept = null;
        if (!summary.Failures.IsEmpty && !stopped.IsCancellationRequested)
        {
            kept = Shrunk(Earliest(summary.Failures)) is { } shrunk ? Keep(shrunk) : null;
        }

        var code = !summary.Failures.IsEmpty ? ExitCode.Failed
            : summary.Runs < runs ? SimulateCommand.Interrupted
            : ExitCode.Success;
        view.End(request, scenario, options, summary, kept, code);
        return code;
    }

    /// <summary>The seed whose run is the shortest. What a property of the scenario finds comes before what stopped a role.</summary>
    private long Earliest(Seq<SimulationFailure> failures) => failures
        .OrderBy(failure => SimulateView.PropertiesOf(scenario, options).All(property => property.Name != failure.Property))
        .ThenBy(failure => failure.At).ThenBy(failure => failure.Seed)
        .First().Seed;

    /// <returns>The smallest violation; null where it was interrupted before it had happened again.</returns>
    private (SimulationFile Run, string What)? Shrunk(long seed)
    {
        var shrunk = Shrinker.Shrink(scenario, options with { Seed = seed }, new ShrinkOptions
        {
            Limit = shrinkTime,
            Threads = threads,
            Cancellation = stopped,
            Progress = view.Progress,
        });
        if (shrunk is null)
        {
            return null;
        }

        view.Show(shrunk);
        return (SimulationFile.Of(request, shrunk), shrunk.IsMinimal ? "The smallest schedule" : "The schedule");
    }

    /// <returns>The file that holds the run; null where it cannot be written, which changes no verdict.</returns>
    private string? Keep((SimulationFile Run, string What) kept)
    {
        var path = file ?? $"{request.Name.Replace(':', '-')}.run.json";
        try
        {
            kept.Run.Save(path, kept.What);
        }
        catch (CommandFailed error)
        {
            view.NotSaved(error.Message);
            return null;
        }

        view.Saved(path, kept.What);
        return path;
    }
}
