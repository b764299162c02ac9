namespace ActorLab.Checking.Kernel;

/// <summary>
/// The worlds seen so far, by fingerprint, and by which step of which world each was first reached. About 40 bytes a
/// world; that two worlds share a fingerprint of 128 bits is not expected in the lifetime of the machine.
/// </summary>
internal sealed class WorldSet
{
    private UInt128[] _fingerprints = new UInt128[1 << 12];
    private int[] _parents = new int[1 << 12];
    private int[] _ordinals = new int[1 << 12];

    /// <summary>Open addressing: the number of a world plus one; 0 where nothing is.</summary>
    private int[] _slots = new int[1 << 13];

    public int Count { get; private set; }

    /// <summary>Whether the world is new; it then has the number <see cref="Count"/> - 1.</summary>
    /// <param name="fingerprint">Of the world.</param>
    /// <param name="parent">The number of the world before; -1 for a start.</param>
    /// <param name="ordinal">Which of the parent's steps, or of the starts, leads here.</param>
    public bool Add(UInt128 fingerprint, int parent, int ordinal)
    {
        var slot = Find(fingerprint);
        if (_slots[slot] != 0)
        {
            return false;
        }

        if (Count == _fingerprints.Length)
        {
            Grow();
            slot = Find(fingerprint);
        }

        _fingerprints[Count] = fingerprint;
        _parents[Count] = parent;
        _ordinals[Count] = ordinal;
        _slots[slot] = ++Count;
        return true;
    }

    public bool Contains(UInt128 fingerprint) => _slots[Find(fingerprint)] != 0;

    /// <summary>The steps to a world, the ordinal of the start first.</summary>
    public List<int> PathTo(int world)
    {
        var path = new List<int>();
        for (; world >= 0; world = _parents[world])
        {
            path.Add(_ordinals[world]);
        }

        path.Reverse();
        return path;
    }

    private int Find(UInt128 fingerprint)
    {
        var mask = _slots.Length - 1;
        var slot = (int)(ulong)fingerprint & mask;
        while (_slots[slot] != 0 && _fingerprints[_slots[slot] - 1] != fingerprint)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Grow()
    {
        Array.Resize(ref _fingerprints, Count * 2);
        Array.Resize(ref _parents, Count * 2);
        Array.Resize(ref _ordinals, Count * 2);
        _slots = new int[Count * 4];
        for (var world = 0; world < Count; world++)
        {
            _slots[Find(_fingerprints[world])] = world + 1;
        }
    }
}
