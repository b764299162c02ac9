using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.Paxos;

/// <summary>
/// The number of a proposal: different proposers never use the same one (section 2.2), for the proposer is part of it.
/// </summary>
/// <param name="Round">From 1; each proposer counts its own.</param>
/// <param name="Proposer">Decides between equal rounds.</param>
[MemoryPackable]
public readonly partial record struct Ballot(int Round, NodeId Proposer) : IComparable<Ballot>
{
    public int CompareTo(Ballot other) =>
        Round.CompareTo(other.Round) is var byRound and not 0 ? byRound : Proposer.CompareTo(other.Proposer);

    public override string ToString() => $"{Round}.{Proposer}";

    public static bool operator <(Ballot left, Ballot right) => left.CompareTo(right) < 0;

    public static bool operator >(Ballot left, Ballot right) => left.CompareTo(right) > 0;

    public static bool operator <=(Ballot left, Ballot right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Ballot left, Ballot right) => left.CompareTo(right) >= 0;
}

/// <summary>A value under a number.</summary>
[MemoryPackable]
public readonly partial record struct Proposal(Ballot Number, string Value) : IComparable<Proposal>
{
    public int CompareTo(Proposal other) =>
        Number.CompareTo(other.Number) is var byNumber and not 0 ? byNumber : string.CompareOrdinal(Value, other.Value);
}

/// <summary>The messages of section 2.2 by phase, and those by which learners and clients hear what came of it.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Propose))]
[MemoryPackUnion(1, typeof(Prepare))]
[MemoryPackUnion(2, typeof(Promise))]
[MemoryPackUnion(3, typeof(Accept))]
[MemoryPackUnion(4, typeof(Accepted))]
[MemoryPackUnion(5, typeof(Rejected))]
[MemoryPackUnion(6, typeof(Ask))]
[MemoryPackUnion(7, typeof(Chosen))]
[MemoryPackUnion(8, typeof(WhatIsChosen))]
[MemoryPackUnion(9, typeof(NothingKnown))]
[MemoryPackUnion(10, typeof(Invoke))]
public abstract partial record PaxosMessage
{
    /// <summary>A client, or a user of a scenario without clients, wants the value chosen.</summary>
    [MemoryPackable]
    public sealed partial record Propose(string Value) : PaxosMessage;

    /// <summary>Phase 1(a), proposer to acceptors.</summary>
    [MemoryPackable]
    public sealed partial record Prepare(Ballot Number) : PaxosMessage;

    /// <summary>Phase 1(b), acceptor to proposer: the promise, with the highest-numbered proposal accepted so far.</summary>
    [MemoryPackable]
    public sealed partial record Promise(Ballot Number, Proposal? Highest) : PaxosMessage;

    /// <summary>Phase 2(a), proposer to acceptors.</summary>
    [MemoryPackable]
    public sealed partial record Accept(Proposal Proposal) : PaxosMessage;

    /// <summary>Phase 2(b), acceptor to learners.</summary>
    [MemoryPackable]
    public sealed partial record Accepted(Proposal Proposal) : PaxosMessage;

    /// <summary>
    /// Acceptor to proposer: the number is too low (end of section 2.2). Nothing depends on it but how soon a proposer goes
    /// on.
    /// </summary>
    /// <param name="Number">The number that the acceptor ignores.</param>
    /// <param name="Promised">The one that it promised.</param>
    [MemoryPackable]
    public sealed partial record Rejected(Ballot Number, Ballot Promised) : PaxosMessage;

    /// <summary>Learner to acceptors: what have you accepted? For it may have missed an acceptance (section 2.3).</summary>
    [MemoryPackable]
    public sealed partial record Ask : PaxosMessage;

    /// <summary>Learner to those who want to know.</summary>
    [MemoryPackable]
    public sealed partial record Chosen(string Value) : PaxosMessage;

    /// <summary>Client to learner. Answered with <see cref="Chosen"/> or <see cref="NothingKnown"/>.</summary>
    [MemoryPackable]
    public sealed partial record WhatIsChosen : PaxosMessage;

    /// <summary>Learner to client: it has learned nothing, which does not mean that nothing is chosen.</summary>
    [MemoryPackable]
    public sealed partial record NothingKnown : PaxosMessage;

    /// <summary>From outside to a client.</summary>
    /// <param name="Operation">The user's number for it.</param>
    /// <param name="Value">What the user wants chosen; null where it asks only what is.</param>
    [MemoryPackable]
    public sealed partial record Invoke(long Operation, string? Value) : PaxosMessage;
}
