using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>A node: what crashes, restarts, pauses and is partitioned.</summary>
internal sealed class NodeSlot(int index, NodeId id, long clockOffset)
{
    public int Index => index;

    public NodeId Id => id;

    public NodeClock Clock { get; } = new(clockOffset);

    public List<RoleSlot> Roles { get; } = [];

    public bool IsUp { get; set; }

    /// <summary>It takes no input; what comes due waits in <see cref="Held"/>.</summary>
    public bool IsPaused { get; set; }

    /// <summary>What came due while it was paused, in order.</summary>
    public Queue<Occurrence> Held { get; } = [];

    /// <summary>A bit of its disk flipped: its next boot will find it.</summary>
    public bool IsRotten { get; set; }

    /// <summary>Grows with each crash: messages between its own roles and syncs of an older one are void.</summary>
    public long Incarnation { get; set; }

    /// <summary>Whether its next write is to be struck by a crash.</summary>
    public bool DoomedInWrite { get; set; }

    /// <summary>What each of its messages takes on top.</summary>
    public Wait SlowBy { get; set; }
}

/// <summary>The physical clock of a node, in microseconds.</summary>
internal sealed class NodeClock(long offset)
{
    private long _offset = offset;
    private long _since;
    private long _driftPerSecond;

    /// <summary>It is off in the course of the run, not only from the start.</summary>
    public bool IsFaulty { get; private set; }

    private long At(long now) => now + _offset + ((now - _since) * _driftPerSecond / 1_000_000);

    /// <summary>What a role reads: true time lies within, as long as the clock is off by no more than the error.</summary>
    public ClockInterval Interval(long now, long error) => new(At(now) - error, At(now) + error);

    /// <summary>It is off by so much from now on, and gains so much more in every second.</summary>
    public void Set(long now, long offset, long driftPerSecond)
    {
        (_offset, _since, _driftPerSecond) = (offset, now, driftPerSecond);
        IsFaulty = offset != 0 || driftPerSecond != 0;
    }
}
