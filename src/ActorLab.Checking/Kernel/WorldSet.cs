using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// One shard of the worlds seen so far, by fingerprint, with the step by which each was first reached. 16 bytes a slot, at
/// most three quarters of them taken, and 8 bytes a world. Of the 128 bits of a fingerprint 88 are kept and 4 more choose the
/// shard: among 10^9 worlds the chance that any two are taken for one is about 10^-10. One writer, or any number of readers.
/// </summary>
internal sealed class WorldSet
{
    /// <summary>The number of a world that was generated and lies outside the constraint.</summary>
    public const long Outside = NumberMask - 1;

    /// <summary>The number of what is not there.</summary>
    public const long Absent = -1;

    private const long NumberMask = (1L << 40) - 1;
    private const int OrdinalBits = 20;
    private const int MostOrdinals = 1 << OrdinalBits;

    private Slot[] _slots = NewSlots(1 << 8);
    private int _taken;
    private readonly Blocks<ulong> _origins = new();

    /// <summary>How many worlds have a number: those within the constraint.</summary>
    public long Count => _origins.Count;

    public long Bytes => (_slots.LongLength * 16) + _origins.Bytes;

    /// <summary>Asks the processor to fetch what a lookup will need.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Prefetch(Fingerprint fingerprint)
    {
        if (Sse.IsSupported)
        {
            // The array is pinned for its whole life, so that the address stays good.
            Sse.Prefetch0(Unsafe.AsPointer(ref _slots[Home(fingerprint)]));
        }
    }

    /// <summary>The number of a world, <see cref="Outside"/>, or <see cref="Absent"/>.</summary>
    public long Find(Fingerprint fingerprint)
    {
        ref var slot = ref Locate(fingerprint);
        return slot.Rest == 0 ? Absent : (long)(slot.Rest & NumberMask) - 1;
    }

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

        if ((_taken + 1) * 4L > _slots.LongLength * 3)
        {
            Grow();
        }

        ref var slot = ref Locate(fingerprint);
        slot.High = fingerprint.High;
        slot.Rest = (fingerprint.Low << 40) | (ulong)((isOutside ? Outside : Count) + 1);
        _taken++;
        if (!isOutside)
        {
            _origins.Add(((ulong)parent << OrdinalBits) | (uint)ordinal);
        }
    }

    /// <summary>The parent of a world, and which of its steps leads to it.</summary>
    public (long Parent, int Ordinal) OriginOf(long number) =>
        ((long)(_origins[number] >> OrdinalBits), (int)(_origins[number] & (MostOrdinals - 1)));

    private static Slot[] NewSlots(int count) => GC.AllocateArray<Slot>(count, pinned: true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Home(Fingerprint fingerprint) => (int)fingerprint.High & (_slots.Length - 1);

    private ref Slot Locate(Fingerprint fingerprint)
    {
        var slots = _slots;
        var mask = slots.Length - 1;
        var low = fingerprint.Low << 40;
        for (var index = Home(fingerprint); ; index = (index + 1) & mask)
        {
            ref var slot = ref slots[index];
            if (slot.Rest == 0 || (slot.High == fingerprint.High && (slot.Rest & ~(ulong)NumberMask) == low))
            {
                return ref slot;
            }
        }
    }

    private void Grow()
    {
        var old = _slots;
        _slots = NewSlots(old.Length * 2);
        var mask = _slots.Length - 1;
        foreach (ref var slot in old.AsSpan())
        {
            if (slot.Rest == 0)
            {
                continue;
            }

            var index = (int)slot.High & mask;
            while (_slots[index].Rest != 0)
            {
                index = (index + 1) & mask;
            }

            _slots[index] = slot;
        }
    }

    private struct Slot
    {
        public ulong High;

        /// <summary>24 bits of the fingerprint's low half, then the number plus one in 40 bits; 0 where nothing is.</summary>
        public ulong Rest;
    }
}
