using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <content>Leadership transfer: thesis 3.10.</content>
public partial class RaftServer
{
    /// <summary>Step 1: "the prior leader stops accepting new client requests".</summary>
    private RaftState HandOver(RaftState state, Handover handover, Turn<RaftMessage> turn)
    {
        var leads = state.Leadership!;
        if (handover.To == turn.Self.Node)
        {
            return Answer(
                state, handover.Asker, handover.Operation, ChangeOutcome.Done, $"{handover.To} leads term {state.CurrentTerm} already.", turn);
        }

        if (leads.Handover is { } other)
        {
            return Answer(
                state, handover.Asker, handover.Operation, ChangeOutcome.Failed, $"{turn.Self.Node} is making way for {other.To} already.", turn);
        }

        turn.Start(_handover);
        turn.Note($"makes way for {handover.To}");
        var sent = SendGathered(state, turn);
        return TellToLead(sent with { Leadership = sent.Leadership! with { Handover = handover } }, handover.To, turn);
    }

    /// <summary>Steps 2 and 3: once the target has the whole log, it is told to stand for election without delay.</summary>
    private static RaftState TellToLead(RaftState state, NodeId node, Turn<RaftMessage> turn)
    {
        var leads = state.Leadership!;
        if (leads.Handover?.To == node && leads.Followers[node].MatchIndex == state.Log.LastIndex)
        {
            turn.Tell(ServerOn(node), new RaftMessage.TimeoutNow(state.CurrentTerm));
        }

        return state;
    }

    /// <summary>
    /// "If leadership transfer does not complete after about an election timeout, the prior leader aborts the transfer and
    /// resumes accepting client requests."
    /// </summary>
    private RaftState AbortHandover(RaftState state, Turn<RaftMessage> turn) => state.Leadership?.Handover is { } handover
        ? Answer(
            state with { Leadership = state.Leadership with { Handover = null } }, handover.Asker, handover.Operation,
            ChangeOutcome.Failed, $"{handover.To} did not take over in time: {turn.Self.Node} leads on.", turn)
        : state;

    /// <summary>As if the election timeout had elapsed; servers vote although they hear a leader, for it asked for this.</summary>
    private RaftState StandAtOnce(RaftState state, RaftMessage.TimeoutNow told, Turn<RaftMessage> turn)
    {
        if (told.Term < state.CurrentTerm || state.Role is ServerRole.Leader or ServerRole.Candidate || !MayStand(state, turn))
        {
            return state; // of a leader of the past, or once more
        }

        turn.Note("takes over from its leader");
        turn.Cancel(_lease);
        turn.Start(_election);
        return BecomeCandidate(state, disruptive: true, turn);
    }
}
