using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;
using static ActorLab.Algorithms.MultiPaxos.MultiPaxosMessage;

namespace ActorLab.Algorithms.MultiPaxos;

/// <content>What the leader takes from clients, and what the others say to them.</content>
public partial class Leader
{
    private LeaderState TakeRequest(LeaderState state, Address client, Request request, Turn<MultiPaxosMessage> turn)
    {
        if (state.Leadership is null)
        {
            return SendAway(state, client, Access.Write, request.Number, turn);
        }

        if (WhyNot(state, request) is { } reason)
        {
            turn.Tell(client, new Refused(Access.Write, request.Number, reason));
            return state;
        }

        return Propose(
            state,
            new LogCommand.Operation(client, request.Session, request.Number, request.FirstOutstanding, request.Command),
            turn);
    }

    private string? WhyNot(LeaderState state, Request request) =>
        IsFull(state) ? "The leader waits for a majority of acceptors and learners, and takes no more till then."
        : Store.AccessOf(request.Command) != Access.Write ? "This command only reads: ask for it as a read."
        : Store.Refusal(request.Command);

    private bool IsFull(LeaderState leader) =>
        leader.Leadership!.OpenBytes >= Options.MaxOpenBytes || leader.Leadership.Open.Count >= Options.MaxOpenSlots;

    private LeaderState TakeSession(LeaderState state, Address client, OpenSession open, Turn<MultiPaxosMessage> turn) =>
        state.Leadership is null ? SendAway(state, client, Access.Write, 0, turn)
        : IsFull(state) ? state // the client asks again
        : Propose(state, new LogCommand.OpenSession(client, open.Nonce), turn);

    /// <summary>
    /// A read changes nothing and takes no slot. But another may lead unheard: so a majority of acceptors is asked first
    /// whether it has promised a higher number. What was chosen before the read came is then in a slot that this leader knew
    /// of.
    /// </summary>
    private LeaderState TakeRead(LeaderState state, Address client, Read read, Turn<MultiPaxosMessage> turn)
    {
        if (Store.AccessOf(read.Command) == Access.Write || Store.Refusal(read.Command) is not null)
        {
            turn.Tell(client, new Refused(
                Access.Read, read.Number, Store.Refusal(read.Command) ?? "This command writes: it needs a session."));
            return state;
        }

        if (Store.AccessOf(read.Command) == Access.StaleRead)
        {
            turn.Tell(Places.AnsweringFor(turn.Self.Node), new Query(client, read.Number, read.Command, 0));
            return state;
        }

        if (state.Leadership is not { } leads)
        {
            return SendAway(state, client, Access.Read, read.Number, turn);
        }

        if (leads.Reads.Count >= Options.MaxWaitingReads)
        {
            turn.Tell(client, new Refused(
                Access.Read, read.Number, $"{leads.Reads.Count} reads wait for this leader already."));
            return state;
        }

        if (MayReadAtOnce)
        {
            turn.Tell(
                Places.AnsweringFor(turn.Self.Node), new Query(client, read.Number, read.Command, leads.ChosenThrough));
            return state;
        }

        var idle = leads.ConfirmedRound(Majority) == leads.Round;
        var waiting = new WaitingRead(client, read.Number, read.Command, leads.Round + 1, leads.NextSlot - 1);
        var queued = state with { Leadership = leads with { Reads = leads.Reads.Add(waiting) } };
        return idle ? BeginRound(queued, turn) : queued; // one round serves all reads that came before it
    }

    /// <summary>Whether it trusts that it leads without asking.</summary>
    protected virtual bool MayReadAtOnce => false;

    private LeaderState BeginRound(LeaderState leader, Turn<MultiPaxosMessage> turn)
    {
        var leads = leader.Leadership!;
        turn.Tell(Places.AcceptorPlaces, new Renew(leader.Highest!.Value, leads.Round + 1));
        return leader with { Leadership = leads with { Round = leads.Round + 1 } };
    }

    private LeaderState HearRenewed(LeaderState state, Address acceptor, Renewed renewed, Turn<MultiPaxosMessage> turn)
    {
        if (state.Leadership is not { } leads || renewed.Number != state.Highest
            || renewed.Round <= leads.Rounds.FindOr(acceptor, 0))
        {
            return state;
        }

        leads = leads with { Rounds = leads.Rounds.Set(acceptor, renewed.Round) };
        var confirmed = leads.ConfirmedRound(Majority);
        var reads = leads.Reads;
        while (!reads.IsEmpty && reads[0].Round <= confirmed)
        {
            turn.Tell(
                Places.AnsweringFor(turn.Self.Node),
                new Query(reads[0].Client, reads[0].Number, reads[0].Command, reads[0].Slot));
            reads = reads.Skip(1);
        }

        var answered = state with { Leadership = leads with { Reads = reads } };
        return confirmed == leads.Round && !reads.IsEmpty ? BeginRound(answered, turn) : answered;
    }

    private LeaderState SendAway(
        LeaderState state, Address client, Access access, long number, Turn<MultiPaxosMessage> turn)
    {
        turn.Tell(client, new NotLeader(access, number, Places.TermOf(state.Highest), state.LeaderId));
        return state;
    }

    /// <summary>
    /// A leader that steps down tells those who wait. Whether their commands are chosen is for the next leader to find out:
    /// clients ask there again, and sessions keep that from applying twice.
    /// </summary>
    private void SendClientsAway(LeaderState leader, Turn<MultiPaxosMessage> turn)
    {
        var waiting = leader.Leadership!.Reads.Select(read => read.Client).ToSet();
        foreach (var (_, open) in leader.Leadership.Open)
        {
            waiting = (open.Command, open.IsChosen) switch
            {
                (LogCommand.Operation operation, false) => waiting.Add(operation.Client),
                (LogCommand.OpenSession session, false) => waiting.Add(session.Client),
                _ => waiting,
            };
        }

        turn.Tell(waiting, new NotLeader(Access.Write, 0, Places.TermOf(leader.Highest), null));
    }
}
