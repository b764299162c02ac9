using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>One way a turn may end, in numbers: computed once for a state and an input, then remembered.</summary>
internal sealed record Outcome
{
    /// <summary>Unique in an exploration.</summary>
    public required int Number { get; init; }

    /// <summary>The place that takes the turn.</summary>
    public required int Place { get; init; }

    public required Input Input { get; init; }

    /// <summary>The number of the state before; -1 at a boot.</summary>
    public required int Before { get; init; }

    /// <summary>The number of the state after; where the node crashes in the turn, of the last one before the crash.</summary>
    public required int After { get; init; }

    public required bool DiskChanged { get; init; }

    public required IReadOnlyList<Effect> Effects { get; init; }

    /// <summary>Numbers of the envelopes that leave, in order.</summary>
    public required int[] Sends { get; init; }

    /// <summary>
    /// What the new state and, where they are no set or line, the envelopes add to the fingerprint; null where that depends
    /// on more than the turn.
    /// </summary>
    public Fingerprint? Shift { get; init; }

    /// <summary>The timer that went off; null for other inputs.</summary>
    public Core.Timer? Expired => (Input as Input.Expire)?.Timer;

    /// <summary>Whether the effects touch any timer.</summary>
    public required bool TouchesTimers { get; init; }

    /// <summary>What the turn threw; the other fields then tell nothing.</summary>
    public string? Error { get; init; }

    /// <summary>Where in the turn the node crashes, in a sentence; null if it does not.</summary>
    public string? Torn { get; init; }

    /// <summary>False for a turn that crashed before its disk was written: it never was.</summary>
    public bool Counts { get; init; } = true;

    /// <summary>The turn left everything as it was, and said nothing.</summary>
    public bool IsNoOp { get; init; }
}
