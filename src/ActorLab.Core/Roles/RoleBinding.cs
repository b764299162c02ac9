using System.Buffers;
using MemoryPack;

namespace ActorLab.Core;

/// <summary>What came of one turn.</summary>
/// <param name="State">The state after it.</param>
/// <param name="DiskChanged">Whether the disk must be made durable before any effect is done.</param>
/// <param name="Effects">What the role asked for, in order.</param>
/// <param name="ClockRead">The clock, if the role read it.</param>
public sealed record Step(object State, bool DiskChanged, IReadOnlyList<Effect> Effects, ClockInterval? ClockRead);

/// <summary>
/// A role as hosts see it: with the types of its state, disk and messages erased, and with the codec for each of them.
/// Nothing that a peer sends picks a type: the binding knows the only type that can be read.
/// </summary>
public abstract class RoleBinding
{
    public abstract Type StateType { get; }

    public abstract Type DiskType { get; }

    public abstract Type MessageType { get; }

    public abstract object EmptyDisk { get; }

    public abstract Step Boot(object disk, TurnContext context);

    public abstract Step Receive(object state, Address sender, object message, TurnContext context);

    public abstract Step Expire(object state, Timer timer, TurnContext context);

    public abstract object DiskOf(object state);

    public abstract void WriteMessage(IBufferWriter<byte> writer, object message);

    /// <exception cref="MemoryPackSerializationException">The bytes are no message of this algorithm.</exception>
    public abstract object ReadMessage(ReadOnlySpan<byte> bytes);

    /// <summary>The whole disk, for snapshots.</summary>
    public abstract byte[] WriteDisk(object disk);

    public abstract object ReadDisk(ReadOnlySpan<byte> bytes);

    /// <summary>The change from one disk to the next, for journals: a delta where the disk has one, else the whole.</summary>
    public abstract byte[] WriteDelta(object earlier, object later);

    public abstract object ApplyDelta(object earlier, ReadOnlySpan<byte> delta);

    public static RoleBinding Of<TState, TDisk, TMessage>(IRole<TState, TDisk, TMessage> role)
        where TState : class, IOnDisk<TDisk>
        where TDisk : class
        where TMessage : class => new RoleBinding<TState, TDisk, TMessage>(role);
}

/// <inheritdoc />
internal sealed class RoleBinding<TState, TDisk, TMessage>(IRole<TState, TDisk, TMessage> role) : RoleBinding
    where TState : class, IOnDisk<TDisk>
    where TDisk : class
    where TMessage : class
{
    private static readonly DeltaCodec<TDisk> Deltas = DeltaCodec<TDisk>.Create();

    public override Type StateType => typeof(TState);

    public override Type DiskType => typeof(TDisk);

    public override Type MessageType => typeof(TMessage);

    public override object EmptyDisk => role.EmptyDisk;

    public override Step Boot(object disk, TurnContext context)
    {
        var turn = new Turn<TMessage>(context);
        return Finish(disk, role.Boot((TDisk)disk, turn), turn);
    }

    public override Step Receive(object state, Address sender, object message, TurnContext context)
    {
        var turn = new Turn<TMessage>(context);
        var before = (TState)state;
        return Finish(before.Disk, role.Receive(before, sender, (TMessage)message, turn), turn);
    }

    public override Step Expire(object state, Timer timer, TurnContext context)
    {
        var turn = new Turn<TMessage>(context);
        var before = (TState)state;
        return Finish(before.Disk, role.Expire(before, timer, turn), turn);
    }

    public override object DiskOf(object state) => ((TState)state).Disk;

    public override void WriteMessage(IBufferWriter<byte> writer, object message) =>
        MemoryPackSerializer.Serialize(writer, (TMessage)message);

    public override object ReadMessage(ReadOnlySpan<byte> bytes) => Read<TMessage>(bytes);

    public override byte[] WriteDisk(object disk) => MemoryPackSerializer.Serialize((TDisk)disk);

    public override object ReadDisk(ReadOnlySpan<byte> bytes) => Read<TDisk>(bytes);

    public override byte[] WriteDelta(object earlier, object later) => Deltas.Write((TDisk)earlier, (TDisk)later);

    public override object ApplyDelta(object earlier, ReadOnlySpan<byte> delta) => Deltas.Apply((TDisk)earlier, delta);

    private static Step Finish(object diskBefore, TState after, Turn<TMessage> turn) =>
        new(after, !ReferenceEquals(diskBefore, after.Disk), turn.End(), turn.ClockRead);

    private static T Read<T>(ReadOnlySpan<byte> bytes)
        where T : class => MemoryPackSerializer.Deserialize<T>(bytes)
            ?? throw new MemoryPackSerializationException($"The bytes hold no {typeof(T).Name}.");
}
