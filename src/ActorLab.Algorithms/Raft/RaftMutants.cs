using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <summary>
/// Wrong variants of the server. Each breaks the property that it names: a check that misses it is no check.
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
