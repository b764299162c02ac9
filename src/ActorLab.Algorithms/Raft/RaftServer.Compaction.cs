using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <content>
/// Log compaction: section 7, thesis chapter 5. Each server takes snapshots of its own, of what is committed, at any time. A
/// leader sends its snapshot to a follower that lacks entries which the leader has no more.
/// </content>
public partial class RaftServer
{
    /// <summary>How far the log may outgrow its bounds for followers that are on their way.</summary>
    private const int Grace = 4;

    private const int ChunksInFlight = 4;

    /// <summary>What a server knows from a snapshot, at its start and when a leader sends one.</summary>
    protected virtual RaftState Restore(RaftState state, Snapshot snapshot) => state with
    {
        CommitIndex = state.Log.SnapshotIndex,
        LastApplied = state.Log.SnapshotIndex,
        Machine = snapshot.Machine,
        Sessions = snapshot.Sessions,
        Mark = null,
        AppliedBytes = 0,
        Incoming = null,
    };

    /// <summary>A snapshot costs nothing: state machine and sessions are values.</summary>
    private Snapshot SnapshotOf(RaftState state) => new(
        state.LastApplied, state.Log.TermAt(state.LastApplied), ConfigurationAt(state, state.LastApplied).Entry, state.Machine,
        state.Sessions, Options.MaxSessions);

    private RaftState MarkIfLong(RaftState state, long bytes)
    {
        if (Options.CompactEntries == 0)
        {
            return state;
        }

        var applied = state.AppliedBytes + bytes;
        var isLong = state.LastApplied - state.Log.SnapshotIndex >= Options.CompactEntries || applied >= Options.CompactBytes;
        return state.Mark is null && isLong
            ? state with { Mark = SnapshotOf(state), AppliedBytes = 0 }
            : state with { AppliedBytes = applied };
    }

    private RaftState CompactIfDue(RaftState state) =>
        state.Mark is { } mark
        && (state.LastApplied - mark.LastIncludedIndex >= Options.KeepEntries || state.AppliedBytes >= Options.CompactBytes)
        && !IsOnItsWay(state, mark.LastIncludedIndex)
            ? Compact(state, mark)
            : state;

    /// <summary>
    /// Some follower answers and lacks what would go: it would need a snapshot next, and perhaps again after that. The log
    /// waits for it, within bounds.
    /// </summary>
    private bool IsOnItsWay(RaftState state, long index)
    {
        if (state.Leadership is not { } leads
            || state.LastApplied - state.Log.SnapshotIndex >= (long)Grace * Options.CompactEntries
            || state.AppliedBytes >= Grace * Options.CompactBytes)
        {
            return false;
        }

        foreach (var (_, progress) in leads.Followers)
        {
            if (progress.Active && progress.MatchIndex < index)
            {
                return true;
            }
        }

        return false;
    }

    private static RaftState Compact(RaftState state, Snapshot snapshot) => state with
    {
        Disk = state.Disk with { Log = state.Log.CompactTo(snapshot.LastIncludedIndex), Snapshot = snapshot },
        Mark = null,
    };

    /// <summary>The bytes of the snapshot, if this follower is to get it and they are not there yet.</summary>
    private static RaftState WithImage(RaftState state, Progress progress)
    {
        var (leads, snapshot) = (state.Leadership!, state.Disk.Snapshot);
        var isNeeded = progress.NextIndex <= state.Log.SnapshotIndex
            && (leads.Image is null || (progress.Snapshot is null && leads.Image.Index < snapshot.LastIncludedIndex));
        return isNeeded
            ? state with
            {
                Leadership = leads with
                {
                    Image = new SnapshotImage(
                        snapshot.LastIncludedIndex, snapshot.LastIncludedTerm, SnapshotBytes.Write(snapshot)),
                },
            }
            : state;
    }

    /// <summary>Nobody gets it any more.</summary>
    private static RaftState WithoutImage(RaftState state)
    {
        var leads = state.Leadership!;
        if (leads.Image is null)
        {
            return state;
        }

        foreach (var (_, progress) in leads.Followers)
        {
            if (progress.Snapshot is not null)
            {
                return state;
            }
        }

        return state with { Leadership = leads with { Image = null } };
    }

    /// <summary>
    /// Figure 13: the next pieces, a few at a time. They go out again from the first that is not answered when a later round is,
    /// and from the start where the leader has a newer snapshot by now.
    /// </summary>
    private Progress SendSnapshot(RaftState state, NodeId follower, Progress progress, Turn<RaftMessage> turn)
    {
        var (image, round) = (state.Leadership!.Image!, state.Leadership.Round);
        var sent = progress.Snapshot is { } known && known.Index == image.Index
            ? known.Round < progress.Round ? known with { Ends = default } : known
            : new SentSnapshot(image.Index, 0, default, round);
        var ends = sent.Ends;
        for (var at = ends.IsEmpty ? sent.Offset : ends.Last; ends.Count < ChunksInFlight && at < image.Bytes.Count; at = ends.Last)
        {
            var data = SnapshotBytes.Piece(image.Bytes, at, Options.MaxChunkBytes);
            ends = ends.Add(at + data.Count);
            turn.TellBeforeDisk(ServerOn(follower), new RaftMessage.InstallSnapshot(
                state.CurrentTerm, image.Index, image.Term, at, data, ends.Last == image.Bytes.Count, round));
        }

        return ends.Count == progress.Snapshot?.Ends.Count && ReferenceEquals(sent, progress.Snapshot)
            ? progress
            : progress with { Snapshot = sent with { Ends = ends, Round = round }, InFlight = default };
    }

    /// <summary>Figure 13, receiver implementation. The term is already the sender's, if that was larger.</summary>
    private RaftState AnswerSnapshot(
        RaftState state, Address sender, RaftMessage.InstallSnapshot piece, Turn<RaftMessage> turn)
    {
        var index = piece.LastIncludedIndex;
        if (piece.Term < state.CurrentTerm)
        {
            turn.Tell(sender, new RaftMessage.InstallSnapshotReply(state.CurrentTerm, index, 0, false, piece.Round));
            return state;
        }

        Invariant.Require(state.Role != ServerRole.Leader, "Election Safety: one leader in a term");
        var follower = HearLeader(state, sender.Node, turn);
        if (index <= follower.CommitIndex)
        {
            turn.Tell(sender, new RaftMessage.InstallSnapshotReply(follower.CurrentTerm, index, 0, true, piece.Round));
            return follower with { Incoming = null };
        }

        var bytes = follower.Incoming is { } known && (known.Index, known.Term) == (index, piece.LastIncludedTerm)
            ? known.Bytes
            : default;
        var follows = piece.Offset > 0 && Follows(bytes, piece);
        var taken = piece.Offset == 0 ? piece.Data : follows ? bytes.AddRange(piece.Data) : bytes;
        var isAll = piece.Done && (follows || piece.Offset == 0);
        var whole = isAll ? SnapshotBytes.Read(taken) : null;
        if (whole is not null && whole.LastIncludedIndex == index)
        {
            turn.Tell(sender, new RaftMessage.InstallSnapshotReply(follower.CurrentTerm, index, 0, true, piece.Round));
            return Install(follower, whole, turn);
        }

        taken = isAll ? default : taken; // all of it, and no snapshot: from the start
        turn.Tell(sender, new RaftMessage.InstallSnapshotReply(follower.CurrentTerm, index, taken.Count, false, piece.Round));
        return follower with { Incoming = new IncomingSnapshot(index, piece.LastIncludedTerm, taken) };
    }

    /// <summary>
    /// Steps 2 and 3: "create new snapshot file if first chunk", "write data into snapshot file at given offset". A piece behind
    /// a hole is refused, and the answer says which one is wanted.
    /// </summary>
    protected virtual bool Follows(Seq<byte> taken, RaftMessage.InstallSnapshot piece) => piece.Offset == taken.Count;

    /// <summary>
    /// Steps 5 to 8: "if existing log entry has same index and term as snapshot's last included entry, retain log entries
    /// following it"; else "discard the entire log"; "reset state machine using snapshot contents".
    /// </summary>
    private RaftState Install(RaftState state, Snapshot snapshot, Turn<RaftMessage> turn)
    {
        var (index, term) = (snapshot.LastIncludedIndex, snapshot.LastIncludedTerm);
        turn.Note($"installs a snapshot through {index}");
        var isPrefix = index <= state.Log.LastIndex && state.Log.TermAt(index) == term;
        var log = isPrefix ? state.Log.CompactTo(index) : new Log(index, term, default);
        return Configured(
            Restore(state with { Disk = state.Disk with { Log = log, Snapshot = snapshot } }, snapshot), log.LastIndex);
    }

    /// <summary>A follower took a piece, or all of it.</summary>
    private RaftState HearInstalled(
        RaftState state, Address sender, RaftMessage.InstallSnapshotReply reply, Turn<RaftMessage> turn)
    {
        if (state.Role != ServerRole.Leader || reply.Term != state.CurrentTerm
            || !state.Leadership!.Followers.TryGetValue(sender.Node, out var progress))
        {
            return state; // an answer to an earlier leadership
        }

        var heard = progress with { Active = true, Round = Math.Max(progress.Round, reply.Round) };
        if (reply.Installed)
        {
            heard = heard with
            {
                MatchIndex = Math.Max(heard.MatchIndex, reply.LastIncludedIndex),
                NextIndex = Math.Max(heard.NextIndex, reply.LastIncludedIndex + 1),
                Snapshot = heard.Snapshot?.Index <= reply.LastIncludedIndex ? null : heard.Snapshot,
            };
        }
        else if (heard.Snapshot is { } sent && sent.Index == reply.LastIncludedIndex && sent.Offset != reply.Offset)
        {
            heard = heard with { Snapshot = Acknowledged(sent, reply) };
        }

        return Proceed(state, sender.Node, progress, heard, turn);
    }

    /// <summary>A follower has more; or less than it said, as after a crash, and gets all of it again: null.</summary>
    private static SentSnapshot? Acknowledged(SentSnapshot sent, RaftMessage.InstallSnapshotReply reply)
    {
        for (var i = 0; i < sent.Ends.Count; i++)
        {
            if (sent.Ends[i] == reply.Offset)
            {
                return sent with { Offset = reply.Offset, Ends = sent.Ends.Skip(i + 1) };
            }
        }

        return reply.Round < sent.Round ? sent : null; // an old answer says nothing
    }
}
