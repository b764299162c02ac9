namespace ActorLab.Cluster;

/// <summary>A message on its way to a role, once it is read.</summary>
/// <param name="Target">The role it is for.</param>
/// <param name="Sender">The role that sent it.</param>
/// <param name="Incarnation">Of the sender's boot.</param>
/// <param name="Number">Unique for the sender, over its incarnations: see <see cref="EnvelopeNumber"/>.</param>
/// <param name="Cause">The number of the envelope whose turn sent this one; 0 when a timer, a boot or an operation did.</param>
/// <param name="Message">Of the target's message type.</param>
/// <param name="Bytes">The size of its frame; 0 when it never left the process.</param>
internal sealed record RoleEnvelope(
    Address Target, Address Sender, long Incarnation, long Number, long Cause, object Message, int Bytes)
{
    /// <summary>Links lose messages: one from another node may be dropped when its target is too far behind.</summary>
    public bool FromAfar => Bytes > 0;

    /// <summary>What the sender's clocks showed at the turn that sent it; null where nobody knows.</summary>
    public ClockReading? Clock { get; init; }
}

/// <summary>A message for a role of another node, as the bytes that travel.</summary>
internal sealed record OutgoingFrame(byte[] Bytes);

/// <summary>What came instead of an envelope; it is dropped, with one line in the log.</summary>
internal sealed record BadFrame(string Reason);

/// <summary>Numbers envelopes so that no two of one sender are the same, and people can read them.</summary>
public static class EnvelopeNumber
{
    /// <summary>More envelopes than a role sends between two boots.</summary>
    private const long PerIncarnation = 1_000_000_000_000;

    /// <summary>The number before the first one: envelope 17 of incarnation 3 is 3000000000017.</summary>
    public static long Before(long incarnation) => incarnation * PerIncarnation;

    /// <summary>The boot of its sender in which an envelope was numbered.</summary>
    public static long IncarnationOf(long number) => number / PerIncarnation;
}
