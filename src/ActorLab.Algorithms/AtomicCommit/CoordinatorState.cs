using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.AtomicCommit;

/// <summary>
/// The coordinator's DT log. Of an abort it keeps nothing: what it does not know, it presumes to be aborted.
/// </summary>
/// <param name="Incarnation">How often it started.</param>
/// <param name="Committed">What it committed, until every participant has acknowledged: those that have not.</param>
[MemoryPackable]
public sealed partial record CoordinatorDisk(int Incarnation, Map<TransactionId, Set<NodeId>> Committed);

/// <summary>A transaction that is not decided.</summary>
/// <param name="Operation">The number under which the user's operation ends.</param>
/// <param name="Participants">Whose votes it takes.</param>
/// <param name="Yes">Who voted Yes.</param>
public sealed record Voting(long Operation, Set<NodeId> Participants, Set<NodeId> Yes);

/// <summary>A user's question that waits for the ledgers of participants.</summary>
public sealed record Question(CommitCommand Command, Map<NodeId, Ledger> Heard);

/// <summary>All that a coordinator knows.</summary>
/// <param name="Disk">The part that survives a crash.</param>
/// <param name="Number">Of its latest transaction since it started.</param>
/// <param name="Open">The transactions without a decision. A crash aborts them.</param>
/// <param name="Questions">By the number of the operation.</param>
public sealed record CoordinatorState(
    CoordinatorDisk Disk, int Number, Map<TransactionId, Voting> Open, Map<long, Question> Questions)
    : IOnDisk<CoordinatorDisk>;
