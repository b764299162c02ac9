using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// One shard of the worlds seen so far, by fingerprint, with the step by which each was first reached. 16 bytes a slot, at
/// most three quarters of them taken, and 8 bytes a world. Of the 128 bits of a fingerprint 88 are kept and 4 more choose the
/// shard: among 10^9 worlds the chance that any two are taken for one is about 10^-10. One writer, or any number of readers.
/// </summary>
internal sealed unsafe class WorldSet : IDisposable
{
    /// <summary>The number of a world that was generated and lies outside the constraint.</summary>
    public const long Outside = NumberMask - 1;

    /// <summary>The number of what is not there.</summary>
    public const long Absent = -1;

    private const long NumberMask = (1L << 40) - 1;
    private const int OrdinalBits = 20;
    private const int MostOrdinals = 1 << OrdinalBits;

    private readonly Blocks<ulong> _origins = new();
    private long _size = 1 << 8;
    private Slot* _slots;
    private long _taken;

    public WorldSet() => _slots = NewSlots(_size);

    ~WorldSet() => Release();

    /// <summary>How many worlds have a number: those within the constraint.</summary>
    public long Count => _origins.Count;

    public long Bytes => (_size * sizeof(Slot)) + _origins.Bytes;

    public void Dispose()
    {
        Release();
        _origins.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Asks the processor to fetch what a lookup will need.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(Fingerprint fingerprint)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(_slots + Home(fingerprint));
        }
    }

    /// <summary>The number of a world, <see cref="Outside"/>, or <see cref="Absent"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Find(Fingerprint fingerprint) => (long)(Locate(fingerprint)->Rest & NumberMask) - 1;

    /// <summary>Adds a world that is not there.</summary>
    /// <param name="fingerprint">Of the world.</param>
    /// <param name="isOutside">Whether it lies outside the constraint.</param>
    /// <param name="parent">The world before, any number of 44 bits.</param>
    /// <param name="ordinal">Which of the parent's steps leads here.</param>
    public void Add(Fingerprint fingerprint, bool isOutside, long parent, int ordinal)
    {
        if (ordinal >= MostOrdinals)
        {
            throw new NotSupportedException($"A world has more than {MostOrdinals} steps out of it.");
        }

        if ((_taken + 1) * 4 > _size * 3)
        {
            Grow();
        }

        var slot = Locate(fingerprint);
        slot->High = fingerprint.High;
        slot->Rest = (fingerprint.Low << 40) | (ulong)((isOutside ? Outside : Count) + 1);
        _taken++;
        if (!isOutside)
        {
            _origins.Add(((ulong)parent << OrdinalBits) | (uint)ordinal);
        }
    }

    /// <summary>The parent of a world, and which of its steps leads to it.</summary>
    public (long Parent, int Ordinal) OriginOf(long number) =>
        ((long)(_origins[number] >> OrdinalBits), (int)(_origins[number] & (MostOrdinals - 1)));

    private static Slot* NewSlots(long size) => (Slot*)Pages.TakeCleared(size * sizeof(Slot));

    /// <summary>Where the search begins: the fingerprints in their order, stretched over the slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Home(Fingerprint fingerprint) => (long)Math.BigMul(fingerprint.High, (ulong)_size, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Slot* Locate(Fingerprint fingerprint)
    {
        var end = _slots + _size;
        var low = fingerprint.Low << 40;
        var slot = _slots + Home(fingerprint);
        while (slot->Rest != 0 && (slot->High != fingerprint.High || (slot->Rest & ~(ulong)NumberMask) != low))
        {
            if (++slot == end)
            {
                slot = _slots;
            }
        }

        return slot;
    }

    /// <summary>Half as large again; old and new are run through in the same order.</summary>
    private void Grow()
    {
        var old = _slots;
        var end = old + _size;
        _size = _size < 1 << 14 ? _size * 4 : _size / 2 * 3;
        _slots = NewSlots(_size);
        for (var from = old; from < end; from++)
        {
            if (from->Rest == 0)
            {
                continue;
            }

            var to = _slots + Home(new Fingerprint(from->High, 0));
            while (to->Rest != 0)
            {
                to = to + 1 == _slots + _size ? _slots : to + 1;
            }

            *to = *from;
        }

        Pages.Free(old);
    }

    private void Release()
    {
        if (_slots is not null)
        {
            Pages.Free(_slots);
            _slots = null;
        }
    }

    private struct Slot
    {
        public ulong High;

        /// <summary>24 bits of the fingerprint's low half, then the number plus one in 40 bits; 0 where nothing is.</summary>
        public ulong Rest;
    }
}
