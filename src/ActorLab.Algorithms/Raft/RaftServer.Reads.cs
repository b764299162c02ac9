using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <content>
/// Reads without the log: section 8, thesis 6.4. A leader must know that it still leads, for another may have been
/// elected unheard, and that it has applied all that was committed when the read arrived.
/// </content>
public partial class RaftServer
{
    private RaftState TakeRead(RaftState state, Address client, RaftMessage.Read read, Turn<RaftMessage> turn)
    {
        if (Store.AccessOf(read.Command) == Access.Write || Store.Refusal(read.Command) is not null)
        {
            turn.Tell(client, new RaftMessage.Refused(
                Access.Read, read.Number, Store.Refusal(read.Command) ?? "This command writes: it needs a session."));
            return state;
        }

        if (MayAnswerAtOnce(state, read.Command))
        {
            return Answer(state, client, read.Number, read.Command, turn);
        }

        if (state.Role != ServerRole.Leader && MayAsk(state, client, turn))
        {
            return QueueAtFollower(state, new WaitingRead(client, read.Number, read.Command, 0, 0), turn);
        }

        if (state.Role != ServerRole.Leader)
        {
            return SendAway(state, client, Access.Read, read.Number, turn);
        }

        var leadership = state.Leadership!;
        if (leadership.Reads.Count >= Options.MaxWaitingReads)
        {
            turn.Tell(client, new RaftMessage.Refused(
                Access.Read, read.Number, $"{leadership.Reads.Count} reads wait for this leader already."));
            return state;
        }

        return QueueRead(state, client, read.Number, read.Command, turn);
    }

    /// <summary>
    /// Thesis 6.4, step 1: what earlier leaders committed is known once the no-op of this one is. A read that arrives while a
    /// round is out waits for the next one, with all others that do.
    /// </summary>
    private RaftState QueueRead(
        RaftState state, Address client, long number, KeyValue.KvCommand? command, Turn<RaftMessage> turn)
    {
        var leadership = state.Leadership!;
        var readIndex = Math.Max(state.CommitIndex, leadership.FirstIndex);
        var idle = leadership.ConfirmedRound == leadership.Round;
        var waiting = new WaitingRead(client, number, command, leadership.Round + 1, readIndex);
        var queued = state with { Leadership = leadership with { Reads = leadership.Reads.Add(waiting) } };
        return idle ? BeginRound(queued, turn) : queued; // one round serves all reads that came before it
    }

    /// <summary>Any server answers what may be stale; everything else waits until the leader knows that it leads.</summary>
    protected virtual bool MayAnswerAtOnce(RaftState state, KeyValue.KvCommand read) =>
        Store.AccessOf(read) == Access.StaleRead;

    /// <summary>A majority answered a round: the leader led when that round began.</summary>
    private RaftState AdvanceRound(RaftState state, Turn<RaftMessage> turn)
    {
        var leadership = state.Leadership!;
        var confirmed = ReachedByMajority(state, leadership.Round, progress => progress.Round, turn);
        if (confirmed <= leadership.ConfirmedRound)
        {
            return state;
        }

        var answered = AnswerReads(state with { Leadership = leadership with { ConfirmedRound = confirmed } }, turn);
        var (round, reads) = (answered.Leadership!.Round, answered.Leadership.Reads);
        return confirmed == round && !reads.IsEmpty && reads.Last.Round > round ? BeginRound(answered, turn) : answered;
    }

    /// <summary>Answers the reads that waited long enough: their round is confirmed, their index applied.</summary>
    private static RaftState AnswerReads(RaftState state, Turn<RaftMessage> turn)
    {
        var leadership = state.Leadership!;
        var reads = leadership.Reads;
        while (!reads.IsEmpty && reads[0].Round <= leadership.ConfirmedRound && reads[0].ReadIndex <= state.LastApplied)
        {
            Answer(state, reads[0], turn);
            reads = reads.Skip(1);
        }

        return reads.Count == leadership.Reads.Count ? state : state with { Leadership = leadership with { Reads = reads } };
    }

    private static void Answer(RaftState state, WaitingRead read, Turn<RaftMessage> turn)
    {
        if (read.Command is { } command)
        {
            Answer(state, read.Client, read.Number, command, turn);
        }
        else
        {
            turn.Tell(read.Client, new RaftMessage.ReadIndexReply(state.CurrentTerm, read.Number, read.ReadIndex));
        }
    }

    private static RaftState Answer(
        RaftState state, Address client, long number, KeyValue.KvCommand command, Turn<RaftMessage> turn)
    {
        turn.Tell(client, new RaftMessage.ReadReply(number, Store.Apply(state.Machine, command).Reply));
        return state;
    }
}
