using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.Raft;

/// <summary>All messages of Raft: between servers, between servers and clients, and the operations of users.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(RequestVote))]
[MemoryPackUnion(1, typeof(RequestVoteReply))]
[MemoryPackUnion(2, typeof(RequestPreVote))]
[MemoryPackUnion(3, typeof(RequestPreVoteReply))]
[MemoryPackUnion(4, typeof(AppendEntries))]
[MemoryPackUnion(5, typeof(AppendEntriesReply))]
[MemoryPackUnion(6, typeof(Persisted))]
[MemoryPackUnion(7, typeof(Elect))]
[MemoryPackUnion(8, typeof(InstallSnapshot))]
[MemoryPackUnion(9, typeof(InstallSnapshotReply))]
[MemoryPackUnion(10, typeof(TimeoutNow))]
[MemoryPackUnion(11, typeof(Manage))]
[MemoryPackUnion(12, typeof(ManageFor))]
[MemoryPackUnion(13, typeof(Managed))]
[MemoryPackUnion(14, typeof(ReadIndex))]
[MemoryPackUnion(15, typeof(ReadIndexReply))]
[MemoryPackUnion(20, typeof(OpenSession))]
[MemoryPackUnion(21, typeof(SessionOpened))]
[MemoryPackUnion(22, typeof(SessionExpired))]
[MemoryPackUnion(23, typeof(Request))]
[MemoryPackUnion(24, typeof(Reply))]
[MemoryPackUnion(25, typeof(Read))]
[MemoryPackUnion(26, typeof(ReadReply))]
[MemoryPackUnion(27, typeof(NotLeader))]
[MemoryPackUnion(28, typeof(Refused))]
[MemoryPackUnion(29, typeof(FindLeader))]
[MemoryPackUnion(30, typeof(LeaderIs))]
[MemoryPackUnion(31, typeof(Invoke))]
public abstract partial record RaftMessage
{
    /// <summary>Invoked by candidates to gather votes (section 5.2).</summary>
    /// <param name="Term">Candidate's term.</param>
    /// <param name="LastLogIndex">Index of candidate's last log entry (section 5.4).</param>
    /// <param name="LastLogTerm">Term of candidate's last log entry (section 5.4).</param>
    /// <param name="Disruptive">Asked for by somebody: servers vote although they hear a leader (thesis 4.2.3).</param>
    [MemoryPackable]
    public sealed partial record RequestVote(long Term, long LastLogIndex, long LastLogTerm, bool Disruptive) : RaftMessage;

    /// <param name="Term">The voter's term, for the candidate to update itself.</param>
    /// <param name="VoteGranted">True means the candidate received the vote.</param>
    [MemoryPackable]
    public sealed partial record RequestVoteReply(long Term, bool VoteGranted) : RaftMessage;

    /// <summary>Asks whether the receiver would vote for the sender (thesis 9.6); changes nothing there.</summary>
    /// <param name="NextTerm">The term in which the sender would stand: one more than its own.</param>
    /// <param name="LastLogIndex">Index of the sender's last log entry.</param>
    /// <param name="LastLogTerm">Term of the sender's last log entry.</param>
    [MemoryPackable]
    public sealed partial record RequestPreVote(long NextTerm, long LastLogIndex, long LastLogTerm) : RaftMessage;

    /// <param name="Term">The receiver's term.</param>
    /// <param name="NextTerm">The term it was asked about.</param>
    /// <param name="VoteGranted">It would vote for the sender.</param>
    [MemoryPackable]
    public sealed partial record RequestPreVoteReply(long Term, long NextTerm, bool VoteGranted) : RaftMessage;

    /// <summary>Invoked by leader to replicate log entries (section 5.3); also used as heartbeat (section 5.2).</summary>
    /// <param name="Term">Leader's term.</param>
    /// <param name="PrevLogIndex">Index of log entry immediately preceding new ones.</param>
    /// <param name="PrevLogTerm">Term of that entry.</param>
    /// <param name="Entries">Log entries to store; empty for heartbeat.</param>
    /// <param name="LeaderCommit">Leader's commitIndex.</param>
    /// <param name="Round">The leader's round of heartbeats, which comes back with the answer.</param>
    [MemoryPackable]
    public sealed partial record AppendEntries(
        long Term, long PrevLogIndex, long PrevLogTerm, Seq<LogEntry> Entries, long LeaderCommit, long Round) : RaftMessage;

    /// <param name="Term">The follower's term, for the leader to update itself.</param>
    /// <param name="Success">True if the follower contained an entry matching prevLogIndex and prevLogTerm.</param>
    /// <param name="Index">On success the last index that now matches; else the prevLogIndex that did not.</param>
    /// <param name="ConflictTerm">Term of the conflicting entry; 0 when the follower's log is too short (section 5.3).</param>
    /// <param name="ConflictIndex">The first index it stores for that term; one past its end when it is too short.</param>
    /// <param name="Round">The round of the AppendEntries.</param>
    [MemoryPackable]
    public sealed partial record AppendEntriesReply(
        long Term, bool Success, long Index, long ConflictTerm, long ConflictIndex, long Round) : RaftMessage;

    /// <summary>Figure 13: invoked by leader to send pieces of a snapshot to a follower. Leaders send them in order.</summary>
    /// <param name="Term">Leader's term.</param>
    /// <param name="LastIncludedIndex">The snapshot replaces all entries up through and including this index.</param>
    /// <param name="LastIncludedTerm">Term of lastIncludedIndex.</param>
    /// <param name="Offset">Byte offset where the piece is positioned in the snapshot.</param>
    /// <param name="Data">Raw bytes of the piece, starting at offset.</param>
    /// <param name="Done">True if this is the last piece.</param>
    /// <param name="Round">As in <see cref="AppendEntries"/>.</param>
    [MemoryPackable]
    public sealed partial record InstallSnapshot(
        long Term, long LastIncludedIndex, long LastIncludedTerm, int Offset, Seq<byte> Data, bool Done, long Round) : RaftMessage;

    /// <param name="Term">The follower's term, for the leader to update itself.</param>
    /// <param name="LastIncludedIndex">Of the snapshot that it speaks of.</param>
    /// <param name="Offset">How many bytes of it the follower has: the offset of the piece that it wants next.</param>
    /// <param name="Installed">It has all that the snapshot holds.</param>
    /// <param name="Round">The round of the InstallSnapshot.</param>
    [MemoryPackable]
    public sealed partial record InstallSnapshotReply(
        long Term, long LastIncludedIndex, int Offset, bool Installed, long Round) : RaftMessage;

    /// <summary>
    /// From a leader to itself. Like every message it leaves when the disk of its turn is durable, so it says: my own
    /// entries up to here are. Followers write at the same time (thesis 10.2.1).
    /// </summary>
    [MemoryPackable]
    public sealed partial record Persisted(long Term, long Index) : RaftMessage;

    /// <summary>From outside: stand for election now.</summary>
    [MemoryPackable]
    public sealed partial record Elect : RaftMessage;

    /// <summary>From a leader that makes way: stand for election now (thesis 3.10).</summary>
    [MemoryPackable]
    public sealed partial record TimeoutNow(long Term) : RaftMessage;

    /// <summary>From outside: a change, through any server.</summary>
    /// <param name="Operation">The user's number for it, from 1; 0 where nobody waits for the outcome.</param>
    /// <param name="Change">What is asked for.</param>
    [MemoryPackable]
    public sealed partial record Manage(long Operation, RaftChange Change) : RaftMessage;

    /// <summary>From the server that was asked to the leader.</summary>
    [MemoryPackable]
    public sealed partial record ManageFor(long Operation, RaftChange Change) : RaftMessage;

    /// <summary>From the leader to the server that was asked.</summary>
    /// <param name="Operation">The number there.</param>
    /// <param name="Outcome">How it ended.</param>
    /// <param name="Says">A sentence.</param>
    [MemoryPackable]
    public sealed partial record Managed(long Operation, ChangeOutcome Outcome, string Says) : RaftMessage;

    /// <summary>From a follower to its leader: which index must I have applied to answer reads (thesis 6.4)?</summary>
    /// <param name="Term">The follower's term.</param>
    /// <param name="Number">The newest of the reads that it asks for, as their client counts them.</param>
    [MemoryPackable]
    public sealed partial record ReadIndex(long Term, long Number) : RaftMessage;

    /// <param name="Term">Leader's term.</param>
    /// <param name="Number">What was asked for.</param>
    /// <param name="Index">All that was committed when the question arrived lies at or before it.</param>
    [MemoryPackable]
    public sealed partial record ReadIndexReply(long Term, long Number, long Index) : RaftMessage;

    /// <summary>From a client: open a session. Answered with <see cref="SessionOpened"/> when it is committed.</summary>
    [MemoryPackable]
    public sealed partial record OpenSession(long Nonce) : RaftMessage;

    [MemoryPackable]
    public sealed partial record SessionOpened(long Nonce, long Session) : RaftMessage;

    /// <summary>There is no such session any more.</summary>
    [MemoryPackable]
    public sealed partial record SessionExpired(long Session) : RaftMessage;

    /// <summary>From a client to a leader: apply this command once.</summary>
    /// <param name="Session">The client's session.</param>
    /// <param name="Number">Its number in the session, from 1; the same when it is sent again.</param>
    /// <param name="FirstOutstanding">The client waits for no reply below this number.</param>
    /// <param name="Command">What to apply.</param>
    [MemoryPackable]
    public sealed partial record Request(long Session, long Number, long FirstOutstanding, KvCommand Command) : RaftMessage;

    [MemoryPackable]
    public sealed partial record Reply(long Session, long Number, KvReply Result) : RaftMessage;

    /// <summary>From a client: answer a command that changes nothing.</summary>
    [MemoryPackable]
    public sealed partial record Read(long Number, KvCommand Command) : RaftMessage;

    [MemoryPackable]
    public sealed partial record ReadReply(long Number, KvReply Result) : RaftMessage;

    /// <summary>The sender does not lead, and will not answer these requests.</summary>
    /// <param name="Access">Whether it was a read or a write.</param>
    /// <param name="Number">Its number; 0 for all that the client asked of it.</param>
    /// <param name="Term">The sender's term.</param>
    /// <param name="Leader">Whom it takes for the leader of that term.</param>
    [MemoryPackable]
    public sealed partial record NotLeader(Access Access, long Number, long Term, NodeId? Leader) : RaftMessage;

    /// <summary>The leader does not take a request.</summary>
    [MemoryPackable]
    public sealed partial record Refused(Access Access, long Number, string Reason) : RaftMessage;

    /// <summary>From a client: who leads?</summary>
    [MemoryPackable]
    public sealed partial record FindLeader : RaftMessage;

    /// <summary>To the client of its own node, when asked and whenever it changes.</summary>
    [MemoryPackable]
    public sealed partial record LeaderIs(long Term, NodeId? Leader) : RaftMessage
    {
        /// <summary>It knows no leader, and is no member itself.</summary>
        public bool IsOutside { get; init; }
    }

    /// <summary>From outside to a client: run a command.</summary>
    /// <param name="Operation">The user's number for it, unique for as long as the client runs.</param>
    /// <param name="Command">What to run.</param>
    /// <param name="Limit">How long the user waits.</param>
    [MemoryPackable]
    public sealed partial record Invoke(long Operation, KvCommand Command, TimeSpan Limit) : RaftMessage;
}
