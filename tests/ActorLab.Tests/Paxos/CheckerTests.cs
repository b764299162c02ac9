using ActorLab.Algorithms.Paxos;
using ActorLab.Checking;

namespace ActorLab.Tests.Paxos;

public sealed class CheckerTests
{
    /// <summary>Pinned: a count that moves means that the roles, the properties' observer or the kernel changed.</summary>
    [Theory]
    [InlineData(1, 3, 1, 1, 0, 210)]
    [InlineData(2, 2, 1, 1, 0, 516)]
    [InlineData(1, 3, 1, 1, 1, 3_118)]
    [InlineData(2, 3, 0, 1, 0, 16_702)]
    [InlineData(1, 3, 1, 2, 0, 92_856)]
    [InlineData(2, 3, 1, 1, 0, 103_676)]
    public void Every_reachable_world_is_safe(
        int proposers, int acceptors, int learners, int ballots, int crashes, int distinct)
    {
        var result = ModelChecker.Check(
            PaxosScenario.Of(new PaxosOptions(proposers, acceptors, learners, ballots, Crashes: crashes)));
        Assert.Null(result.Failure);
        Assert.Null(result.StoppedBecause);
        Assert.All(result.Verdicts, verdict => Assert.NotEqual(VerdictKind.Violated, verdict.Kind));
        Assert.Equal(VerdictKind.Reached, result["A Value Is Chosen"].Kind);
        Assert.Equal(distinct, result.Distinct);
    }

    [Fact]
    public void Two_proposers_and_three_acceptors_pass_in_full_and_show_the_duel()
    {
        var result = ModelChecker.Check(PaxosScenario.Family.With(("proposers", 2), ("acceptors", 3)));
        Assert.True(result.Passed);
        Assert.Equal(7, result["A Value Is Chosen"].Story!.Steps.Count);
        Assert.Equal(8, result["Two Proposers Duel"].Story!.Steps.Count);
    }

    [Fact]
    public void Loss_adds_no_decision_that_delay_does_not_have()
    {
        var reliable = ModelChecker.Check(PaxosScenario.Of(new PaxosOptions(2, 3, 0)));
        var lossy = ModelChecker.Check(PaxosScenario.Of(new PaxosOptions(2, 3, 0, Lossy: true)));
        Assert.True(lossy.Passed);
        Assert.True(lossy.Distinct > reliable.Distinct);
        Assert.Equal(reliable.Verdicts.Select(verdict => verdict.Kind), lossy.Verdicts.Select(verdict => verdict.Kind));
    }
}
