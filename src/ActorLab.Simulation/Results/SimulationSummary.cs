using System.Text;
using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>A run that broke a property, or did not pass a test's own check.</summary>
/// <param name="Seed">Of the run.</param>
/// <param name="Reason">A sentence.</param>
/// <param name="Property">The property that it broke; null where a test's own check failed.</param>
/// <param name="At">When it broke, in virtual time.</param>
/// <param name="Claim">What was broken, as a sentence.</param>
public sealed record SimulationFailure(long Seed, string Reason, string? Property = null, TimeSpan? At = null, string? Claim = null);

/// <summary>What came of many runs of one scenario.</summary>
public sealed class SimulationSummary(Scenario scenario, SimulationOptions options)
{
    private const int LinesExplained = 30;
    private readonly Lock _lock = new();
    private readonly List<SimulationFailure> _failures = [];
    private readonly SortedDictionary<string, int> _reached = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _violated = new(StringComparer.Ordinal);

    public int Runs { get; private set; }

    public long Turns { get; private set; }

    /// <summary>Runs that ended because what the properties take for granted was no longer true.</summary>
    public int Outside { get; private set; }

    /// <summary>Of all runs together.</summary>
    public TimeSpan VirtualTime { get; private set; }

    /// <summary>Operations of users that were handed in.</summary>
    public long Operations { get; private set; }

    /// <summary>
    /// How many of them were answered, as failed or as done; null while no history has any: then the roles that took them answer
    /// nobody, such as proposers without clients.
    /// </summary>
    public long? Completed { get; private set; }

    public long Crashes { get; private set; }

    public long Partitions { get; private set; }

    /// <summary>How many runs failed; <see cref="Failures"/> puts them in order each time.</summary>
    public int Failed
    {
        get
        {
            lock (_lock)
            {
                return _failures.Count;
            }
        }
    }

    /// <summary>By seed.</summary>
    public Seq<SimulationFailure> Failures
    {
        get
        {
            lock (_lock)
            {
                return _failures.OrderBy(failure => failure.Seed).ToSeq();
            }
        }
    }

    /// <summary>How many runs reached each <see cref="Property.Sometimes"/>.</summary>
    public int RunsThatReached(string property)
    {
        lock (_lock)
        {
            return _reached.GetValueOrDefault(property);
        }
    }

    /// <summary>In how many runs a property was judged and held.</summary>
    public int RunsThatHeld(string property)
    {
        lock (_lock)
        {
            return _held.GetValueOrDefault(property);
        }
    }

    /// <summary>In how many runs a property was broken, be it the first or beside others.</summary>
    public int RunsThatViolated(string property)
    {
        lock (_lock)
        {
            return _violated.GetValueOrDefault(property);
        }
    }

    /// <summary>How many runs reached what, for a line of progress; empty while none did.</summary>
    public string ReachedText()
    {
        lock (_lock)
        {
            return string.Concat(_reached.Select(pair => $"; {pair.Key} in {pair.Value}"));
        }
    }

    /// <summary>
    /// The runs in which all was well, as a sentence; else the first failure, how to see it again, and its end.
    /// </summary>
    /// <param name="reproduce">The command that runs one seed again: <c>{seed}</c> stands for it.</param>
    /// <exception cref="SimulationFailedException">A run failed.</exception>
    public string RequireAllWell(string reproduce)
    {
        if (_failures.Count == 0)
        {
            return ToString();
        }

        var first = Failures[0];
        throw new SimulationFailedException(
            $"{scenario.Name}: {_failures.Count} of {Runs} runs failed. Seed {first.Seed}: {first.Reason}\n"
            + $"Again: {reproduce.Replace("{seed}", $"{first.Seed}", StringComparison.Ordinal)}\n"
            + $"Other seeds: {string.Join(", ", Failures.Skip(1).Take(20).Select(failure => failure.Seed))}\n"
            + $"Its last events:\n{Explain(first.Seed)}");
    }

    public override string ToString() =>
        $"{scenario.Name}: {Counted.Of(Runs, "run")}, {Counted.Of(Turns, "turn")}, {Counted.Of(Operations, "operation")}{(Completed is { } completed ? $" ({completed} answered)" : "")}, "
        + $"{Counted.Of(Crashes, "crash", "crashes")}, {Counted.Of(Partitions, "partition")}, {Counted.Of(_failures.Count, "failure")}"
        + ReachedText();

    internal void Add(SimulationResult result, string? failure)
    {
        lock (_lock)
        {
            Runs++;
            Outside += result.Ending == Ending.OutsideAssumption ? 1 : 0;
            Turns += result.Turns;
            VirtualTime += result.VirtualTime;
            Operations += result.Counts.Operations;
            if (!result.History.Operations.IsEmpty)
            {
                Completed = (Completed ?? 0) + result.History.Operations.Count(operation => operation.CompletedAt is not null);
            }

            Crashes += result.Counts.Crashes;
            Partitions += result.Counts.Partitions;
            foreach (var verdict in result.Verdicts)
            {
                IDictionary<string, int>? found = verdict.Finding switch
                {
                    Finding.Reached => _reached,
                    Finding.Held => _held,
                    Finding.Violated => _violated,
                    _ => null,
                };
                if (found is { } counts)
                {
                    counts[verdict.Property] = counts.TryGetValue(verdict.Property, out var before) ? before + 1 : 1;
                }
            }

            if (failure is not null)
            {
                _failures.Add(new SimulationFailure(result.Seed, failure, result.Violation?.Property, result.Violation?.At, result.Violation?.Reason));
            }
        }
    }

    private string Explain(long seed)
    {
        var text = new StringBuilder();
        var trace = Simulator.Run(scenario, options with { Seed = seed, Record = true }).Trace;
        foreach (var line in trace.Skip(Math.Max(0, trace.Count - LinesExplained)))
        {
            text.AppendLine(
                $"{line.Index,8} {line.At,12} µs {line.Kind,-9} {line.Where,-12} {line.Peer,-12} {line.Text}");
        }

        return text.ToString();
    }
}

/// <summary>A run of many broke a property. The message says which, and how to see it again.</summary>
public sealed class SimulationFailedException(string message) : Exception(message);
