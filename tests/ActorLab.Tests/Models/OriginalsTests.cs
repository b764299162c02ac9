using ActorLab.Checking;
using ActorLab.Models;

namespace ActorLab.Tests.Models;

/// <summary>
/// The models at other values of their originals' constants, and what their comments and manifests say of those:
/// tlaplus/Examples at 32a32c7.
/// </summary>
public sealed class OriginalsTests
{
    private static readonly CheckOptions Whole = new() { StopAtViolation = false };

    [Fact]
    public void Where_nobody_broadcasts_as_in_bcastByzNoBcast_no_correct_process_moves()
    {
        var result = Check(BcastByz.Family.With(("processes", 10), ("tolerated", 3), ("faulty", 2), ("broadcast", 0)));
        Assert.True(result.Passed);
        Assert.Equal((45, 90), (result.Distinct, result.Generated));
    }

    [Fact]
    public void The_fairness_of_bcastByz_does_not_bind_the_faulty()
    {
        Assert.Equal(227344, Check(BcastByz.Family.With()).Generated);

        // Waiting for everybody is fine where nobody is faulty: what breaks it in the mutant is the silence of one.
        Assert.Equal(
            VerdictKind.Holds, Check(BcastByz.Of(4, 1, 0, mistake: BcastByz.Mistake.AcceptsFromAll))["CorrLtl"].Kind);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    public void Bakery_is_free_of_neither_deadlock_nor_starvation_as_its_fairness_is_too_weak(int processes, int most)
    {
        var model = Bakery.Family.With(("processes", processes), ("most", most), ("inductive", 0));
        var result = Check(model);
        Assert.Equal(
            [VerdictKind.Holds, VerdictKind.Holds, VerdictKind.Reached],
            ((string[])["MutualExclusion", "Inv", "Critical"]).Select(name => result[name].Kind));
        foreach (var name in (string[])["DeadlockFree", "StarvationFree"])
        {
            Assert.Equal(VerdictKind.Violated, result[name].Kind);
            var story = result[name].Story!;
            Assert.Equal(story.ToString(), ModelChecker.Replay(model, story.Ordinals, story.LoopsTo).ToString());
        }
    }

    [Fact]
    public void Paxos_implements_voting_whatever_the_quorums_but_voting_needs_that_they_meet()
    {
        var paxos = Check(PaxosSpec.Of(2, 2, 1, quorum: 1, mayMiss: true));
        Assert.Equal(VerdictKind.Holds, paxos["Inv"].Kind);
        Assert.Equal(VerdictKind.Violated, paxos["V!C!Spec"].Kind);
        var voting = Check(Voting.Of(2, 2, 1, quorum: 1, mayMiss: true));
        Assert.Equal(VerdictKind.Holds, voting["OneValuePerBallot"].Kind);
        Assert.Equal(VerdictKind.Violated, voting["C!Spec"].Kind);
    }

    [Fact]
    public void Quorums_of_all_acceptors_are_quorums()
    {
        Assert.True(Check(PaxosSpec.Family.With(("quorum", 3))).Passed);
        Assert.True(Check(Voting.Family.With(("quorum", 3), ("ballots", 1))).Passed);
    }

    [Theory]
    [InlineData("voting", "quorum=4", "quorum=4 is more than the 3 acceptors that there are.")]
    [InlineData("paxos-spec", "acceptors=4 quorum=2", "two quorums must have an acceptor in common, so choose 3 to 4")]
    [InlineData("bcast-byz", "processes=6 tolerated=2", "is outside what the algorithm is for: N > 3 T and F <= T")]
    [InlineData("bakery", "processes=3", "too many states of the invariant to start from: choose 2 or inductive=0.")]
    public void Constants_that_the_original_does_not_assume_are_refused_with_a_sentence(string model, string set, string sentence)
    {
        var family = ModelList.All.Single(family => family.Name == model);
        var arguments = set.Split(' ').Select(one => one.Split('=')).Select(one => (one[0], int.Parse(one[1]))).ToArray();
        Assert.Contains(sentence, Assert.Throws<FormatException>(() => family.With(arguments)).Message);
    }

    [Fact]
    public void One_philosopher_eats_alone() => Assert.True(Check(DiningPhilosophers.Family.With(("philosophers", 1))).Passed);

    private static CheckResult Check(Model model) => ModelChecker.Check(model, Whole);
}
