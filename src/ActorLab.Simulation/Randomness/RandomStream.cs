using System.Numerics;
using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>
/// One stream of random numbers: xoshiro256** 1.0 (Blackman and Vigna, 2018), seeded by SplitMix64. Written out here
/// because a seed must mean the same run on every system and in every version of .NET; see docs/decisions/0003.
/// </summary>
public sealed class RandomStream : IChoices
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    internal RandomStream(ulong s0, ulong s1, ulong s2, ulong s3) => (_s0, _s1, _s2, _s3) = (s0, s1, s2, s3);

    private RandomStream(SplitMix64 seeds)
        : this(seeds.Next(), seeds.Next(), seeds.Next(), seeds.Next())
    {
    }

    /// <summary>
    /// The stream of a purpose. Each purpose has its own, so that one more draw for delays shifts no timer and no fault.
    /// </summary>
    public static RandomStream Named(long seed, string name) =>
        new(new SplitMix64(new SplitMix64((ulong)seed).Next() ^ StableHash.Of(name)));

    /// <summary>64 random bits.</summary>
    public ulong Next64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A number from 0 to <paramref name="bound"/> - 1, all equally likely (Lemire 2019, with rejection).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is 0.</exception>
    public ulong Below(ulong bound)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bound);
        var high = Math.BigMul(Next64(), bound, out var low);
        if (low < bound)
        {
            var threshold = (0 - bound) % bound;
            while (low < threshold)
            {
                high = Math.BigMul(Next64(), bound, out low);
            }
        }

        return high;
    }

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty.</exception>
    public long Between(long least, long most)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(least, most);
        return least == most ? least : least + (long)Below((ulong)(most - least) + 1);
    }

    /// <summary>True with this probability, to a precision of 2^-53. A probability of 0 draws nothing.</summary>
    public bool Chance(double probability) =>
        probability > 0 && (Next64() >> 11) < (ulong)(probability * (1UL << 53));

    /// <summary>One of the items, all equally likely.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    /// <inheritdoc />
    public int Next(int options) => (int)Below((ulong)options);
}
