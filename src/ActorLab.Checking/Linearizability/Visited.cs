using System.Numerics;

namespace ActorLab.Checking;

/// <summary>
/// The configurations that a search has entered: return, state, linearized open operations (Lowe 2017 calls it the
/// cache of just-in-time linearization). One that differs only by having spent more operations of unknown outcome is
/// covered: nobody has to use such an operation, so whatever follows from it follows from the one that spent less.
/// </summary>
internal sealed class Visited(int slotWords, int optionalWords)
{
    private readonly int _stride = 1 + slotWords + optionalWords;
    private ulong[] _entries = new ulong[(1 + slotWords + optionalWords) * FirstCapacity];
    private int[] _next = new int[FirstCapacity];
    private int[] _heads = NewHeads(FirstCapacity);

    private const int FirstCapacity = 64;

    public int Count { get; private set; }

    /// <summary>What the tables take.</summary>
    public long Bytes => ((long)_entries.Length * 8) + ((long)_next.Length * 4) + ((long)_heads.Length * 4);

    /// <returns>False when this configuration, or one that covers it, was there.</returns>
    public bool Add(int at, int state, ReadOnlySpan<ulong> bits)
    {
        var first = ((ulong)(uint)at << 32) | (uint)state;
        var hash = HashOf(first, bits);
        ref var head = ref _heads[hash & (uint)(_heads.Length - 1)];
        for (var entry = head; entry >= 0; entry = _next[entry])
        {
            var words = _entries.AsSpan(entry * _stride, _stride);
            if (words[0] == first && words.Slice(1, slotWords).SequenceEqual(bits[..slotWords]) && Covers(words[(1 + slotWords)..], bits[slotWords..]))
            {
                return false;
            }
        }

        if (Count == _next.Length)
        {
            Grow();
            head = ref _heads[hash & (uint)(_heads.Length - 1)];
        }

        var mine = _entries.AsSpan(Count * _stride, _stride);
        mine[0] = first;
        bits.CopyTo(mine[1..]);
        _next[Count] = head;
        head = Count++;
        return true;
    }

    private static bool Covers(ReadOnlySpan<ulong> spent, ReadOnlySpan<ulong> more)
    {
        for (var i = 0; i < spent.Length; i++)
        {
            if ((spent[i] & ~more[i]) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private uint HashOf(ulong first, ReadOnlySpan<ulong> bits)
    {
        var hash = first * 0x9E3779B97F4A7C15;
        for (var i = 0; i < slotWords; i++)
        {
            hash = (BitOperations.RotateLeft(hash, 29) ^ bits[i]) * 0xBF58476D1CE4E5B9;
        }

        return (uint)(hash >> 32) ^ (uint)(hash >> 7);
    }

    private void Grow()
    {
        Array.Resize(ref _entries, checked(_entries.Length * 2));
        Array.Resize(ref _next, _next.Length * 2);
        _heads = NewHeads(_next.Length);
        for (var entry = 0; entry < Count; entry++)
        {
            var words = _entries.AsSpan(entry * _stride, _stride);
            ref var head = ref _heads[HashOf(words[0], words[1..]) & (uint)(_heads.Length - 1)];
            _next[entry] = head;
            head = entry;
        }
    }

    private static int[] NewHeads(int capacity)
    {
        var heads = new int[capacity * 2];
        Array.Fill(heads, -1);
        return heads;
    }
}
