namespace ActorLab.Core;

/// <summary>
/// A deterministic state machine of an algorithm. Pure: it reads its arguments and its own configuration, returns the
/// next state, and asks for everything else (messages, timers, dice, clock) through the turn. It keeps nothing in fields
/// that change. The same role object runs on the cluster, in the simulator and under the checker.
/// </summary>
/// <typeparam name="TState">All of the role's state; an immutable record.</typeparam>
/// <typeparam name="TDisk">The part that survives a crash; <see cref="NoDisk"/> where there is none.</typeparam>
/// <typeparam name="TMessage">The messages of the algorithm: one abstract record with nested sealed ones.</typeparam>
public interface IRole<TState, TDisk, TMessage>
    where TState : class, IOnDisk<TDisk>
    where TDisk : class
    where TMessage : class
{
    /// <summary>What a node that never ran before finds on its disk.</summary>
    TDisk EmptyDisk { get; }

    /// <summary>Start and recovery are the same: the first start recovers from the empty disk.</summary>
    TState Boot(TDisk disk, Turn<TMessage> turn);

    /// <summary>
    /// Handles one message. Operations of users come as messages from <see cref="Address.Outside"/>.
    /// </summary>
    TState Receive(TState state, Address sender, TMessage message, Turn<TMessage> turn);

    /// <summary>Handles the expiry of a timer that this role started and did not cancel.</summary>
    TState Expire(TState state, Timer timer, Turn<TMessage> turn) => state;
}

/// <summary>A state with a part that survives a crash. A host writes it when the reference changed.</summary>
public interface IOnDisk<out TDisk>
{
    TDisk Disk { get; }
}

/// <summary>The disk of a role that forgets everything in a crash.</summary>
[MemoryPack.MemoryPackable]
public sealed partial record NoDisk
{
    public static readonly NoDisk Instance = new();
}

/// <summary>
/// A disk that can say what changed, so that a host journals the change instead of the whole. For any two successive
/// disks <c>earlier.Apply(later.DeltaSince(earlier))</c> equals <c>later</c>.
/// </summary>
public interface IDeltaDisk<TSelf, TDelta>
    where TSelf : class, IDeltaDisk<TSelf, TDelta>
{
    TDelta DeltaSince(TSelf earlier);

    TSelf Apply(TDelta delta);
}
