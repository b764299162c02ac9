using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <content>
/// Linearizable reads at a follower (thesis 6.4, last paragraph): it asks its leader for the read index, waits until it has
/// applied that much, and answers. One question serves all reads that came before it.
/// </content>
public partial class RaftServer
{
    /// <summary>
    /// Only for the client of its own node: one that numbers its reads for good, so that the newest of a batch names the
    /// batch, and a late answer to an earlier question is not taken for the answer to a later one.
    /// </summary>
    private bool MayAsk(RaftState state, Address client, Turn<RaftMessage> turn) =>
        Options.FollowerReads && state.LeaderId is not null && client.Node == turn.Self.Node
        && state.Reads.Count < Options.MaxWaitingReads;

    private static RaftState QueueAtFollower(RaftState state, WaitingRead read, Turn<RaftMessage> turn)
    {
        var reads = state.Reads;
        return reads.Asked.IsEmpty
            ? Ask(state, reads with { Asked = [read] }, turn)
            : state with { Reads = reads with { Next = reads.Next.Add(read) } };
    }

    private static RaftState Ask(RaftState state, FollowerReads reads, Turn<RaftMessage> turn)
    {
        // Nothing in the question depends on the disk.
        turn.TellBeforeDisk(ServerOn(state.LeaderId!.Value), new RaftMessage.ReadIndex(state.CurrentTerm, NameOf(reads.Asked)));
        return state with { Reads = reads with { Round = -1 } };
    }

    /// <summary>The client counts on: whoever was asked for the newest read was asked after all of them began.</summary>
    private static long NameOf(Seq<WaitingRead> asked)
    {
        var newest = 0L;
        foreach (var read in asked.Span)
        {
            newest = Math.Max(newest, read.Number);
        }

        return newest;
    }

    /// <summary>Question or answer is lost when the leader has been heard for more than a round since.</summary>
    private static RaftState AskAgain(RaftState state, long round, Turn<RaftMessage> turn) =>
        state.Reads.Round < 0 ? state with { Reads = state.Reads with { Round = round } }
        : round > state.Reads.Round + 1 ? Ask(state, state.Reads, turn)
        : state;

    /// <summary>The leader's part: the same as for a read of its own clients, but for the answer.</summary>
    private RaftState TakeReadIndex(RaftState state, Address follower, RaftMessage.ReadIndex ask, Turn<RaftMessage> turn) =>
        state.Role == ServerRole.Leader && state.Leadership!.Reads.Count < Options.MaxWaitingReads
            ? QueueRead(state, follower, ask.Number, null, turn)
            : state; // it asks again, or hears of another leader

    private static RaftState HearReadIndex(RaftState state, RaftMessage.ReadIndexReply reply, Turn<RaftMessage> turn)
    {
        var reads = state.Reads;
        if (reads.Asked.IsEmpty || NameOf(reads.Asked) != reply.Number || state.LeaderId is null)
        {
            return state; // answered before
        }

        var known = reads.Known;
        foreach (var read in reads.Asked.Span)
        {
            known = known.Add(read with { ReadIndex = reply.Index });
        }

        var next = reads with { Asked = reads.Next, Next = default, Known = known };
        var asking = next.Asked.IsEmpty ? state with { Reads = next } : Ask(state, next, turn);
        return AnswerKnown(asking, turn);
    }

    private static RaftState AnswerKnown(RaftState state, Turn<RaftMessage> turn)
    {
        var waiting = Seq<WaitingRead>.Empty;
        foreach (var read in state.Reads.Known.Span)
        {
            if (read.ReadIndex <= state.LastApplied)
            {
                Answer(state, read, turn);
            }
            else
            {
                waiting = waiting.Add(read);
            }
        }

        return state with { Reads = state.Reads with { Known = waiting } };
    }

    /// <summary>Another leader, or none: the client asks again.</summary>
    private static RaftState SendReadsAway(RaftState state, Turn<RaftMessage> turn)
    {
        foreach (var reads in (Seq<WaitingRead>[])[state.Reads.Asked, state.Reads.Next, state.Reads.Known])
        {
            foreach (var read in reads.Span)
            {
                SendAway(state, read.Client, Access.Read, read.Number, turn);
            }
        }

        return state with { Reads = FollowerReads.None };
    }
}
