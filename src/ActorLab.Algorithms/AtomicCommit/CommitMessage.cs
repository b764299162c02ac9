using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.AtomicCommit;

/// <summary>The messages of section 7.4, and those of users.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(VoteRequest))]
[MemoryPackUnion(1, typeof(Vote))]
[MemoryPackUnion(2, typeof(Decide))]
[MemoryPackUnion(3, typeof(Acknowledge))]
[MemoryPackUnion(4, typeof(DecisionRequest))]
[MemoryPackUnion(20, typeof(Invoke))]
[MemoryPackUnion(21, typeof(LedgerRequest))]
[MemoryPackUnion(22, typeof(LedgerIs))]
public abstract partial record CommitMessage
{
    /// <summary>VOTE-REQ, coordinator to participants.</summary>
    /// <param name="Transaction">Which one.</param>
    /// <param name="Changes">What it changes there.</param>
    /// <param name="Participants">All of them, for the termination protocol.</param>
    /// <param name="Oldest">Of the coordinator's transactions the oldest that somebody may still ask about.</param>
    [MemoryPackable]
    public sealed partial record VoteRequest(
        TransactionId Transaction, Map<string, long> Changes, Set<NodeId> Participants, TransactionId Oldest)
        : CommitMessage;

    /// <summary>YES or NO, participant to coordinator.</summary>
    /// <param name="Transaction">Which one.</param>
    /// <param name="Yes">The participant can commit it, and will if it is told to.</param>
    /// <param name="Why">A sentence with a NO.</param>
    [MemoryPackable]
    public sealed partial record Vote(TransactionId Transaction, bool Yes, string Why) : CommitMessage;

    /// <summary>COMMIT or ABORT, from the coordinator, or from a participant that knows.</summary>
    [MemoryPackable]
    public sealed partial record Decide(TransactionId Transaction, Decision Decision) : CommitMessage;

    /// <summary>A participant's disk has the Commit: the coordinator need not remember it for its sake.</summary>
    [MemoryPackable]
    public sealed partial record Acknowledge(TransactionId Transaction) : CommitMessage;

    /// <summary>DECISION-REQ, from a participant in doubt, to the coordinator and to the other participants.</summary>
    [MemoryPackable]
    public sealed partial record DecisionRequest(TransactionId Transaction) : CommitMessage;

    /// <summary>From a user.</summary>
    /// <param name="Operation">The user's number for it, under which its end is reported.</param>
    /// <param name="Command">What is asked.</param>
    [MemoryPackable]
    public sealed partial record Invoke(long Operation, CommitCommand Command) : CommitMessage;

    /// <summary>Coordinator to participants, for a user.</summary>
    [MemoryPackable]
    public sealed partial record LedgerRequest(long Operation) : CommitMessage;

    [MemoryPackable]
    public sealed partial record LedgerIs(long Operation, Ledger Ledger) : CommitMessage;
}
