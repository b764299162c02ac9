using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>Which turn of a recording.</summary>
/// <param name="Where">The role that took it.</param>
/// <param name="Incarnation">The boot that it belongs to.</param>
/// <param name="Number">Its number in that boot; 0 for what is no turn.</param>
/// <param name="Line">The line of the node's recording.</param>
public sealed record TurnName(Address Where, long Incarnation, long Number, int Line)
{
    public override string ToString() => $"turn {Number} of {Where} in its boot {Incarnation} (line {Line})";
}

/// <summary>Something that a role did, in the order in which its node wrote it down.</summary>
internal abstract class ReplayedItem(TurnName name, long at)
{
    public TurnName Name => name;

    public long At => at;

    /// <summary>What does not agree with the recording; null where all does. Nothing of the role follows.</summary>
    public ConformanceDifference? Difference { get; init; }
}

/// <summary>A turn that was taken again.</summary>
internal sealed class ReplayedTurn(RecordedLine.Turn recorded, TurnName name) : ReplayedItem(name, recorded.At)
{
    public RecordedLine.Turn Recorded => recorded;

    public Input? Input { get; init; }

    public object? Before { get; init; }

    /// <summary>Null for a turn that threw.</summary>
    public object? After { get; init; }

    public IReadOnlyList<Effect> Effects { get; init; } = [];

    /// <summary>The message of a failed turn.</summary>
    public string? Error { get; init; }

    public bool DiskChanged { get; init; }

    /// <summary>Others could see it, or the disk kept it: it was not lost in a crash.</summary>
    public bool Counts { get; set; }

    /// <summary>Of a boot: which process of the node it is in, from 1.</summary>
    public int Process { get; init; }

    /// <summary>The recording stopped before it said whether the disk kept it.</summary>
    public bool IsOpen { get; set; }
}

/// <summary>A role lost its memory.</summary>
internal sealed class ReplayedCrash(TurnName name, long at, string reason) : ReplayedItem(name, at)
{
    /// <summary>Why; empty where it ended in order.</summary>
    public string Reason => reason;

    /// <summary>It ended in order, and nothing failed.</summary>
    public bool IsStop { get; init; }

    /// <summary>All roles of the node lost theirs at once, with its process.</summary>
    public bool IsOfNode { get; init; }
}
