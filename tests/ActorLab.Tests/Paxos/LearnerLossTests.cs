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
    /// of them the second too, and nobody proposes any more.
    /// </summary>
    [Fact]
    public void Acceptors_that_each_tell_of_another_number_are_of_no_help()
    {
        var scenario = MutantTests.Losing(PaxosScenario.Of(Asking with { Acceptors = 2, Ballots = 2 }), 2);
        var result = ModelChecker.Check(scenario, new CheckOptions { Properties = [InTheEnd] });
        Assert.Equal(VerdictKind.Violated, result[InTheEnd].Kind);
    }

    /// <summary>Until a learner tells it, a proposer goes on with new proposals. Where a client crashes, nobody may be asked for one.</summary>
    [Fact]
    public void Seeds_of_loss_and_crashes_leave_no_learner_without_the_value()
    {
        var family = Simulatable.Find(PaxosScenario.Name);
        var arguments = Checkable.ArgumentsOf(family.Family.Name, family.Family.Parameters, CheckerSetting.ValuesOf("proposers=2 clients=2 learners=3 catchup=1 ballots=100"));
        var scenario = family.Family.Build(arguments);
        var options = family.OptionsFor(scenario, arguments, SimulatorSetting.Brutal, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(3));
        var summary = Simulator.RunMany(scenario, options, Seeds.Of(100));
        output.WriteLine(summary.RequireAllWell(Seeds.Reproduce(nameof(LearnerLossTests))));
        if (Seeds.All)
        {
            Assert.InRange(summary.RunsThatReached("A Value Is Chosen"), 40, 100);
        }
    }
}
