using System.Collections.Concurrent;
using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>Runs scenarios in virtual time, from seeds.</summary>
public static class Simulator
{
    /// <summary>Runs a scenario to its end.</summary>
    /// <exception cref="ArgumentException">The options ask for what the scenario rules out or has not.</exception>
    public static SimulationResult Run(Scenario scenario, SimulationOptions options) =>
        Run(scenario, options, CancellationToken.None)!;

    /// <summary>Runs a scenario once per seed, on all cores unless the batch says otherwise.</summary>
    /// <param name="scenario">Shared by all runs: roles are pure.</param>
    /// <param name="options">The options of each run, but for the seed.</param>
    /// <param name="seeds">Each once.</param>
    /// <param name="verify">What else must be true of a run: a sentence that says what is wrong, or null.</param>
    /// <param name="batch">How they are run.</param>
    /// <returns>What came of the runs that ended; fewer than the seeds only where the batch was cancelled.</returns>
    public static SimulationSummary RunMany(
        Scenario scenario, SimulationOptions options, IEnumerable<long> seeds,
        Func<SimulationResult, string?>? verify = null, BatchOptions? batch = null)
    {
        batch ??= new BatchOptions();
        var summary = new SimulationSummary(scenario, options);
        Parallel.ForEach(
            // One by one: ranges would leave one core with the long runs.
            Partitioner.Create(seeds, EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = batch.Threads },
            (seed, loop) =>
            {
                if (Run(scenario, options with { Seed = seed }, batch.Cancellation) is not { } result)
                {
                    loop.Stop();
                    return;
                }

                summary.Add(result, result.Violation?.ToString() ?? verify?.Invoke(result));
                batch.Progress?.Invoke(summary);
            });
        return summary;
    }

    /// <summary>Runs a scenario to its end, unless it is cancelled.</summary>
    /// <returns>Null when it was cancelled.</returns>
    public static SimulationResult? Run(Scenario scenario, SimulationOptions options, CancellationToken cancellation)
    {
        var run = new SimulationRun(scenario, options);
        while (run.Step())
        {
            if (cancellation.IsCancellationRequested)
            {
                return null;
            }
        }

        return run.Result();
    }
}

/// <summary>How many runs are run.</summary>
public sealed record BatchOptions
{
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Told after each run, by the thread that ran it.</summary>
    public Action<SimulationSummary>? Progress { get; init; }

    public CancellationToken Cancellation { get; init; }
}
