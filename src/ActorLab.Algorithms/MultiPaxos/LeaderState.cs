using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Paxos;
using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.MultiPaxos;

/// <summary>What a proposer must never forget: which numbers it used (section 2.5).</summary>
/// <param name="Round">The round of its latest ballot; 0 before the first.</param>
[MemoryPackable]
public sealed partial record LeaderDisk(int Round);

/// <summary>Where a leader is.</summary>
public enum LeaderPhase
{
    /// <summary>Another one leads, or nobody; it waits for a heartbeat.</summary>
    Waiting,

    /// <summary>Phase 1: it gathers promises.</summary>
    Preparing,

    /// <summary>It is the distinguished proposer: phase 2 for every command.</summary>
    Leading,
}

/// <summary>Phase 1 of a ballot.</summary>
/// <param name="From">The first slot that it asked about.</param>
/// <param name="Promised">The acceptors that told all their votes.</param>
/// <param name="Votes">The highest-numbered proposal that was told, by slot.</param>
public sealed record Preparation(long From, Set<Address> Promised, Map<long, Vote> Votes);

/// <summary>A slot in which a leader proposed.</summary>
/// <param name="Command">What it proposed.</param>
/// <param name="Accepted">The acceptors that accepted; empty again when it is chosen.</param>
/// <param name="IsChosen">A majority accepted.</param>
public sealed record OpenSlot(LogCommand Command, Set<Address> Accepted, bool IsChosen);

/// <summary>A read that waits until its leader knows that it still leads.</summary>
/// <param name="Client">Who asked.</param>
/// <param name="Number">Its number for it.</param>
/// <param name="Command">What it asked.</param>
/// <param name="Round">A majority of acceptors must answer this round, which began after the read arrived.</param>
/// <param name="Slot">The last slot in which anything had been proposed when it arrived: it must be executed.</param>
public sealed record WaitingRead(Address Client, long Number, KvCommand Command, long Round, long Slot);

/// <summary>What a distinguished proposer knows.</summary>
/// <param name="NextSlot">Where the next command goes.</param>
/// <param name="Open">Its proposals in the slots that are not settled yet.</param>
/// <param name="OpenBytes">The size of their commands.</param>
/// <param name="ChosenThrough">In all slots up to here a command is chosen.</param>
/// <param name="Round">The number of its latest round of <see cref="MultiPaxosMessage.Renew"/>.</param>
/// <param name="Rounds">The latest round that each acceptor answered.</param>
/// <param name="CheckedRound">The latest confirmed round when it last looked whether it still has a majority.</param>
/// <param name="Reads">The reads that wait, oldest first.</param>
/// <param name="ResendBelow">
/// What was proposed before the last heartbeat: if it is not chosen by the next, it goes out again.
/// </param>
public sealed record Leadership(
    long NextSlot, Map<long, OpenSlot> Open, long OpenBytes, long ChosenThrough, long Round,
    Map<Address, long> Rounds, long CheckedRound, Seq<WaitingRead> Reads, long ResendBelow)
{
    /// <summary>
    /// The latest round that a majority answered: no higher number was promised by a majority when it began.
    /// </summary>
    internal long ConfirmedRound(int majority) =>
        Rounds.Count < majority ? 0 : Rounds.Values.OrderDescending().ElementAt(majority - 1);
}

/// <summary>All that a leader knows, distinguished or not.</summary>
public sealed record LeaderState(LeaderDisk Disk) : IOnDisk<LeaderDisk>
{
    public LeaderPhase Phase =>
        Leadership is not null ? LeaderPhase.Leading : Preparation is not null ? LeaderPhase.Preparing : LeaderPhase.Waiting;

    /// <summary>The highest number that it used or heard of; null before the first.</summary>
    public Ballot? Highest { get; init; }

    /// <summary>Who leads, itself included; null while it heard of nobody within its wait.</summary>
    public NodeId? LeaderId { get; init; }

    /// <summary>How much of the log each learner's ledger has, as far as it was told.</summary>
    public Map<Address, long> Ledgers { get; init; }

    /// <summary>
    /// A majority of the learners has all slots up to here in its ledgers: nobody needs to propose there any more.
    /// </summary>
    public long SettledThrough { get; init; }

    /// <summary>While it gathers promises.</summary>
    public Preparation? Preparation { get; init; }

    /// <summary>While it leads.</summary>
    public Leadership? Leadership { get; init; }
}
