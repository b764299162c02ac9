namespace ActorLab.Core;

/// <summary>What starts a turn.</summary>
public abstract record Input
{
    private Input()
    {
    }

    /// <summary>The node started, or restarted with what its disk kept.</summary>
    public sealed record Boot(object Disk) : Input;

    /// <summary>A message, or an operation when the sender is <see cref="Address.Outside"/>.</summary>
    public sealed record Deliver(Address Sender, object Message) : Input;

    public sealed record Expire(Timer Timer) : Input;
}
