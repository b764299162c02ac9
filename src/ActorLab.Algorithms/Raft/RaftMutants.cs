using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <summary>
/// Wrong variants of the server. Each breaks the promise that it names: a check that misses it is no check.
/// </summary>
public static class RaftMutants
{
    /// <summary>
    /// Commits entries of earlier terms by counting replicas (section 5.4.2 forbids it, Figure 8 shows why). Breaks
    /// Leader Completeness, and State Machine Safety after it. Batches of one entry let a leader send an old one alone.
    /// </summary>
    public sealed class CountsOldTerms(Set<NodeId> members, RaftOptions options) : RaftServer(members, options)
    {
        protected override bool MayCommitByCounting(RaftState leader, long index) => true;
    }

    /// <summary>
    /// Does not write down for whom it voted, and so votes for everybody who asks. Breaks Election Safety.
    /// </summary>
    public sealed class ForgetsItsVote(Set<NodeId> members, RaftOptions options) : RaftServer(members, options)
    {
        protected override RaftDisk RecordVote(RaftDisk disk, NodeId candidate) => disk;
    }

    /// <summary>Starts with term 0 after a crash, and no vote (Figure 2 has both on the disk). Breaks Election Safety.</summary>
    public sealed class ForgetsItsTerm(Set<NodeId> members, RaftOptions options) : RaftServer(members, options)
    {
        public override RaftState Boot(RaftDisk disk, Turn<RaftMessage> turn) =>
            base.Boot(disk with { CurrentTerm = 0, VotedFor = null }, turn);
    }

    /// <summary>
    /// Votes for a candidate whose log lacks entries that it has itself (section 5.4.1). Breaks Leader Completeness.
    /// </summary>
    public sealed class SkipsUpToDateCheck(Set<NodeId> members, RaftOptions options) : RaftServer(members, options)
    {
        protected override bool IsUpToDate(RaftState voter, long lastLogIndex, long lastLogTerm) => true;
    }

    /// <summary>
    /// Cuts its log behind the last new entry though nothing conflicts (Figure 2, AppendEntries, step 3: only "if an existing
    /// entry conflicts with a new one"): a message that comes late takes away what a later one brought and what was
    /// acknowledged. Breaks Leader Completeness.
    /// </summary>
    public sealed class TruncatesOnStaleAppend(Set<NodeId> members, RaftOptions options) : RaftServer(members, options)
    {
        protected override Log StoreEntries(RaftState state, RaftMessage.AppendEntries append) =>
            state.Log.KeepThrough(append.PrevLogIndex).AddRange(append.Entries);
    }

    /// <summary>
    /// Says that it has entries before its disk has them (Figure 2: "updated on stable storage before responding to RPCs").
    /// Breaks Leader Completeness where nodes crash.
    /// </summary>
    public sealed class AcknowledgesBeforeDisk(Set<NodeId> members, RaftOptions options) : RaftServer(members, options)
    {
        protected override void Acknowledge(Address leader, RaftMessage.AppendEntriesReply reply, Turn<RaftMessage> turn) =>
            turn.TellBeforeDisk(leader, reply);
    }

    /// <summary>
    /// Takes entries behind an entry of another term than the leader's (Figure 2, AppendEntries, step 2; section 5.3).
    /// Breaks Log Matching.
    /// </summary>
    public sealed class SkipsConsistencyCheck(Set<NodeId> members, RaftOptions options) : RaftServer(members, options)
    {
        protected override bool IsConsistent(Log log, RaftMessage.AppendEntries append) =>
            append.PrevLogIndex <= log.LastIndex; // behind the end there is no place for them
    }

    /// <summary>
    /// Answers reads without asking a majority whether it still leads (section 8, thesis 6.4): a leader that was cut off
    /// answers what was true before another was elected. Breaks no property of Figure 3: the clients' history shows it.
    /// </summary>
    public sealed class ReadsAtOnce(Set<NodeId> members, RaftOptions options) : RaftServer(members, options)
    {
        protected override bool MayAnswerAtOnce(RaftState state, KvCommand read) =>
            base.MayAnswerAtOnce(state, read)
            || (state.Leadership is { } leads && state.LastApplied >= leads.FirstIndex);
    }

    /// <summary>
    /// Applies a retried command again (section 8, thesis 6.3). All servers do, so no property of Figure 3 breaks: the
    /// clients' history shows it.
    /// </summary>
    public sealed class AppliesAgain(Set<NodeId> members, RaftOptions options) : RaftServer(members, options)
    {
        protected override (RequestStatus Status, KvReply? Reply) FindReply(
            SessionTable<KvReply> sessions, LogCommand.Operation operation) =>
            base.FindReply(sessions, operation) is (RequestStatus.Applied, _)
                ? (RequestStatus.New, null)
                : base.FindReply(sessions, operation);
    }

    /// <summary>
    /// Goes on from a snapshot without the sessions in it (thesis 6.3: they are replicated state like any other). Breaks Snapshots
    /// Agree; then a retried command is applied on some servers and not on others.
    /// </summary>
    public sealed class ForgetsSessions(Set<NodeId> members, RaftOptions options) : RaftServer(members, options)
    {
        protected override RaftState Restore(RaftState state, Snapshot snapshot) =>
            base.Restore(state, snapshot with { Sessions = SessionTable<KvReply>.Empty });
    }

    /// <summary>
    /// Takes a piece of a snapshot wherever it says it belongs, also behind a hole (Figure 13, steps 3 and 4). Breaks Snapshots
    /// Agree: what was in the hole is missing.
    /// </summary>
    public sealed class TakesPiecesBehindHoles(Set<NodeId> members, RaftOptions options) : RaftServer(members, options)
    {
        protected override bool Follows(Seq<byte> taken, RaftMessage.InstallSnapshot piece) => true;
    }

    /// <summary>
    /// Changes the members before an entry of its term is committed: the published error of single-server changes. Two leaders
    /// then commit by majorities that do not meet. Breaks Leader Completeness.
    /// </summary>
    public sealed class ChangesBeforeCommit(Set<NodeId> members, RaftOptions options) : RaftServer(members, options)
    {
        protected override bool MayChangeMembers(RaftState leader) => true;
    }

    /// <summary>All of them, as users name them.</summary>
    public static Seq<Mutant> All { get; } =
    [
        Of(
            "counts-old-terms", "Section 5.4.2: only entries of the leader's current term are committed by counting replicas (Figure 8).",
            "RaftServer.Commit.cs, MayCommitByCounting",
            [RaftProperties.LeaderCompleteness, RaftProperties.StateMachineSafety], (members, options) => new CountsOldTerms(members, options)),
        Of(
            "forgets-its-vote", "Section 5.2: a server votes for at most one candidate in a term, and Figure 2 has votedFor on the disk.",
            "RaftServer.Election.cs, RecordVote",
            [RaftProperties.ElectionSafety], (members, options) => new ForgetsItsVote(members, options)),
        Of(
            "forgets-its-term", "Section 5.1: terms only grow, and Figure 2 has currentTerm on the disk.",
            "RaftServer.cs, Boot",
            [RaftProperties.ElectionSafety], (members, options) => new ForgetsItsTerm(members, options)),
        Of(
            "skips-up-to-date-check", "Section 5.4.1: a voter denies its vote if its own log is more up-to-date than the candidate's.",
            "RaftServer.Election.cs, IsUpToDate",
            [RaftProperties.LeaderCompleteness, RaftProperties.StateMachineSafety], (members, options) => new SkipsUpToDateCheck(members, options)),
        Of(
            "skips-prevlog-check", "Section 5.3: a follower takes entries only behind an entry with the leader's index and term.",
            "RaftServer.Replication.cs, IsConsistent",
            [RaftProperties.LogMatching], (members, options) => new SkipsConsistencyCheck(members, options)),
        Of(
            "truncates-on-stale-append", "Figure 2, AppendEntries, step 3: entries are deleted only where they conflict with new ones.",
            "RaftServer.Replication.cs, StoreEntries",
            [RaftProperties.LeaderCompleteness, RaftProperties.StateMachineSafety], (members, options) => new TruncatesOnStaleAppend(members, options)),
        Of(
            "acknowledges-before-disk", "Figure 2: state is on stable storage before a server responds to RPCs.",
            "RaftServer.Replication.cs, Acknowledge",
            [RaftProperties.LeaderCompleteness, RaftProperties.StateMachineSafety], (members, options) => new AcknowledgesBeforeDisk(members, options)),
        Of(
            "reads-at-once", "Section 8: before it answers a read, a leader exchanges heartbeats with a majority.",
            "RaftServer.Reads.cs, MayAnswerAtOnce",
            [], (members, options) => new ReadsAtOnce(members, options)),
        Of(
            "applies-retries-again", "Section 8: a command whose serial number was executed already is answered without executing it again.",
            "RaftServer.Commit.cs, FindReply",
            [], (members, options) => new AppliesAgain(members, options)),
        Of(
            "forgets-sessions", "Thesis 6.3: the sessions of clients are a part of the replicated state, and of its snapshots.",
            "RaftServer.Compaction.cs, Restore",
            [RaftProperties.SnapshotsAgree], (members, options) => new ForgetsSessions(members, options)),
        Of(
            "takes-pieces-behind-holes", "Figure 13: a follower writes the pieces of a snapshot in order, and has all before it is done.",
            "RaftServer.Compaction.cs, Follows",
            [RaftProperties.SnapshotsAgree], (members, options) => new TakesPiecesBehindHoles(members, options)),
        Of(
            "changes-before-commit", "Thesis 4.1, as amended in 2015: a leader commits an entry of its term before it changes the members.",
            "RaftServer.Membership.cs, MayChangeMembers",
            [RaftProperties.LeaderCompleteness, RaftProperties.StateMachineSafety, RaftProperties.ElectionSafety],
            (members, options) => new ChangesBeforeCommit(members, options)),
    ];

    private static Mutant Of(
        string name, string givesUp, string where, Seq<Property> breaks, Func<Set<NodeId>, RaftOptions, RaftServer> server) => new(
        name, givesUp, where, breaks.IsEmpty ? [Mutant.Linearizability] : breaks.Select(property => property.Name).ToSeq(),
        RaftScenario.Family with
        {
            Name = $"{RaftScenario.Name}:{name}",
            Summary = $"Raft, wrong on purpose: {name}.",
            Build = given => RaftScenario.With(given, server),
        });
}
