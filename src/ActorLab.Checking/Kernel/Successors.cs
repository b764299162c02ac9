namespace ActorLab.Checking.Kernel;

/// <summary>
/// The steps out of one world: for each its label, its fingerprint, and what it changes. The next world itself is built
/// only when somebody asks for it. Used by one thread, again and again.
/// </summary>
internal sealed class Successors(StateSpace space)
{
    private readonly StateSpace _space = space;
    private readonly TailKind _tail = space.Tail;
    private int[] _world = new int[64];
    private int _length;
    private Fingerprint _fingerprint;
    private Fingerprint _sum;
    private int _tailChanges;
    private Change[] _changes = new Change[256];
    private int _used;
    private Entry[] _entries = new Entry[64];
    private int _first;
    private int[] _scratch = new int[64];

    private enum ChangeKind : byte
    {
        Write,
        Remove,
        Put,
        PutBehind,
    }

    /// <summary>How many steps there are.</summary>
    public int Count { get; private set; }

    /// <summary>Makes ready for the steps out of a world; for starts, out of a world of zeros without tail.</summary>
    public void From(ReadOnlySpan<int> world, Fingerprint fingerprint)
    {
        if (_world.Length < world.Length)
        {
            _world = new int[world.Length * 2];
        }

        world.CopyTo(_world);
        _length = world.Length;
        _fingerprint = fingerprint;
        _used = 0;
        Count = 0;
    }

    /// <summary>Begins a step.</summary>
    /// <param name="label">The number of its label.</param>
    /// <param name="detail">What the space needs to tell the story of the step.</param>
    public void Begin(int label, int detail)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        _first = _used;
        _sum = _fingerprint;
        _tailChanges = 0;
        _entries[Count] = new Entry { Label = label, Detail = detail, First = _used };
    }

    /// <summary>The value of a slot after what the step wrote so far.</summary>
    public int Read(int slot)
    {
        for (var i = _used - 1; i >= _first; i--)
        {
            if (_changes[i].Kind == ChangeKind.Write && _changes[i].Slot == slot)
            {
                return _changes[i].Value;
            }
        }

        return _world[slot];
    }

    /// <summary>The step writes a slot. A later write counts.</summary>
    public void Write(int slot, int value)
    {
        var before = Read(slot);
        if (before != value)
        {
            _sum = _sum - Fingerprint.OfSlot(slot, before) + Fingerprint.OfSlot(slot, value);
            Add(new Change { Kind = ChangeKind.Write, Slot = slot, Value = value });
        }
    }

    /// <summary>The step writes a slot, and the caller accounts for that in <see cref="Shift"/>.</summary>
    public void WriteShifted(int slot, int value) => Add(new Change { Kind = ChangeKind.Write, Slot = slot, Value = value });

    /// <summary>The step takes a token out of the tail.</summary>
    /// <param name="index">Its index in the array of the world, behind the slots.</param>
    public void Remove(int index)
    {
        var token = _world[index];
        _sum -= Fingerprint.OfToken(token);
        _tailChanges++;
        Add(new Change { Kind = ChangeKind.Remove, Slot = index, Value = token });
    }

    /// <summary>The step puts a token into the tail; in lines, at the end of its line.</summary>
    public void Put(int token)
    {
        if (_tail != TailKind.Set || !_world.AsSpan(_space.Slots, _length - _space.Slots).Contains(token))
        {
            _sum += Fingerprint.OfToken(token);
        }

        PutShifted(token);
    }

    /// <summary>The step puts a token into the tail, and the caller accounts for that in <see cref="Shift"/>.</summary>
    public void PutShifted(int token)
    {
        _tailChanges++;
        Add(new Change { Kind = ChangeKind.Put, Value = token });
    }

    /// <summary>The step puts a second copy of a token right behind it.</summary>
    /// <param name="index">Its index in the array of the world.</param>
    public void PutBehind(int index)
    {
        if (_tail == TailKind.Lines)
        {
            Add(new Change { Kind = ChangeKind.PutBehind, Slot = index });
        }
        else
        {
            Put(_world[index]);
        }
    }

    /// <summary>What writes and puts mean for the fingerprint that were not worked out one by one.</summary>
    public void Shift(Fingerprint by) => _sum += by;

    /// <summary>Ends a step.</summary>
    public void End()
    {
        ref var entry = ref _entries[Count];
        entry.Last = _used;

        // In lines a token counts with its place, and a set may lose one and be told it again: that is no sum of changes.
        entry.Fingerprint = _tail == TailKind.Lines || (_tail == TailKind.Set && _tailChanges > 1) ? Slow(Count) : _sum;
        Count++;
    }

    /// <summary>Ends a step that failed: it leads nowhere.</summary>
    public void EndFailed()
    {
        ref var entry = ref _entries[Count];
        entry.Last = _first;
        _used = _first;
        entry.HasFailed = true;
        Count++;
    }

    public int LabelAt(int step) => _entries[step].Label;

    public int DetailAt(int step) => _entries[step].Detail;

    public bool HasFailedAt(int step) => _entries[step].HasFailed;

    public Fingerprint FingerprintAt(int step) => _entries[step].Fingerprint;

    /// <summary>Builds the world after a step.</summary>
    /// <returns>Valid until the next call.</returns>
    public ReadOnlySpan<int> Build(int step)
    {
        ref var entry = ref _entries[step];
        var changes = _changes.AsSpan(entry.First, entry.Last - entry.First);
        var most = _length + changes.Length;
        if (_scratch.Length < most)
        {
            _scratch = new int[most * 2];
        }

        _world.AsSpan(0, _length).CopyTo(_scratch);
        var length = _length;
        var removed = 0;
        foreach (ref var change in changes)
        {
            switch (change.Kind)
            {
                case ChangeKind.Write:
                    _scratch[change.Slot] = change.Value;
                    break;
                case ChangeKind.Remove: // A step removes before it puts, in ascending order.
                    var index = change.Slot - removed++;
                    Array.Copy(_scratch, index + 1, _scratch, index, length - index - 1);
                    length--;
                    break;
                case ChangeKind.PutBehind: // The only change to the tail.
                    Array.Copy(_scratch, change.Slot, _scratch, change.Slot + 1, length - change.Slot);
                    length++;
                    break;
                default:
                    length = Insert(change.Value, length);
                    break;
            }
        }

        return _scratch.AsSpan(0, length);
    }

    /// <summary>The fingerprint of a whole world.</summary>
    public static Fingerprint Of(StateSpace space, ReadOnlySpan<int> world)
    {
        var sum = default(Fingerprint);
        for (var slot = 0; slot < space.Slots; slot++)
        {
            sum += Fingerprint.OfSlot(slot, world[slot]);
        }

        return sum + OfTail(space, world[space.Slots..]);
    }

    private static Fingerprint OfTail(StateSpace space, ReadOnlySpan<int> tail)
    {
        var sum = default(Fingerprint);
        var place = 0;
        for (var i = 0; i < tail.Length; i++)
        {
            if (space.Tail == TailKind.Lines)
            {
                place = i > 0 && space.LineOf(tail[i]) == space.LineOf(tail[i - 1]) ? place + 1 : 0;
            }

            sum += Fingerprint.OfToken(tail[i], place);
        }

        return sum;
    }

    private Fingerprint Slow(int step)
    {
        var slots = _space.Slots;
        var next = Build(step);
        var sum = _fingerprint - OfTail(_space, _world.AsSpan(slots, _length - slots)) + OfTail(_space, next[slots..]);
        for (var slot = 0; slot < slots; slot++)
        {
            if (next[slot] != _world[slot])
            {
                sum = sum - Fingerprint.OfSlot(slot, _world[slot]) + Fingerprint.OfSlot(slot, next[slot]);
            }
        }

        return sum;
    }

    private int Insert(int token, int length)
    {
        var slots = _space.Slots;
        var index = length;
        if (_tail == TailKind.Lines)
        {
            var line = _space.LineOf(token);
            while (index > slots && _space.LineOf(_scratch[index - 1]) > line)
            {
                index--;
            }
        }
        else
        {
            while (index > slots && _scratch[index - 1] > token)
            {
                index--;
            }

            if (_tail == TailKind.Set && index > slots && _scratch[index - 1] == token)
            {
                return length;
            }
        }

        Array.Copy(_scratch, index, _scratch, index + 1, length - index);
        _scratch[index] = token;
        return length + 1;
    }

    private void Add(in Change change)
    {
        if (_used == _changes.Length)
        {
            Array.Resize(ref _changes, _used * 2);
        }

        _changes[_used++] = change;
    }

    private struct Change
    {
        public ChangeKind Kind;
        public int Slot;
        public int Value;
    }

    private struct Entry
    {
        public int Label;
        public int Detail;
        public int First;
        public int Last;
        public bool HasFailed;
        public Fingerprint Fingerprint;
    }
}
