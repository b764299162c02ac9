using ActorLab.Algorithms.Paxos;
using ActorLab.Checking;
using ActorLab.Core;
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
    [InlineData(0, 0, 10_318)]
    [InlineData(2, 0, 71_202)]
    [InlineData(0, 1, 176_428)]
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
    [InlineData(1, 2, 1, 0, 28_782)]
    [InlineData(1, 2, 0, 1, 106_872)]
    [InlineData(2, 1, 0, 0, 65_732)]
    public void Once_a_proposer_is_left_alone_every_learner_learns(int proposers, int rounds, int drops, int crashes, int distinct)
    {
        var scenario = MutantTests.Losing(PaxosScenario.Family.With(
            ("proposers", proposers), ("acceptors", 2), ("alone", rounds), ("crashes", crashes)), drops);
        var result = ModelChecker.Check(scenario);
        Assert.Null(result.Failure);
        Assert.Equal(VerdictKind.Holds, result[InTheEnd].Kind);
        Assert.Equal(VerdictKind.Holds, result[PaxosProperties.ProposerIsToldInTheEnd].Kind);
        Assert.Equal(distinct, result.Distinct);
    }

    /// <summary>
    /// v was chosen under 0.n1, then one acceptor accepted it under 0.n2 too, and who knew of that has forgotten or rests: nobody asks
    /// the proposer but a learner that acceptors cannot help. Pinned: see <see cref="CheckerTests"/>.
    /// </summary>
    [Theory]
    [InlineData(true, 101_854)]
    [InlineData(false, 83)]
    public void A_learner_that_acceptors_cannot_help_gets_a_proposal_that_can(bool asksProposers, int distinct)
    {
        var options = new PaxosOptions(1, 2, LearnersAsk: true, Alone: 2);
        var scenario = asksProposers ? PaxosScenario.Of(options) : PaxosMutants.PatientLearner(options);
        scenario = scenario with
        {
            Placements = scenario.Placements.Select(placement => placement.Address.Role != "acceptor" ? placement
                : placement with { Role = RoleBinding.Of(new Splits(new Ballot(0, placement.Address.Node))) }).ToSeq(),
            Workload = [],
            Properties =
            [
                new Property.Temporal("All Learn", "Every learner learns.", new Formula.Eventually(new Formula.Now(
                    "all know v", world => world.All<LearnerState>().All(learner => learner.State.Learned == "v")))),
            ],
        };
        var result = ModelChecker.Check(scenario);
        Assert.Null(result.Failure);
        Assert.Equal(asksProposers ? VerdictKind.Holds : VerdictKind.Violated, result["All Learn"].Kind);
        Assert.Equal(distinct, result.Distinct);
    }

    /// <summary>An acceptor whose disk has v from the start.</summary>
    private sealed class Splits(Ballot number) : IRole<AcceptorState, AcceptorDisk, PaxosMessage>
    {
        private readonly Acceptor _right = new([Address.Parse("n1/learner")]);

        public AcceptorDisk EmptyDisk { get; } = new(number, new Proposal(number, "v"));

        public AcceptorState Boot(AcceptorDisk disk, Turn<PaxosMessage> turn) => _right.Boot(disk, turn);

        public AcceptorState Receive(AcceptorState state, Address sender, PaxosMessage message, Turn<PaxosMessage> turn) =>
            _right.Receive(state, sender, message, turn);
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
