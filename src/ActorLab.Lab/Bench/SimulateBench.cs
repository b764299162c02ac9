using System.Diagnostics;
using System.Globalization;
using ActorLab.Console;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Lab;

/// <summary>
/// <c>lab bench simulate</c>: turns a second of Raft with five servers under all faults, with all properties and observers,
/// on one thread and on more.
/// </summary>
internal static class SimulateBench
{
    private const int RunsPerThread = 4;

    public static int Run(int rounds, int threads, TimeSpan time, IRenderer renderer, CancellationToken stopped)
    {
        var request = new SimulationRequest(
            "raft", new Dictionary<string, int> { ["servers"] = 5 }, 1, time, TimeSpan.FromSeconds(10), "all", null);
        var (scenario, options) = request.Build();
        renderer.Show(new Output.Line([
            $"raft servers=5, all faults, {SimulateView.PropertiesOf(scenario, options).Count} properties, {scenario.Observers.Count} observers; "
            + $"{RunsPerThread} runs of {Durations.Format(time)} a thread; medians of {rounds} rounds after a warm-up"]));
        Measure(scenario, options, threads, stopped);
        var (alone, together) = (new List<double>(), new List<double>());
        var machine = new MachineGain(threads);
        for (var round = 1; round <= rounds; round++)
        {
            alone.Add(Measure(scenario, options, 1, stopped));
            together.Add(Measure(scenario, options, threads, stopped));
            machine.Measure();
            renderer.Show(new Output.Progress($"round {round} of {rounds}"));
        }

        var (one, many) = (Median(alone), Median(together));
        renderer.Show(new Output.Table(
            [Column.Right("1 thread turns/s"), Column.Right($"{threads} threads turns/s"), Column.Right("gain"), Column.Right("gain of bare arithmetic")],
            [[((long)one).ToString("N0", CultureInfo.InvariantCulture), ((long)many).ToString("N0", CultureInfo.InvariantCulture), Math.Round(many / one, 2),
                Math.Round(machine.Median, 2)]]));
        return ExitCode.Success;
    }

    private static double Measure(Scenario scenario, SimulationOptions options, int threads, CancellationToken stopped)
    {
        var watch = Stopwatch.StartNew();
        var summary = Simulator.RunMany(
            scenario, options, Enumerable.Range(1, RunsPerThread * threads).Select(seed => (long)seed),
            batch: new BatchOptions { Threads = threads, Cancellation = stopped });
        stopped.ThrowIfCancellationRequested();
        return summary.Failures.IsEmpty
            ? summary.Turns / watch.Elapsed.TotalSeconds
            : throw new CommandFailed($"seed {summary.Failures[0].Seed}: {summary.Failures[0].Reason}");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
