using System.Buffers;
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

    /// <summary>What a kept trace says: text, fingerprint of the state after, and the bytes of a message.</summary>
    public EventRecord Record(RoleBinding binding, Step? step)
    {
        byte[]? payload = null;
        if (Kind is TraceKind.Deliver or TraceKind.Operation)
        {
            var bytes = new ArrayBufferWriter<byte>();
            binding.WriteMessage(bytes, Message!);
            payload = bytes.WrittenSpan.ToArray();
        }

        var state = step is null ? 0 : Canonical.Fingerprint(step.State);
        return new EventRecord(Timer?.Name ?? Canonical.Text(Message), state, payload);
    }
}
