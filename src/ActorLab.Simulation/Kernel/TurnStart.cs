using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>What starts a turn, and what a trace says about it.</summary>
internal readonly record struct TurnStart(TraceKind Kind, Address Sender, object? Message, Timer? Timer)
{
    public Place? Peer { get; init; }

    public long Number { get; init; }

    public long Cause { get; init; } = -1;

    public ulong Detail { get; init; }

    public Input AsInput() => Kind switch
    {
        TraceKind.Boot => new Input.Boot(Message!),
        TraceKind.Expire => new Input.Expire(Timer!),
        _ => new Input.Deliver(Sender, Message!),
    };

    /// <summary>What a kept trace says: text, and fingerprint of the state after.</summary>
    public EventRecord Record(Step? step) =>
        new(Timer?.Name ?? Canonical.Text(Message), step is null ? 0 : Canonical.Fingerprint(step.State));
}
