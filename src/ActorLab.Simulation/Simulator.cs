using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>Runs scenarios in virtual time, from seeds.</summary>
public static class Simulator
{
    /// <summary>Runs a scenario to its end.</summary>
    /// <exception cref="ArgumentException">The options ask for what the scenario rules out or has not.</exception>
    public static SimulationResult Run(Scenario scenario, SimulationOptions options)
    {
        var run = new SimulationRun(scenario, options);
        while (run.Step())
        {
        }

        return run.Result();
    }

    /// <summary>Runs a scenario once per seed, on all cores.</summary>
    /// <param name="scenario">Shared by all runs: roles are pure.</param>
    /// <param name="options">The options of each run, but for the seed.</param>
    /// <param name="seeds">Each once.</param>
    /// <param name="verify">What else must be true of a run: a sentence that says what is wrong, or null.</param>
    public static SimulationSummary RunMany(
        Scenario scenario, SimulationOptions options, IEnumerable<long> seeds,
        Func<SimulationResult, string?>? verify = null)
    {
        var summary = new SimulationSummary(scenario, options);
        Parallel.ForEach(
            seeds,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            seed =>
            {
                var result = Run(scenario, options with { Seed = seed });
                summary.Add(result, result.Violation?.ToString() ?? verify?.Invoke(result));
            });
        return summary;
    }
}
