using ActorLab.Core;
using static ActorLab.Algorithms.Paxos.PaxosMessage;

namespace ActorLab.Algorithms.Paxos;

/// <param name="Acceptances">Who accepted what, as far as heard; empty once a value is learned.</param>
/// <param name="Learned">The chosen value.</param>
public sealed record LearnerState(Map<Ballot, Set<Address>> Acceptances, string? Learned) : IOnDisk<NoDisk>
{
    public NoDisk Disk => NoDisk.Instance;
}

/// <summary>
/// Finds out that a proposal has been accepted by a majority of acceptors (section 2.3). It keeps nothing over a crash: what
/// it knew can be asked for again.
/// </summary>
/// <param name="acceptors">How many there are.</param>
/// <param name="asked">
/// The acceptors that it asks, again and again until it knows, what they have accepted: "because of message loss, a value
/// could be chosen with no learner ever finding out". Empty for one that relies on the network.
/// </param>
/// <param name="told">Whom it tells what it learned.</param>
public sealed class Learner(int acceptors, Seq<Address> asked = default, Seq<Address> told = default)
    : IRole<LearnerState, NoDisk, PaxosMessage>
{
    private static readonly Timer Missing = Timer.Fixed("missing", TimeSpan.FromMilliseconds(200));

    public NoDisk EmptyDisk => NoDisk.Instance;

    public LearnerState Boot(NoDisk disk, Turn<PaxosMessage> turn)
    {
        if (!asked.IsEmpty)
        {
            turn.Start(Missing);
        }

        return new LearnerState(default, null);
    }

    public LearnerState Receive(LearnerState state, Address sender, PaxosMessage message, Turn<PaxosMessage> turn)
    {
        switch (message)
        {
            case Accepted(var proposal) when state.Learned is null:
                return Hear(state, sender, proposal, turn);

            case WhatIsChosen:
                turn.Tell(sender, state.Learned is { } value ? new Chosen(value) : new NothingKnown());
                return state;

            default: // What is chosen stays chosen: there is nothing more to learn.
                return state;
        }
    }

    /// <summary>
    /// The acceptors may be of no help: where each tells of another number, "learners will find out what value is chosen
    /// only when a new proposal is chosen".
    /// </summary>
    public LearnerState Expire(LearnerState state, Timer timer, Turn<PaxosMessage> turn)
    {
        turn.Tell(asked, new Ask());
        turn.Start(Missing);
        return state;
    }

    private LearnerState Hear(LearnerState state, Address acceptor, Proposal proposal, Turn<PaxosMessage> turn)
    {
        var heard = state.Acceptances.FindOr(proposal.Number, []).Add(acceptor);
        if (heard.Count <= acceptors / 2)
        {
            return state with { Acceptances = state.Acceptances.Set(proposal.Number, heard) };
        }

        if (!asked.IsEmpty)
        {
            turn.Cancel(Missing);
        }

        turn.Note($"{proposal.Value} is chosen");
        turn.Tell(told, new Chosen(proposal.Value));
        return new LearnerState(default, proposal.Value);
    }
}
