using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.Raft;

/// <summary>What whoever runs the servers may ask of them (thesis chapters 3.10, 4 and 5).</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Add))]
[MemoryPackUnion(1, typeof(Remove))]
[MemoryPackUnion(2, typeof(Transfer))]
[MemoryPackUnion(3, typeof(TakeSnapshot))]
public abstract partial record RaftChange
{
    /// <summary>A server becomes a learner, and votes once it has caught up.</summary>
    [MemoryPackable]
    public sealed partial record Add(NodeId Server) : RaftChange;

    /// <summary>A server is a member no more.</summary>
    [MemoryPackable]
    public sealed partial record Remove(NodeId Server) : RaftChange;

    /// <summary>The leader makes way for another one.</summary>
    [MemoryPackable]
    public sealed partial record Transfer(NodeId To) : RaftChange;

    /// <summary>The server that is asked compacts its log now.</summary>
    [MemoryPackable]
    public sealed partial record TakeSnapshot : RaftChange;
}

/// <summary>How a change ended.</summary>
public enum ChangeOutcome
{
    Done,

    /// <summary>It makes no sense, now or ever: nothing was tried.</summary>
    Refused,

    /// <summary>It took no effect; asked again, it may.</summary>
    Failed,

    /// <summary>It may take effect yet, or have done so.</summary>
    Unknown,
}

/// <summary>The answer to a change.</summary>
/// <param name="IsRefusal">Whether the change made no sense.</param>
/// <param name="Says">A sentence.</param>
public sealed record ChangeReply(bool IsRefusal, string Says);

/// <summary>A change of the members under way at a leader.</summary>
/// <param name="Asker">The server that was asked for it; null where the leader goes on with a learner by itself.</param>
/// <param name="Operation">Its number there.</param>
/// <param name="Server">Who comes or goes.</param>
/// <param name="Index">The index of the entry that is to be committed; 0 while a learner catches up.</param>
/// <param name="Round">Of catching up, from 1.</param>
/// <param name="Target">What the leader had when that round began: the learner is to have it too.</param>
/// <param name="Slow">That round has taken an election timeout.</param>
public sealed record OpenChange(Address? Asker, long Operation, NodeId Server, long Index, int Round, long Target, bool Slow);

/// <summary>A leader on its way out (thesis 3.10): it takes no commands while it waits for the next one to have its log.</summary>
/// <param name="To">Who is to lead.</param>
/// <param name="Asker">The server that was asked for it.</param>
/// <param name="Operation">Its number there.</param>
public sealed record Handover(NodeId To, Address Asker, long Operation);
