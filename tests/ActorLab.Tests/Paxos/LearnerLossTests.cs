using ActorLab.Algorithms.Paxos;
using ActorLab.Checking;
using ActorLab.Lab;
using ActorLab.Simulation;
using ActorLab.Tests.Simulation;
using Xunit.Abstractions;

namespace ActorLab.Tests.Paxos;

/// <summary>Section 2.3: a learner that missed what acceptors told it, or forgot it in a crash, asks them.</summary>
public sealed class LearnerLossTests(ITestOutputHelper output)
{
    private const string InTheEnd = PaxosProperties.LearnersLearnInTheEnd;

    private static readonly PaxosOptions Asking = new(Proposers: 1, LearnersAsk: true);

    /// <summary>Pinned: see <see cref="CheckerTests"/>.</summary>
    [Theory]
    [InlineData(0, 0, 3_031)]
    [InlineData(2, 0, 23_679)]
    [InlineData(0, 1, 39_603)]
    public void Learners_learn_in_every_world_whatever_they_missed(int drops, int crashes, int distinct)
    {
        var result = ModelChecker.Check(MutantTests.Losing(PaxosScenario.Of(Asking with { Crashes = crashes }), drops));
        Assert.Null(result.Failure);
        Assert.True(result.Passed);
        Assert.Equal(VerdictKind.Holds, result[InTheEnd].Kind);
        Assert.Equal(distinct, result.Distinct);
    }

    /// <summary>
    /// "In that case, learners will find out what value is chosen only when a new proposal is chosen": both accepted the first, one
    /// of them the second too, and the only proposer has no ballot left.
    /// </summary>
    [Fact]
    public void Acceptors_that_each_tell_of_another_number_are_of_no_help_when_nobody_may_propose()
    {
        var scenario = MutantTests.Losing(PaxosScenario.Of(Asking with { Acceptors = 2, Ballots = 2 }), 2);
        var result = ModelChecker.Check(scenario, new CheckOptions { Properties = [InTheEnd] });
        Assert.Equal(VerdictKind.Violated, result[InTheEnd].Kind);
    }

    /// <summary>
    /// Whatever was lost, accepted and forgotten by then: once one proposer is left alone, a value is chosen, each learner learns it,
    /// and the proposer hears of that. Pinned: see <see cref="CheckerTests"/>.
    /// </summary>
    [Theory]
    [InlineData(1, 2, 1, 3, 1, 0, 1)]
    [InlineData(1, 2, 2, 2, 1, 0, 1)]
    [InlineData(1, 2, 1, 3, 2, 0, 1)]
    [InlineData(1, 2, 1, 3, 1, 1, 1)]
    [InlineData(2, 2, 1, 2, 1, 0, 1)]
    public void Once_a_proposer_is_left_alone_every_learner_learns(
        int proposers, int acceptors, int learners, int rounds, int drops, int crashes, int distinct)
    {
        var scenario = MutantTests.Losing(PaxosScenario.Family.With(
            ("proposers", proposers), ("acceptors", acceptors), ("learners", learners), ("alone", rounds), ("crashes", crashes)), drops);
        var result = ModelChecker.Check(scenario);
        Assert.Null(result.Failure);
        Assert.Equal(VerdictKind.Holds, result[InTheEnd].Kind);
        Assert.Equal(VerdictKind.Holds, result[PaxosProperties.ProposerIsToldInTheEnd].Kind);
        Assert.Equal(distinct, result.Distinct);
    }

    /// <summary>Until a learner tells it, a proposer goes on with new proposals. Where a client crashes, nobody may be asked for one.</summary>
    [Fact]
    public void Seeds_of_loss_and_crashes_leave_no_learner_without_the_value()
    {
        var family = Simulatable.Find(PaxosScenario.Name);
        var arguments = Checkable.ArgumentsOf(family.Family.Name, family.Family.Parameters, CheckerSetting.ValuesOf("proposers=2 clients=2 learners=3 alone=100 ballots=100"));
        var scenario = family.Family.Build(arguments);
        var options = family.OptionsFor(scenario, arguments, SimulatorSetting.Brutal, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(3));
        var summary = Simulator.RunMany(scenario, options, Seeds.Of(300));
        output.WriteLine(summary.RequireAllWell(Seeds.Reproduce(nameof(LearnerLossTests))));
        if (Seeds.All)
        {
            Assert.InRange(summary.RunsThatReached("A Value Is Chosen"), 120, 300);
        }
    }
}
