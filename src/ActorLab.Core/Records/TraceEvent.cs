namespace ActorLab.Core;

/// <summary>What kind of thing a trace records.</summary>
public enum TraceKind
{
    Boot,
    Deliver,
    Expire,
    Operation,
    Send,
    Drop,
    Duplicate,
    Crash,
    Restart,
    Pause,
    Resume,
    Fault,
    Note,
    Report,
    Violation,

    /// <summary>A labelled step of a model over shared variables.</summary>
    Step,

    /// <summary>A role or a node ended in order, as it was told to: its memory is gone as after a crash, and nothing failed.</summary>
    Stop,
}

/// <summary>One line of a trace.</summary>
/// <param name="Index">Its place in the trace of its host, from 0, without gaps.</param>
/// <param name="At">Microseconds of the host's clock since the run began.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Where">The address that took the turn or sent; the node alone for crashes.</param>
/// <param name="Peer">The other end of a message.</param>
/// <param name="Message">The number of the envelope, the same at send, drop and delivery; 0 where there is none.</param>
/// <param name="Cause">The index of the event that led to this one; -1 for a first cause.</param>
/// <param name="Text">For people: message, timer, note or fault, in canonical text.</param>
/// <param name="State">Fingerprint of the state after a turn; zero where there was none.</param>
public sealed record TraceEvent(
    long Index, long At, TraceKind Kind, Address Where, Address? Peer, long Message, long Cause, string Text,
    UInt128 State)
{
    /// <summary>Whose event, where several scenarios run side by side; null for what befalls a node.</summary>
    public string? Scenario { get; init; }

    /// <summary>What the clocks of its turn showed, where hosts carry them; null elsewhere, and for what is of no role's turn.</summary>
    public EventClock? Clock { get; init; }
}
