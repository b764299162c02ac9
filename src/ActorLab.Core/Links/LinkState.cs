using MemoryPack;

namespace ActorLab.Core;

/// <summary>What was sent to one receiver, and may not have arrived.</summary>
/// <param name="First">The number of the first message of <paramref name="Waiting"/>: all below it have arrived.</param>
/// <param name="Waiting">In the order of their sending.</param>
[MemoryPackable]
public sealed partial record Outbox<TMessage>(long First, Seq<TMessage> Waiting)
{
    public static readonly Outbox<TMessage> Empty = new(1, []);

    public Outbox<TMessage> Add(TMessage message) => this with { Waiting = Waiting.Add(message) };

    /// <summary>Without what has arrived; an old acknowledgement, or one of what was never sent, says nothing new.</summary>
    public Outbox<TMessage> Arrived(long upTo) => upTo < First || upTo >= First + Waiting.Count
        ? this
        : new(upTo + 1, Waiting.Skip((int)(upTo + 1 - First)));
}

/// <summary>
/// The disk of the role within, and of each link what must survive for it to be reliable over a crash: one write for both,
/// so that a message counts as arrived exactly when what it did is on the disk.
/// </summary>
/// <param name="Inner">Of the role within.</param>
/// <param name="Sent">By receiver.</param>
/// <param name="Arrived">The number of the last message that the role within got, by sender.</param>
[MemoryPackable]
public sealed partial record LinkDisk<TDisk, TMessage>(
    TDisk Inner, Map<Address, Outbox<TMessage>> Sent, Map<Address, long> Arrived)
    where TDisk : class;

/// <summary>A state with another within.</summary>
public interface IWrapped
{
    object Within { get; }
}

/// <param name="Disk">The part that survives a crash; that of the role within is the same as within it.</param>
/// <param name="Inner">The state of the role within.</param>
/// <param name="TooEarly">What arrived before others of its link, by sender and number.</param>
/// <param name="IsWaiting">The timer is armed after which all that is not acknowledged is sent again.</param>
public sealed record LinkState<TState, TDisk, TMessage>(
    LinkDisk<TDisk, TMessage> Disk, TState Inner, Map<Address, Map<long, TMessage>> TooEarly, bool IsWaiting)
    : IOnDisk<LinkDisk<TDisk, TMessage>>, IWrapped
    where TState : class
    where TDisk : class
{
    object IWrapped.Within => Inner;
}
