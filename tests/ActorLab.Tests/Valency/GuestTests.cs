using ActorLab.Algorithms.BenOr;
using ActorLab.Algorithms.FirstCome;
using ActorLab.Algorithms.RotatingCoordinator;
using ActorLab.Algorithms.WaitForAll;
using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.Valency;

/// <summary>The consensus protocols that valency looks at: what they promise, and the mutants that break it.</summary>
public sealed class GuestTests
{
    private static readonly CheckOptions Whole = new() { StopAtViolation = false };

    private static readonly SortedDictionary<string, Func<Scenario>> Mutants = new(StringComparer.Ordinal)
    {
        ["ben-or, hasty"] = () => BenOrMutants.Hasty(new BenOrOptions(Drift: 1)),
        ["ben-or, gambler"] = () => BenOrMutants.Gambler(new BenOrOptions(Drift: 1)),
        ["ben-or, half is enough"] = () => BenOrMutants.HalfIsEnough(new BenOrOptions(Drift: 1)),
        ["ben-or, edgy coin"] = () => BenOrMutants.EdgyCoin(new BenOrOptions(Drift: 1)),
        ["ben-or, forgetful"] = () => BenOrMutants.Forgetful(new BenOrOptions(Drift: 2, Coin: 0, Crashes: 1)),
        ["rotating coordinator, lonely"] = () => CoordinatorMutants.Lonely(new CoordinatorOptions()),
        ["rotating coordinator, stubborn"] = () => CoordinatorMutants.Stubborn(new CoordinatorOptions()),
        ["rotating coordinator, hasty"] = () => CoordinatorMutants.Hasty(new CoordinatorOptions()),
        ["rotating coordinator, inventive"] = () => CoordinatorMutants.Inventive(new CoordinatorOptions()),
        ["rotating coordinator, mute"] = () => CoordinatorMutants.Mute(new CoordinatorOptions(Suspects: false)),
        ["wait-for-all, hasty"] = () => WaitForAllMutants.Hasty(new WaitForAllOptions()),
        ["wait-for-all, adding"] = () => WaitForAllMutants.Adding(new WaitForAllOptions()),
        ["wait-for-all, taciturn"] = () => WaitForAllMutants.Taciturn(new WaitForAllOptions()),
        ["first-come, impatient"] = () => FirstComeMutants.Impatient(new FirstComeOptions()),
        ["first-come, contrary"] = () => FirstComeMutants.Contrary(new FirstComeOptions()),
        ["first-come, taciturn"] = () => FirstComeMutants.Taciturn(new FirstComeOptions()),
    };

    [Theory]
    [InlineData("ben-or, hasty", "Agreement")]
    [InlineData("ben-or, gambler", "Agreement")]
    [InlineData("ben-or, half is enough", "Agreement")]
    [InlineData("ben-or, edgy coin", "Validity")]
    [InlineData("ben-or, forgetful", "Agreement")]
    [InlineData("rotating coordinator, lonely", "Agreement")]
    [InlineData("rotating coordinator, stubborn", "Agreement")]
    [InlineData("rotating coordinator, hasty", "Agreement")]
    [InlineData("rotating coordinator, inventive", "Validity")]
    [InlineData("rotating coordinator, mute", "Termination")]
    [InlineData("wait-for-all, hasty", "Agreement")]
    [InlineData("wait-for-all, adding", "Validity")]
    [InlineData("wait-for-all, taciturn", "Termination")]
    [InlineData("first-come, impatient", "Agreement")]
    [InlineData("first-come, contrary", "Validity")]
    [InlineData("first-come, taciturn", "Termination")]
    public void Each_mutant_is_caught_by_the_property_that_should(string mutant, string property)
    {
        var result = ModelChecker.Check(Mutants[mutant](), new CheckOptions { Properties = [property] });
        Assert.Null(result.Failure);
        Assert.Equal(VerdictKind.Violated, result[property].Kind);
    }

    [Fact]
    public void Without_a_crash_waiting_terminates_and_with_one_it_blocks()
    {
        Assert.True(ModelChecker.Check(WaitForAllScenario.Of(new WaitForAllOptions())).Passed);
        Assert.True(ModelChecker.Check(FirstComeScenario.Of(new FirstComeOptions())).Passed);
        Assert.True(ModelChecker.Check(CoordinatorScenario.Of(new CoordinatorOptions(Suspects: false))).Passed);
        AssertOnlyTerminationFails(ModelChecker.Check(WaitForAllScenario.Of(new WaitForAllOptions(Crashes: 1)), Whole));
        AssertOnlyTerminationFails(ModelChecker.Check(FirstComeScenario.Of(new FirstComeOptions(Crashes: 1)), Whole));
        AssertOnlyTerminationFails(
            ModelChecker.Check(CoordinatorScenario.Of(new CoordinatorOptions(Suspects: false, Crashes: 1)), Whole));
    }

    [Fact]
    public void Protocols_that_tolerate_a_crash_are_safe_and_have_a_fair_run_without_end()
    {
        AssertOnlyTerminationFails(ModelChecker.Check(CoordinatorScenario.Of(new CoordinatorOptions()), Whole));
        AssertOnlyTerminationFails(ModelChecker.Check(BenOrScenario.Of(new BenOrOptions(Drift: 1)), Whole));
    }

    [Fact]
    public void A_crash_breaks_no_safety()
    {
        AssertSafe(CoordinatorScenario.Of(new CoordinatorOptions(Crashes: 1, Inputs: [0, 0, 1])));
        AssertSafe(BenOrScenario.Of(new BenOrOptions(Coin: 0, Drift: 1, Crashes: 1, Inputs: [0, 1, 1])));
    }

    /// <summary>The source is benor.json: a consequence of steps 2 and 3 of the paper.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void With_equal_inputs_everybody_decides_in_round_1_for_every_schedule_and_coin(int input)
    {
        var result = ModelChecker.Check(InFirstRound([input, input, input]), Whole);
        Assert.True(result.Complete);
        Assert.Equal(VerdictKind.Holds, result["round 1"].Kind);
        Assert.Equal(VerdictKind.Holds, result["Termination"].Kind);
    }

    [Fact]
    public void With_other_inputs_round_1_need_not_be_enough() =>
        Assert.Equal(VerdictKind.Violated, ModelChecker.Check(InFirstRound([0, 1, 1]))["round 1"].Kind);

    /// <summary>The bound on the other side: with N = 2t nobody sees more than N/2 equal reports among N - t.</summary>
    [Fact]
    public void With_half_of_the_processes_dying_nobody_ever_decides()
    {
        var result = ModelChecker.Check(BenOrScenario.Of(new BenOrOptions(4, 2, Coin: 0, Drift: 1, Inputs: [0, 0, 0, 0])) with
        {
            Properties = [new Property.Sometimes("decided", "-", world => world.All<BenOrState>().Any(
                process => process.State.Disk.Decided is not null))],
        });
        Assert.Equal((true, VerdictKind.NeverReached), (result.Complete, result["decided"].Kind));
    }

    /// <summary>What lets ignored messages vanish: a role that ignores a message ignores it for ever.</summary>
    [Theory]
    [InlineData("ben-or")]
    [InlineData("rotating-coordinator")]
    public void Ignored_messages_change_no_decision_that_can_be_reached(string name)
    {
        var scenario = name == "ben-or"
            ? BenOrScenario.Of(new BenOrOptions(2, 0, Drift: 2))
            : CoordinatorScenario.Of(new CoordinatorOptions(2));
        var early = scenario with { Normalisation = null, Constraint = world => IsEarly(world, scenario) };
        var (slow, fast) = (ModelChecker.Valency(early with { Network = new Network() }), ModelChecker.Valency(early));
        Assert.True(slow.Complete && fast.Complete && slow.Distinct >= fast.Distinct);
        Assert.Equal(slow.Starts, fast.Starts);
    }

    private static bool IsEarly(IWorld world, Scenario scenario) => scenario.Constraint!(world)
        && world.All<BenOrState>().All(process => process.State.At is null or { Round: <= 2 })
        && world.All<CoordinatedState>().All(process => process.State.Round <= 3);

    private static Scenario InFirstRound(Seq<int> inputs) => BenOrScenario.Of(new BenOrOptions(Inputs: inputs, Drift: 3)) with
    {
        Normalisation = null,
        Constraint = world => world.All<BenOrState>().All(process => process.State.At is null or { Round: <= 2 }),
        Properties =
        [
            new Property.Always("round 1", "Nobody begins round 2.", world => world.All<BenOrState>().All(
                process => process.State.At is null or { Round: <= 1 })),
            Algorithms.Consensus.ConsensusProperties.Termination,
        ],
    };

    private static void AssertSafe(Scenario scenario)
    {
        var result = ModelChecker.Check(
            scenario, Whole with { Properties = ["Agreement", "Validity", "0 Is Decided", "1 Is Decided"] });
        Assert.True(result.Complete);
        Assert.All(result.Verdicts.Where(verdict => verdict.Property is not Property.Temporal), verdict =>
            Assert.True(verdict.Kind is VerdictKind.Holds or VerdictKind.Reached, verdict.Property.Name));
    }

    private static void AssertOnlyTerminationFails(CheckResult result)
    {
        Assert.Null(result.Failure);
        Assert.True(result.Complete);
        Assert.Equal(
            ["Termination"],
            result.Verdicts.Where(verdict => verdict.Kind is not (VerdictKind.Holds or VerdictKind.Reached))
                .Select(verdict => verdict.Property.Name));
    }
}
