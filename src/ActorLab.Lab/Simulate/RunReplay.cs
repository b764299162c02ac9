using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary><c>lab replay</c> of a run: runs it again, checks that it is the same, and steps through it.</summary>
internal static class RunReplay
{
    /// <summary>A run that the seed decides, and that breaks nothing, is shown event by event up to so many turns.</summary>
    private const long MostTurnsShown = 200_000;

    public static int Run(string path, ParseResult parsed)
    {
        var file = SimulationFile.Load(path);
        var io = PbmIo.OfProcess();
        var renderer = Renderers.For(io, json: false);
        if (file.Build != SimulationFile.ThisBuild)
        {
            renderer.Show(new Output.Line([Cell.Warn("Another build of the lab wrote this file: the run may be another now.")]));
        }

        if (!IsShown(file) && DiagramOutputs.AnyWanted(parsed))
        {
            throw new CommandFailed(FormattableString.Invariant(
                $"It has {file.Turns:N0} turns and breaks nothing: such a run is drawn up to {MostTurnsShown:N0} turns. Simulate a shorter --time."));
        }

        var view = new SimulateView(renderer, json: false);
        var watch = Stopwatch.StartNew();
        var recorded = Again(file, now => view.Progress(now, file.Time, watch.Elapsed));
        view.Clear();
        Head(file, recorded, renderer);
        if (recorded.Result.Trace.IsEmpty)
        {
            renderer.Show(new Output.Line([$"It has {file.Turns:N0} turns and breaks nothing: too long to show event by event."]));
        }
        else if (DiagramOutputs.AnyWanted(parsed))
        {
            var picture = SimulationPicture.Of(
                recorded, $"lab replay {DiagramOutputs.Quoted(path)}", file.Request.Name, (done, all) => view.Drawing(done, all, watch.Elapsed));
            view.Clear();
            DiagramOutputs.Show(parsed, picture, renderer);
        }
        else if (io.OutIsTerminal && !System.Console.IsInputRedirected)
        {
            new RunStepper(recorded, renderer).Walk(System.Console.In);
        }
        else
        {
            new RunStepper(recorded, renderer).ShowAll();
        }

        return file.Exit;
    }

    /// <summary>The run again, with its trace and the states after each turn.</summary>
    /// <param name="file">The run.</param>
    /// <param name="progress">Told its time after every step.</param>
    /// <exception cref="CommandFailed">It is not the run that was kept.</exception>
    /// <exception cref="BadInput">The file asks for what this build has not.</exception>
    public static RecordedRun Again(SimulationFile file, Action<TimeSpan>? progress = null)
    {
        var (scenario, options) = file.Rebuild();
        RecordedRun run;
        try
        {
            run = RecordedRun.Of(scenario, options, IsShown(file), progress);
        }
        catch (Exception error) when (error is ArgumentException or KeyNotFoundException or MemoryPack.MemoryPackSerializationException)
        {
            throw new BadInput($"The run cannot be taken again: {error.Message}");
        }

        var result = run.Result;
        var hash = result.TraceHash.ToString("x32", CultureInfo.InvariantCulture);
        if (result.Violation?.Property != file.Violation?.Property || hash != file.TraceHash)
        {
            throw new CommandFailed(
                $"The file does not replay with this build: it {Claim(file.Violation?.Property)}, with trace {file.TraceHash}, and now "
                + $"{Claim(result.Violation?.Property)}, with trace {hash}.");
        }

        return run;
    }

    private static bool IsShown(SimulationFile file) => file.Violation is not null || file.Turns <= MostTurnsShown;

    private static void Head(SimulationFile file, RecordedRun run, IRenderer renderer)
    {
        var request = file.Request;
        renderer.Show(new Output.Line([
            $"{request.Name}{string.Concat(request.Values.Select(pair => $" {pair.Key}={pair.Value}"))}, seed {request.Seed}, {FaultsOf(request)}"
            + (file.Decisions is { } decisions ? $", shrunk to {decisions}" : "")]));
        renderer.Show(new Output.Line([file.Violation is null
            ? Cell.Good("Nothing was violated.")
            : Cell.Bad($"{run.Result.Violation}")]));
        if (run.Result.Violation is { } broken && SimulationPicture.EventOf(run, broken) is >= 0 and var place)
        {
            var at = run.Result.Trace[place].At / 1e6;
            renderer.Show(new Output.Line([FormattableString.Invariant(
                $"It is false after event {place}, of {at:0.000000} s{(at < broken.At.TotalSeconds ? $"; what that turn did counts from {broken.At.TotalSeconds:0.000000} s on, when its disk was safe" : "")}. v goes there, and #event={place} behind the address of its page.")]));
        }

        renderer.Show(new Output.Line([$"{run.Result.Turns:N0} turns, trace {file.TraceHash}: the same as in the file."]));
    }

    /// <summary>What struck: the faults of the list, and those of a plan.</summary>
    internal static string FaultsOf(SimulationRequest request)
    {
        if (request.Plan is not { } plan)
        {
            return $"faults {request.Faults}";
        }

        var parts = new[] { (plan.Cuts.Count, "cut"), (plan.Messages.Count, "rule for messages"), (plan.Links.Count, "rule for links"), (plan.Schedule.Count, "scheduled fault") }
            .Where(part => part.Item1 > 0)
            .Select(part => Counted.Of(part.Item1, part.Item2, part.Item2.StartsWith("rule ", StringComparison.Ordinal) ? $"rules {part.Item2[5..]}" : null));
        var holds = string.Join(", ", parts) is { Length: > 0 } some ? some : "nothing in it";
        return $"faults {(request.Faults == "none" ? "" : $"{request.Faults} and ")}of a plan ({holds})";
    }

    private static string Claim(string? property) => property is null ? "violates nothing" : $"violates {property}";
}
