using ActorLab.Algorithms.Paxos;
using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.Paxos;

public sealed class MutantTests
{
    private static readonly PaxosOptions Small = new(Proposers: 2, Acceptors: 3, Learners: 0);

    private static readonly CheckOptions Consistency = new() { Properties = ["Consistency"] };

    private static readonly SortedDictionary<string, Func<Scenario>> Mutants = new(StringComparer.Ordinal)
    {
        ["without the guard of phase 2(b)"] = () => PaxosMutants.WithoutPhase2bGuard(Small),
        ["stubborn proposer"] = () => PaxosMutants.StubbornProposer(Small),
        ["inventive proposer"] = () => PaxosMutants.InventiveProposer(Small),
        ["shared numbers"] = () => PaxosMutants.SharedNumbers(Small),
        ["forgetful acceptor"] = () => PaxosMutants.ForgetfulAcceptor(Small with { Crashes = 1 }),
        ["hasty learner"] = () => PaxosMutants.HastyLearner(Small with { Learners = 1 }),
        ["silent learner"] = () => Losing(PaxosMutants.SilentLearner(new PaxosOptions(1, LearnersAsk: true)), 2),
        ["patient learner"] = () => Losing(
            PaxosMutants.PatientLearner(new PaxosOptions(1, 2, LearnersAsk: true, Alone: 2, Crashes: 1)), 1),
    };

    [Theory]
    [InlineData("without the guard of phase 2(b)", "Consistency", 14)]
    [InlineData("stubborn proposer", "Consistency", 14)]
    [InlineData("inventive proposer", "Nontriviality", 7)]
    [InlineData("shared numbers", "One Value Per Ballot", 12)]
    [InlineData("forgetful acceptor", "Consistency", 15)]
    [InlineData("hasty learner", "Truthful Learning", 7)]
    [InlineData("silent learner", "Learners Learn In The End", 12)]
    [InlineData("patient learner", "Learners Learn In The End", 23)]
    public void Each_mutant_is_caught_by_the_property_that_should(string mutant, string property, int steps)
    {
        var result = ModelChecker.Check(Mutants[mutant](), new CheckOptions { Properties = [property] });
        Assert.Null(result.Failure);
        Assert.Equal(VerdictKind.Violated, result[property].Kind);
        Assert.Equal(steps, result[property].Story!.Steps.Count);
    }

    internal static Scenario Losing(Scenario scenario, int drops) => scenario with { Faults = scenario.Faults with { Drops = drops } };

    /// <summary>A value that is accepted against a chosen one is seen before it is chosen itself.</summary>
    [Theory]
    [InlineData("without the guard of phase 2(b)")]
    [InlineData("stubborn proposer")]
    [InlineData("forgetful acceptor")]
    public void That_a_chosen_value_stays_is_broken_before_consistency_is(string mutant)
    {
        var result = ModelChecker.Check(Mutants[mutant]());
        Assert.Equal(VerdictKind.Violated, result["A Chosen Value Stays"].Kind);
        Assert.Equal(VerdictKind.Undecided, result["Consistency"].Kind);
    }

    /// <summary>The mistake needs a crash to show: without one, the very same roles pass.</summary>
    [Fact]
    public void A_forgetful_acceptor_passes_where_nothing_crashes() =>
        Assert.True(ModelChecker.Check(PaxosMutants.ForgetfulAcceptor(Small)).Passed);

    [Fact]
    public void The_story_of_the_dropped_guard_is_shortest()
    {
        var scenario = PaxosMutants.WithoutPhase2bGuard(Small);
        Assert.Equal(VerdictKind.Undecided, ModelChecker.Check(scenario, Consistency with { MaxDepth = 13 })["Consistency"].Kind);
        var story = ModelChecker.Check(scenario, Consistency with { MaxDepth = 14 }).Counterexample!;
        Assert.Contains(
            "Disk.Accepted.Number: 1.n2 -> 1.n1", story.Steps[^1].Changes.Select(change => change.ToString()));
    }
}
