using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>How an exploration goes, and how far.</summary>
public sealed record CheckOptions
{
    public static readonly CheckOptions Default = new();

    /// <summary>Stop once so many distinct worlds are known; a few more may be, for the work goes in batches.</summary>
    public long MaxStates { get; init; } = long.MaxValue;

    /// <summary>Worlds so many steps from a start are not explored further.</summary>
    public int MaxDepth { get; init; } = int.MaxValue;

    /// <summary>
    /// What the tables of worlds may take, in bytes. Worlds that wait to be explored go to a file beyond that; when the
    /// table itself does not fit the exploration stops.
    /// </summary>
    public long MemoryBytes { get; init; } = long.MaxValue;

    /// <summary>How many threads work; the result is the same with any number.</summary>
    public int Threads { get; init; } = Math.Min(Environment.ProcessorCount, 16);

    /// <summary>Stop at the first broken property or failed step, which a shortest story leads to.</summary>
    public bool StopAtViolation { get; init; } = true;

    /// <summary>Count worlds that differ only in the names of interchangeable nodes as one.</summary>
    public bool Symmetry { get; init; }

    /// <summary>The names of the properties to judge; empty for all.</summary>
    public Set<string> Properties { get; init; }

    /// <summary>How many remembered steps are run again in the end, to find roles that are not deterministic.</summary>
    public int Recheck { get; init; } = 500;

    /// <summary>Hears four times a second how far the exploration is.</summary>
    public Action<CheckProgress>? Progress { get; init; }

    /// <summary>Stops the exploration; the result tells what was found so far.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>How far an exploration is.</summary>
/// <param name="Distinct">Different worlds found.</param>
/// <param name="Generated">Steps taken.</param>
/// <param name="Depth">Steps from a start to the worlds explored now.</param>
/// <param name="Queue">Worlds that wait to be explored.</param>
/// <param name="Elapsed">Wall-clock time.</param>
/// <param name="MemoryBytes">What the tables of worlds take.</param>
public sealed record CheckProgress(
    long Distinct, long Generated, int Depth, long Queue, TimeSpan Elapsed, long MemoryBytes);
