using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <content>What a leader learns of its followers: section 5.3, the answers to AppendEntries.</content>
public partial class RaftServer
{
    private RaftState HearFollower(
        RaftState state, Address sender, RaftMessage.AppendEntriesReply reply, Turn<RaftMessage> turn)
    {
        if (state.Role != ServerRole.Leader || reply.Term != state.CurrentTerm
            || !state.Leadership!.Followers.TryGetValue(sender.Node, out var progress))
        {
            return state; // an answer to an earlier leadership
        }

        var heard = progress with { Active = true, Round = Math.Max(progress.Round, reply.Round) };
        var next = reply.Success ? Advance(heard, reply)
            : LostItsLog(progress, reply) ? StartOver(heard, reply)
            : BackUp(state.Log, heard, reply);
        return Proceed(state, sender.Node, progress, next, turn);
    }

    /// <summary>What follows from an answer of a follower: it gets more, and what a majority has or answered counts.</summary>
    private RaftState Proceed(RaftState state, NodeId node, Progress before, Progress heard, Turn<RaftMessage> turn)
    {
        var prepared = WithImage(state, heard);
        var sent = Send(prepared, node, heard, turn);
        var leadership = prepared.Leadership!;
        var after = WithoutImage(
            prepared with { Leadership = leadership with { Followers = leadership.Followers.Set(node, sent) } });
        after = sent.MatchIndex > before.MatchIndex ? AdvanceCommit(after, turn) : after;
        if (after.Role != ServerRole.Leader || !after.Leadership!.Followers.ContainsKey(node))
        {
            return after; // what was committed put the leader out, or the follower
        }

        after = sent.Round > before.Round ? AdvanceRound(after, turn) : after;
        after = after.Leadership!.Change is null ? after : CatchUp(after, node, turn);
        return after.Leadership!.Handover is null ? after : TellToLead(after, node, turn);
    }

    /// <summary>
    /// "If successful: update nextIndex and matchIndex." A follower that answers a later round without having answered
    /// an earlier batch did not get it, or the answer was lost: it goes out again.
    /// </summary>
    private static Progress Advance(Progress progress, RaftMessage.AppendEntriesReply reply)
    {
        var match = Math.Max(progress.MatchIndex, reply.Index);
        var inFlight = progress.InFlight;
        while (!inFlight.IsEmpty && inFlight[0].Last <= match)
        {
            inFlight = inFlight.Skip(1);
        }

        var lost = !inFlight.IsEmpty && inFlight[0].Round < reply.Round;
        return progress with
        {
            MatchIndex = match,
            NextIndex = lost ? Math.Max(match + 1, inFlight[0].First) : Math.Max(progress.NextIndex, match + 1),
            InFlight = lost ? default : inFlight,
        };
    }

    /// <summary>
    /// "If AppendEntries fails because of log inconsistency: decrement nextIndex and retry", a whole term at a time: to
    /// behind the leader's own last entry of the conflicting term, or to the follower's first.
    /// </summary>
    private static Progress BackUp(Log log, Progress progress, RaftMessage.AppendEntriesReply reply)
    {
        if (reply.Index <= progress.MatchIndex || progress.InFlight.IsEmpty || progress.InFlight[0].First != reply.Index + 1)
        {
            return progress; // an answer to what was sent before the last step back
        }

        var behindTerm = log.FirstIndexOf(reply.ConflictTerm + 1);
        var hasTerm = reply.ConflictTerm > 0 && behindTerm - 1 >= Math.Max(1, log.SnapshotIndex)
            && log.TermAt(behindTerm - 1) == reply.ConflictTerm;
        var next = hasTerm ? Math.Min(behindTerm, reply.Index) : reply.ConflictIndex;
        return progress with { NextIndex = Math.Clamp(next, progress.MatchIndex + 1, reply.Index), InFlight = default };
    }

    /// <summary>
    /// A follower that refuses the entry it is known to have, in a round later than all that it answered: its disk was
    /// emptied, which the algorithm rules out. A message that was overtaken may look the same; both times MatchIndex is
    /// only lowered, which commits nothing and costs sending again.
    /// </summary>
    private static bool LostItsLog(Progress before, RaftMessage.AppendEntriesReply reply) =>
        reply.Index == before.MatchIndex && reply.Index > 0 && reply.Round > before.Round;

    private static Progress StartOver(Progress progress, RaftMessage.AppendEntriesReply reply) =>
        progress with
        {
            MatchIndex = 0,
            NextIndex = Math.Clamp(reply.ConflictIndex, 1, reply.Index),
            InFlight = default,
            Snapshot = null,
        };
}
