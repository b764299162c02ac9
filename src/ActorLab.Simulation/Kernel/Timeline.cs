namespace ActorLab.Simulation;

/// <summary>What comes due.</summary>
internal enum Due
{
    Delivery,
    Expiry,
    Sync,
    Restart,
    Fault,
    Crash,
    Scripted,
    Planned,
    User,
    Quiet,

    /// <summary>An operation of a run that is taken again.</summary>
    Decided,
}

/// <summary>One thing that comes due.</summary>
/// <param name="What">Its kind.</param>
/// <param name="Index">The role, the node or the line it concerns, by its kind.</param>
/// <param name="Stamp">The version of what it concerns: an older one than the present means that it is void.</param>
/// <param name="Subject">An envelope, a timer, by its kind.</param>
internal readonly record struct Occurrence(Due What, int Index, long Stamp = 0, object? Subject = null);

/// <summary>
/// Virtual time, in microseconds: what comes due, earliest first. Of what comes due at once, faults are first and operations
/// next, so that a run that takes them from a list takes them at the same place; then what was scheduled first.
/// </summary>
internal sealed class Timeline
{
    private const int Children = 4;

    // A heap of moments that name the slots of what comes due: moving moments about touches no reference.
    private Moment[] _heap = new Moment[1024];
    private Occurrence[] _slots = new Occurrence[1024];
    private int _count;
    private long _scheduled;

    public Timeline()
    {
        for (var slot = 0; slot < _heap.Length; slot++)
        {
            _heap[slot].Slot = slot; // behind _count: the free slots
        }
    }

    public long Now { get; private set; }

    public void At(long time, Occurrence occurrence)
    {
        if (_count == _heap.Length)
        {
            Grow();
        }

        var slot = _heap[_count].Slot;
        _slots[slot] = occurrence;
        Rise(_count++, new Moment(Math.Max(time, Now), RankOf(occurrence.What) | _scheduled++, slot));
    }

    public void In(long wait, Occurrence occurrence) => At(Now + wait, occurrence);

    /// <summary>
    /// Moves time to the next occurrence, unless that lies behind the limit: then time moves to the limit.
    /// </summary>
    public bool TryNext(long limit, out Occurrence occurrence)
    {
        if (_count == 0 || _heap[0].Time > limit)
        {
            occurrence = default;
            Now = Math.Max(Now, limit);
            return false;
        }

        var first = _heap[0];
        Now = first.Time;
        occurrence = _slots[first.Slot];
        _slots[first.Slot] = default;
        var last = _heap[--_count];
        _heap[_count].Slot = first.Slot;
        if (_count > 0)
        {
            Sink(last);
        }

        return true;
    }

    private static long RankOf(Due what) => what switch
    {
        Due.Delivery or Due.Expiry or Due.Sync => 2L << 60,
        Due.User or Due.Planned or Due.Decided => 1L << 60,
        _ => 0,
    };

    private void Rise(int place, Moment moment)
    {
        while (place > 0)
        {
            var parent = (place - 1) / Children;
            if (!moment.IsBefore(_heap[parent]))
            {
                break;
            }

            _heap[place] = _heap[parent];
            place = parent;
        }

        _heap[place] = moment;
    }

    private void Sink(Moment moment)
    {
        var place = 0;
        for (var child = 1; child < _count; child = (place * Children) + 1)
        {
            var least = child;
            for (var other = child + 1; other < Math.Min(child + Children, _count); other++)
            {
                least = _heap[other].IsBefore(_heap[least]) ? other : least;
            }

            if (!_heap[least].IsBefore(moment))
            {
                break;
            }

            _heap[place] = _heap[least];
            place = least;
        }

        _heap[place] = moment;
    }

    private void Grow()
    {
        Array.Resize(ref _slots, _count * 2);
        Array.Resize(ref _heap, _count * 2);
        for (var slot = _count; slot < _heap.Length; slot++)
        {
            _heap[slot].Slot = slot;
        }
    }

    private struct Moment(long time, long order, int slot)
    {
        public readonly long Time = time;

        public int Slot = slot;

        private readonly long _order = order;

        public readonly bool IsBefore(in Moment other) => Time != other.Time ? Time < other.Time : _order < other._order;
    }
}
