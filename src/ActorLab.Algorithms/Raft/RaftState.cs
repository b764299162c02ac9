using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.Raft;

/// <summary>What a server is (section 5.1), and the state before a candidate that thesis 9.6 adds.</summary>
public enum ServerRole
{
    Follower,
    PreCandidate,
    Candidate,
    Leader,
}

/// <summary>Figure 2, "persistent state on all servers": durable before any answer leaves.</summary>
/// <param name="CurrentTerm">The latest term the server has seen; 0 at first.</param>
/// <param name="VotedFor">The candidate that got its vote in that term; null when none did.</param>
/// <param name="Log">The log, behind the snapshot.</param>
[MemoryPackable]
public sealed partial record RaftDisk(long CurrentTerm, NodeId? VotedFor, Log Log) : IDeltaDisk<RaftDisk, RaftDelta>
{
    public static readonly RaftDisk Empty = new(0, null, Log.Empty);

    /// <summary>Section 7: what the log held before it was compacted.</summary>
    public Snapshot Snapshot { get; init; } = Snapshot.Empty;

    public RaftDelta DeltaSince(RaftDisk earlier)
    {
        if (ReferenceEquals(Log, earlier.Log))
        {
            return new RaftDelta(CurrentTerm, VotedFor, Log.LastIndex, default);
        }

        var (index, term) = (Snapshot.LastIncludedIndex, Snapshot.LastIncludedTerm);
        if (index > earlier.Log.SnapshotIndex && (index > earlier.Log.LastIndex || earlier.Log.TermAt(index) != term))
        {
            return new RaftDelta(CurrentTerm, VotedFor, index, Log.Entries) { Installed = Snapshot };
        }

        var same = Log.CommonPrefix(earlier.Log);
        return new RaftDelta(CurrentTerm, VotedFor, same, Log.Entries.Skip((int)(same - Log.SnapshotIndex)))
        {
            CompactedTo = index > earlier.Log.SnapshotIndex ? index : 0,
            MaxSessions = Snapshot.MaxSessions,
        };
    }

    public RaftDisk Apply(RaftDelta delta)
    {
        var (snapshot, log) = delta switch
        {
            { Installed: { } installed } =>
                (installed, new Log(installed.LastIncludedIndex, installed.LastIncludedTerm, default)),
            { CompactedTo: > 0 and var index } => (Snapshot.Through(Log, index, delta.MaxSessions), Log.CompactTo(index)),
            _ => (Snapshot, Log),
        };
        log = delta.KeepThrough == log.LastIndex ? log : log.KeepThrough(delta.KeepThrough);
        return new RaftDisk(delta.CurrentTerm, delta.VotedFor, delta.Added.IsEmpty ? log : log.AddRange(delta.Added))
        {
            Snapshot = snapshot,
        };
    }
}

/// <summary>One change of a server's disk.</summary>
/// <param name="CurrentTerm">The term after it.</param>
/// <param name="VotedFor">The vote after it.</param>
/// <param name="KeepThrough">The last index of the log that stays.</param>
/// <param name="Added">The entries behind it.</param>
[MemoryPackable]
public sealed partial record RaftDelta(long CurrentTerm, NodeId? VotedFor, long KeepThrough, Seq<LogEntry> Added)
{
    /// <summary>
    /// The log was compacted through this index; 0 when it was not. The snapshot is not written: it follows from the one
    /// before and the entries between, which the disk has.
    /// </summary>
    public long CompactedTo { get; init; }

    /// <summary>For that: see <see cref="RaftOptions.MaxSessions"/>.</summary>
    public int MaxSessions { get; init; }

    /// <summary>A leader's snapshot, in the place of all that was there; null mostly.</summary>
    public Snapshot? Installed { get; init; }
}

/// <summary>A candidacy, or the question whether one would succeed.</summary>
/// <param name="Granted">Who gave a vote, the server itself included once its disk has it.</param>
/// <param name="Refused">Who did not.</param>
public sealed record Candidacy(Set<NodeId> Granted, Set<NodeId> Refused);

/// <summary>One AppendEntries under way.</summary>
/// <param name="First">The index of its first entry.</param>
/// <param name="Last">The index of its last entry.</param>
/// <param name="Round">The round in which it was sent.</param>
public sealed record Sent(long First, long Last, long Round);

/// <summary>What a leader knows of a follower.</summary>
/// <param name="NextIndex">Index of the next log entry to send.</param>
/// <param name="MatchIndex">Index of the highest log entry known to be replicated there.</param>
/// <param name="Round">The newest round that it answered.</param>
/// <param name="Active">It answered since the last check of the quorum.</param>
/// <param name="InFlight">What was sent and not answered, oldest first.</param>
public sealed record Progress(long NextIndex, long MatchIndex, long Round, bool Active, Seq<Sent> InFlight)
{
    /// <summary>How far the snapshot that it gets has come; null while it gets entries.</summary>
    public SentSnapshot? Snapshot { get; init; }
}

/// <summary>A snapshot on its way to a follower.</summary>
/// <param name="Index">Its last index.</param>
/// <param name="Offset">The follower has the bytes before.</param>
/// <param name="Ends">Where the pieces under way end, in order.</param>
/// <param name="Round">The round in which the last of them was sent.</param>
public sealed record SentSnapshot(long Index, int Offset, Seq<int> Ends, long Round);

/// <summary>A snapshot as bytes, while a leader sends it.</summary>
/// <param name="Index">Its last index.</param>
/// <param name="Term">The term there.</param>
/// <param name="Bytes">All of it.</param>
public sealed record SnapshotImage(long Index, long Term, Seq<byte> Bytes);

/// <summary>What came of a leader's snapshot so far.</summary>
/// <param name="Index">Its last index.</param>
/// <param name="Term">The term there.</param>
/// <param name="Bytes">The first bytes.</param>
public sealed record IncomingSnapshot(long Index, long Term, Seq<byte> Bytes);

/// <summary>A read that waits until its leader knows that it still leads (thesis 6.4).</summary>
/// <param name="Client">Who asked.</param>
/// <param name="Number">Its number for it.</param>
/// <param name="Command">What it asked; null for a follower that asks for the index only.</param>
/// <param name="Round">A majority must answer this round, which began after the read arrived.</param>
/// <param name="ReadIndex">The state machine must have applied this index.</param>
public sealed record WaitingRead(Address Client, long Number, KvCommand? Command, long Round, long ReadIndex);

/// <summary>The reads that a follower answers.</summary>
/// <param name="Asked">Those for which the leader was asked.</param>
/// <param name="Next">Those for which it will be, when the answer is there.</param>
/// <param name="Known">Those that wait for their index to be applied.</param>
/// <param name="Round">The leader's round at the first word from it after it was asked; -1 before.</param>
public sealed record FollowerReads(Seq<WaitingRead> Asked, Seq<WaitingRead> Next, Seq<WaitingRead> Known, long Round)
{
    public static readonly FollowerReads None = new(default, default, default, -1);

    public int Count => Asked.Count + Next.Count + Known.Count;
}

/// <summary>Figure 2, "volatile state on leaders: reinitialized after election", and what reads need.</summary>
/// <param name="Followers">All other members, learners too, and one that goes until that is committed.</param>
/// <param name="FirstIndex">The index of the no-op that began this leadership.</param>
/// <param name="DurableIndex">The leader's own log is on its disk up to here: its own <c>MatchIndex</c>.</param>
/// <param name="UncommittedBytes">The size of the entries it took that are not committed yet.</param>
/// <param name="Round">The number of the latest round of heartbeats.</param>
/// <param name="ConfirmedRound">The latest round that a majority answered: it led when that round began.</param>
/// <param name="Reads">The reads that wait, oldest first.</param>
public sealed record Leadership(
    Map<NodeId, Progress> Followers, long FirstIndex, long DurableIndex, long UncommittedBytes, long Round,
    long ConfirmedRound, Seq<WaitingRead> Reads)
{
    /// <summary>The snapshot that it sends; null while every follower gets entries.</summary>
    public SnapshotImage? Image { get; init; }

    /// <summary>What clients asked for and will go into the log together; empty where a leader does not linger.</summary>
    public Seq<LogCommand> Gathered { get; init; }

    /// <summary>While the leader lingers: of how many it sends what is gathered at once; 0 while it does not.</summary>
    public int Expected { get; init; }

    /// <summary>The change of the members under way; null for none.</summary>
    public OpenChange? Change { get; init; }

    /// <summary>Who is to take over; null for nobody.</summary>
    public Handover? Handover { get; init; }
}

/// <summary>All that a server knows.</summary>
public sealed record RaftState(RaftDisk Disk) : IOnDisk<RaftDisk>
{
    public ServerRole Role { get; init; }

    /// <summary>The leader of the current term, while it was heard within the least election timeout; else null.</summary>
    public NodeId? LeaderId { get; init; }

    /// <summary>Index of the highest log entry known to be committed.</summary>
    public long CommitIndex { get; init; }

    /// <summary>Index of the highest log entry applied to the state machine.</summary>
    public long LastApplied { get; init; }

    /// <summary>The state machine as of <see cref="LastApplied"/>: volatile, rebuilt from the log.</summary>
    public KvState Machine { get; init; } = KvState.Empty;

    /// <summary>The client sessions as of <see cref="LastApplied"/>.</summary>
    public SessionTable<KvReply> Sessions { get; init; } = SessionTable<KvReply>.Empty;

    /// <summary>
    /// The snapshot that will be the disk's when enough of the log lies behind it; null mostly.
    /// </summary>
    public Snapshot? Mark { get; init; }

    /// <summary>The size of the entries applied since the last <see cref="Mark"/>, where the options bound it.</summary>
    public long AppliedBytes { get; init; }

    /// <summary>The members, as of the latest entry of the log that says who they are, committed or not.</summary>
    public LogCommand.Configure Configuration { get; init; } = new([], []);

    /// <summary>The index of that entry; 0 where none says so but the scenario.</summary>
    public long ConfigurationIndex { get; init; }

    /// <summary>The changes of users that wait for the leader's answer here.</summary>
    public Set<long> Managing { get; init; }

    /// <summary>While it follows: the reads of the client on its node.</summary>
    public FollowerReads Reads { get; init; } = FollowerReads.None;

    /// <summary>While its leader sends it a snapshot.</summary>
    public IncomingSnapshot? Incoming { get; init; }

    /// <summary>While it is a candidate, or asks whether to become one.</summary>
    public Candidacy? Candidacy { get; init; }

    /// <summary>While it leads.</summary>
    public Leadership? Leadership { get; init; }

    public long CurrentTerm => Disk.CurrentTerm;

    public Log Log => Disk.Log;
}
