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
    private readonly PriorityQueue<Occurrence, Moment> _queue = new(1024);
    private long _scheduled;

    public long Now { get; private set; }

    public void At(long time, Occurrence occurrence) =>
        _queue.Enqueue(occurrence, new Moment(Math.Max(time, Now), RankOf(occurrence.What) | _scheduled++));

    public void In(long wait, Occurrence occurrence) => At(Now + wait, occurrence);

    /// <summary>
    /// Moves time to the next occurrence, unless that lies behind the limit: then time moves to the limit.
    /// </summary>
    public bool TryNext(long limit, out Occurrence occurrence)
    {
        if (!_queue.TryPeek(out occurrence, out var moment) || moment.Time > limit)
        {
            Now = Math.Max(Now, limit);
            return false;
        }

        _queue.Dequeue();
        Now = moment.Time;
        return true;
    }

    private static long RankOf(Due what) => what switch
    {
        Due.Delivery or Due.Expiry or Due.Sync => 2L << 60,
        Due.User or Due.Planned or Due.Decided => 1L << 60,
        _ => 0,
    };

    private readonly record struct Moment(long Time, long Order) : IComparable<Moment>
    {
        public int CompareTo(Moment other) =>
            Time != other.Time ? Time.CompareTo(other.Time) : Order.CompareTo(other.Order);
    }
}
