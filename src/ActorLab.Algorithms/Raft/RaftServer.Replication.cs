using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <content>Log replication: section 5.3.</content>
public partial class RaftServer
{
    /// <summary>
    /// The leader appends a command to its log and sends it to all. Followers write it while the leader does (thesis
    /// 10.2.1): what says that the leader's own copy is safe is a message to itself, which leaves after the write.
    /// </summary>
    private RaftState Propose(RaftState state, LogCommand command, Turn<RaftMessage> turn)
    {
        var leads = state.Leadership!;
        var counted = state with { Leadership = leads with { UncommittedBytes = leads.UncommittedBytes + command.Bytes } };
        return Append(counted, Seq.Of(new LogEntry(state.CurrentTerm, command)), turn);
    }

    private RaftState Append(RaftState state, Seq<LogEntry> entries, Turn<RaftMessage> turn)
    {
        var log = state.Log.AddRange(entries);
        turn.Tell(turn.Self, new RaftMessage.Persisted(state.CurrentTerm, log.LastIndex));
        return Replicate(state with { Disk = state.Disk with { Log = log } }, turn);
    }

    /// <summary>Sends what each follower lacks and may get now.</summary>
    private RaftState Replicate(RaftState state, Turn<RaftMessage> turn)
    {
        var leadership = state.Leadership!;
        var followers = leadership.Followers;
        foreach (var (node, progress) in leadership.Followers)
        {
            state = WithImage(state, progress);
            var after = Send(state, node, progress, turn);
            followers = ReferenceEquals(after, progress) ? followers : followers.Set(node, after);
        }

        return state with { Leadership = state.Leadership! with { Followers = followers } };
    }

    /// <summary>
    /// "If last log index ≥ nextIndex for a follower: send AppendEntries with log entries starting at nextIndex."
    /// </summary>
    private Progress Send(RaftState state, NodeId follower, Progress progress, Turn<RaftMessage> turn)
    {
        if (progress.NextIndex <= state.Log.SnapshotIndex)
        {
            return SendSnapshot(state, follower, progress, turn);
        }

        while (progress.NextIndex <= state.Log.LastIndex && progress.InFlight.Count < Options.MaxInFlight)
        {
            var first = progress.NextIndex;
            var entries = state.Log.Batch(first, Options.MaxBatchBytes);
            SendAppend(state, follower, first - 1, entries, turn);
            var last = first + entries.Count - 1;
            progress = progress with
            {
                NextIndex = last + 1,
                InFlight = progress.InFlight.Add(new Sent(first, last, state.Leadership!.Round)),
            };
        }

        return progress;
    }

    private static void SendAppend(
        RaftState state, NodeId follower, long prevLogIndex, Seq<LogEntry> entries, Turn<RaftMessage> turn) =>
        turn.TellBeforeDisk(
            ServerOn(follower),
            new RaftMessage.AppendEntries(
                state.CurrentTerm, prevLogIndex, prevLogIndex == 0 ? 0 : state.Log.TermAt(prevLogIndex), entries, state.CommitIndex,
                state.Leadership!.Round));

    /// <summary>
    /// Heartbeats prevent elections (section 5.2), tell the commit index, confirm that this is the leader for reads, and
    /// find out what was lost. They name an entry that the follower is known to have, so they fail only
    /// where a disk was emptied; and none where the leader itself has it no more.
    /// </summary>
    private RaftState SendHeartbeats(RaftState state, Turn<RaftMessage> turn)
    {
        turn.Start(_heartbeat);
        return BeginRound(state, turn);
    }

    private RaftState BeginRound(RaftState state, Turn<RaftMessage> turn)
    {
        var leadership = state.Leadership!;
        var begun = state with { Leadership = leadership with { Round = leadership.Round + 1 } };
        foreach (var (node, progress) in leadership.Followers)
        {
            SendHeartbeat(begun, node, progress, turn);
        }

        return AdvanceRound(begun, turn);
    }

    private static void SendHeartbeat(RaftState state, NodeId node, Progress progress, Turn<RaftMessage> turn) => SendAppend(
        state, node, progress.MatchIndex >= state.Log.SnapshotIndex ? progress.MatchIndex : 0, default, turn);

    /// <summary>
    /// Figure 2, AppendEntries, receiver implementation. The term is already the sender's, if that was larger.
    /// </summary>
    private RaftState AnswerAppend(
        RaftState state, Address sender, RaftMessage.AppendEntries append, Turn<RaftMessage> turn)
    {
        if (append.Term < state.CurrentTerm)
        {
            turn.Tell(sender, new RaftMessage.AppendEntriesReply(
                state.CurrentTerm, false, append.PrevLogIndex, 0, 0, append.Round));
            return state;
        }

        Invariant.Require(state.Role != ServerRole.Leader, "Election Safety: one leader in a term");
        var follower = HearLeader(state, sender.Node, turn);
        var log = follower.Log;
        if (!IsConsistent(log, append))
        {
            turn.Tell(sender, Mismatch(follower, append));
            return follower;
        }

        var stored = StoreEntries(follower, append);
        var lastNew = append.PrevLogIndex + append.Entries.Count;
        Acknowledge(sender, new RaftMessage.AppendEntriesReply(follower.CurrentTerm, true, lastNew, 0, 0, append.Round), turn);
        var kept = ReferenceEquals(stored, log) ? follower : Adopt(follower, stored, append);
        kept = kept.Reads.Asked.IsEmpty ? kept : AskAgain(kept, append.Round, turn);
        return CommitThrough(kept, Math.Min(append.LeaderCommit, lastNew), turn);
    }

    /// <summary>Like every message it leaves when the disk has what it speaks of.</summary>
    protected virtual void Acknowledge(Address leader, RaftMessage.AppendEntriesReply reply, Turn<RaftMessage> turn) =>
        turn.Tell(leader, reply);

    /// <summary>
    /// Step 2, the consistency check: the log has an entry at prevLogIndex whose term is prevLogTerm. By induction it
    /// then equals the leader's up to there, which is Log Matching.
    /// </summary>
    protected virtual bool IsConsistent(Log log, RaftMessage.AppendEntries append) =>
        log.Matches(append.PrevLogIndex, append.PrevLogTerm);

    /// <summary>Whoever sends AppendEntries in the current term is its leader (section 5.2).</summary>
    private RaftState HearLeader(RaftState state, NodeId leader, Turn<RaftMessage> turn)
    {
        if (state.LeaderId is null)
        {
            turn.Cancel(_election);
        }

        turn.Start(_lease);
        return state.LeaderId == leader && state.Role == ServerRole.Follower
            ? state
            : state with { Role = ServerRole.Follower, LeaderId = leader, Candidacy = null };
    }

    /// <summary>
    /// Steps 3 and 4: an existing entry that conflicts with a new one goes, with all that follow it; entries that are
    /// there already stay, for the message may be an old one that says less than the log has by now.
    /// </summary>
    protected virtual Log StoreEntries(RaftState state, RaftMessage.AppendEntries append)
    {
        var (log, index, entries) = (state.Log, append.PrevLogIndex + 1, append.Entries);
        var skip = 0;
        while (skip < entries.Count && log.Matches(index + skip, entries[skip].Term))
        {
            skip++;
        }

        if (skip == entries.Count)
        {
            return log;
        }

        Invariant.Require(index + skip > state.CommitIndex, "What is committed is never replaced");
        return log.KeepThrough(index + skip - 1).AddRange(entries.Skip(skip));
    }

    /// <summary>End of section 5.3: the term of the conflicting entry and the first index it stores for that term.</summary>
    private static RaftMessage.AppendEntriesReply Mismatch(RaftState state, RaftMessage.AppendEntries append)
    {
        var (log, index) = (state.Log, append.PrevLogIndex);
        var (term, first) = index > log.LastIndex
            ? (0, log.LastIndex + 1)
            : (log.TermAt(index), log.FirstIndexOf(log.TermAt(index)));
        return new RaftMessage.AppendEntriesReply(state.CurrentTerm, false, index, term, first, append.Round);
    }
}
