using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>A node: what crashes, restarts and is partitioned.</summary>
internal sealed class NodeSlot(int index, NodeId id, long clockOffset)
{
    public int Index => index;

    public NodeId Id => id;

    /// <summary>How far its clock is off, in microseconds.</summary>
    public long ClockOffset => clockOffset;

    public List<RoleSlot> Roles { get; } = [];

    public bool IsUp { get; set; }

    /// <summary>Grows with each crash: messages between its own roles and syncs of an older one are void.</summary>
    public long Incarnation { get; set; }

    /// <summary>Whether its next write is to be struck by a crash.</summary>
    public bool DoomedInWrite { get; set; }

    /// <summary>What each of its messages takes on top.</summary>
    public Wait SlowBy { get; set; }
}
