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

    /// <summary>The family with other servers.</summary>
    /// <param name="name">Names the mutant on the command line.</param>
    /// <param name="options">Settings under which it shows.</param>
    /// <param name="server">The mutant.</param>
    public static ScenarioFamily Family(
        string name, RaftOptions options, Func<Set<NodeId>, RaftOptions, RaftServer> server) =>
        RaftScenario.Family with
        {
            Name = $"{RaftScenario.Name}-{name}",
            Summary = $"Raft, wrong on purpose: {name}.",
            Build = given => RaftScenario.With(given, options, server),
        };

    /// <summary>The elections of the paper's Figure 2, with timeouts so close that votes split.</summary>
    private static readonly RaftOptions ElectsOften = RaftOptions.Default with
    {
        PreVote = false,
        CheckQuorum = false,
        ElectionTimeoutLatest = TimeSpan.FromMilliseconds(160),
    };

    public static readonly ScenarioFamily CountsOldTermsFamily = Family(
        "counts-old-terms",
        ElectsOften with { MaxBatchBytes = 1 },
        (members, options) => new CountsOldTerms(members, options));

    public static readonly ScenarioFamily ForgetsItsVoteFamily = Family(
        "forgets-its-vote", ElectsOften, (members, options) => new ForgetsItsVote(members, options));
}
