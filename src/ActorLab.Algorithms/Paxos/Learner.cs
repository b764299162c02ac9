using ActorLab.Core;
using static ActorLab.Algorithms.Paxos.PaxosMessage;

namespace ActorLab.Algorithms.Paxos;

/// <param name="Acceptances">Who accepted what, as far as heard; empty once a value is learned.</param>
/// <param name="Learned">The chosen value.</param>
/// <param name="IsStuck">It asked, and has heard of no other acceptance since.</param>
public sealed record LearnerState(Map<Proposal, Set<Address>> Acceptances, string? Learned, bool IsStuck = false)
    : IOnDisk<NoDisk>
{
    public NoDisk Disk => NoDisk.Instance;
}

/// <summary>Whom a learner deals with.</summary>
/// <param name="Acceptors">All of them; it hears nobody else.</param>
/// <param name="Proposers">Whom it tells what is chosen, so that they propose no more, and asks for a proposal.</param>
/// <param name="Clients">Whom it tells what is chosen.</param>
/// <param name="Asks">
/// Until it knows, it asks the acceptors again and again what they have accepted: "because of message loss, a value could be
/// chosen with no learner ever finding out". Without, it relies on the network.
/// </param>
public sealed record LearnerOptions(
    Seq<Address> Acceptors, Seq<Address> Proposers = default, Seq<Address> Clients = default, bool Asks = false);

/// <summary>
/// Finds out that a proposal has been accepted by a majority of acceptors (section 2.3). It keeps nothing over a crash: what
/// it knew can be asked for again.
/// </summary>
public class Learner(LearnerOptions options) : IRole<LearnerState, NoDisk, PaxosMessage>
{
    private static readonly Timer Missing = Timer.Fixed("missing", TimeSpan.FromMilliseconds(200));

    public NoDisk EmptyDisk => NoDisk.Instance;

    public LearnerState Boot(NoDisk disk, Turn<PaxosMessage> turn)
    {
        if (options.Asks)
        {
            turn.Start(Missing);
        }

        return new LearnerState(default, null);
    }

    public LearnerState Receive(LearnerState state, Address sender, PaxosMessage message, Turn<PaxosMessage> turn)
    {
        switch (message)
        {
            case Accepted(var proposal) when options.Acceptors.Contains(sender):
                return state.Learned is null ? Hear(state, sender, proposal, turn) : TellProposer(state, proposal.Number, turn);

            case WhatIsChosen:
                turn.Tell(sender, state.Learned is { } value ? new Chosen(value) : new NothingKnown());
                return state;

            default: // Nobody says anything else to a learner, and none but an acceptor accepts.
                return state;
        }
    }

    /// <summary>
    /// The acceptors may be of no help: where each tells of another number, "learners will find out what value is chosen
    /// only when a new proposal is chosen". Then it "can have a proposer issue a proposal".
    /// </summary>
    public LearnerState Expire(LearnerState state, Timer timer, Turn<PaxosMessage> turn)
    {
        turn.Tell(options.Acceptors, new Ask());
        turn.Start(Missing);
        if (state.Acceptances.IsEmpty)
        {
            return state; // for all it knows nothing is chosen
        }

        if (state.IsStuck)
        {
            HaveProposed(state.Acceptances.Keys.Last().Value, turn);
        }

        return state with { IsStuck = true };
    }

    /// <summary>How many acceptors must have accepted a proposal.</summary>
    protected virtual int Majority => (options.Acceptors.Count / 2) + 1;

    /// <summary>If a value is chosen, it is the one that is proposed, whoever proposes which (P2b).</summary>
    protected virtual void HaveProposed(string value, Turn<PaxosMessage> turn) =>
        turn.Tell(options.Proposers, new Propose(value));

    /// <summary>A proposer whose new number is accepted goes on, for it has not heard that all is over.</summary>
    protected virtual LearnerState TellProposer(LearnerState state, Ballot number, Turn<PaxosMessage> turn)
    {
        turn.Tell(options.Proposers.Where(proposer => proposer.Node == number.Proposer), new Chosen(state.Learned!));
        return state;
    }

    private LearnerState Hear(LearnerState state, Address acceptor, Proposal proposal, Turn<PaxosMessage> turn)
    {
        var known = state.Acceptances.FindOr(proposal, []);
        var heard = known.Add(acceptor);
        if (heard.Count < Majority)
        {
            return heard == known ? state
                : new LearnerState(state.Acceptances.Set(proposal, heard), null);
        }

        if (options.Asks)
        {
            turn.Cancel(Missing);
        }

        turn.Note($"{proposal.Value} is chosen");
        turn.Tell(options.Clients.AddRange(options.Proposers), new Chosen(proposal.Value));
        return new LearnerState(default, proposal.Value);
    }
}
