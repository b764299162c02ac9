using System.Diagnostics;

namespace ActorLab.Lab;

/// <summary>
/// How many times as much several threads of this machine compute as one, where they share nothing and allocate nothing: what
/// a gain from threads can be at most. Two processors of a virtual machine may be two halves of one core.
/// </summary>
internal sealed class MachineGain(int threads)
{
    private const int Steps = 100_000_000;

    private readonly List<double> _gains = [];

    /// <summary>The median of the rounds so far.</summary>
    public double Median => _gains.Order().ElementAt(_gains.Count / 2);

    /// <summary>One more round, to be taken between those of the benchmark: the machine may have other work at other times.</summary>
    public void Measure() => _gains.Add(threads * Seconds(1) / Seconds(threads));

    private static double Seconds(int threads)
    {
        var watch = Stopwatch.StartNew();
        var workers = Enumerable.Range(1, threads).Select(seed => new Thread(() => Compute((uint)seed))).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        return watch.Elapsed.TotalSeconds;
    }

    private static void Compute(ulong state)
    {
        for (var step = 0; step < Steps; step++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
        }

        if (state == 0) // never, and so the steps are not left out
        {
            throw new InvalidOperationException("A xorshift generator came to 0.");
        }
    }
}
