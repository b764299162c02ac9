using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.Checking;

/// <summary>What the kernel does at the edges: crashes within a turn, roles that throw, bounds.</summary>
public sealed class FaultTests
{
    private static readonly Address First = Address.Parse("n1/walker");
    private static readonly Address Second = Address.Parse("n2/walker");

    private static readonly Network Reliable = new();

    [Fact]
    public void A_crash_before_the_disk_is_written_lets_early_messages_out_and_nothing_else()
    {
        var result = Check(new FaultBudget(1), Seen("early only", world =>
            State(world, First).Disk.Kept == 0 && !world.IsUp(First) && Hinted(world)));
        var torn = result["early only"].Story!.Steps.Single(step => step.Torn is not null);
        Assert.Equal("crashes before the disk is written", torn.Torn);
        Assert.Equal([new Effect.Send(Second, new WalkerMessage.Hint(), Early: true)], torn.Effects);
    }

    [Fact]
    public void A_message_that_waits_for_the_disk_never_leaves_without_it() =>
        Assert.Equal(VerdictKind.Holds, Check(new FaultBudget(2), new Property.Always(
            "disk before network", "A step was kept before it was sent.",
            world => State(world, Second).Steps == 0 || State(world, First).Disk.Kept > 0 || Rested(world)))
            ["disk before network"].Kind);

    [Fact]
    public void A_crash_after_the_write_may_lose_the_messages_and_keeps_the_disk()
    {
        var result = Check(new FaultBudget(1), Seen("kept in silence", world =>
            State(world, First).Disk.Kept == 1 && !world.IsUp(First)));
        var step = Assert.Single(result["kept in silence"].Story!.Steps);
        Assert.Contains(step.Torn, (string[])["crashes before its messages leave", "crashes when 1 of 1 messages have left"]);
    }

    /// <summary>The second boot says on disk that it said hello, and says it once: the same turn as an expiry would be torn.</summary>
    [Fact]
    public void A_crash_within_a_restart_may_lose_what_the_boot_says_and_keeps_the_disk()
    {
        var heard = new Formula.Now("heard", world => State(world, Second).Steps > 0);
        var listenerFell = new Formula.Now("the listener fell", world => !world.IsUp(Second) || State(world, Second).Disk.Kept > 1);
        var scenario = new Scenario
        {
            Name = "announcers",
            Placements =
            [
                new Placement(First, RoleBinding.Of(new Announcer(Second))), new Placement(Second, RoleBinding.Of(new Announcer(null))),
            ],
            Fairness = [Fairness.EveryDelivery, Fairness.EveryRestart],
            Properties =
            [
                new Property.Temporal("Heard", "Who announced itself is heard, unless the listener falls.", new Formula.Now(
                    "announced", world => State(world, First).Disk.Kept > 1).LeadsTo(heard | listenerFell)),
            ],
        };
        Assert.Equal(VerdictKind.Holds, ModelChecker.Check(scenario with { Faults = new FaultBudget(1) })["Heard"].Kind);
        var result = ModelChecker.Check(scenario with { Faults = new FaultBudget(2) });
        Assert.Equal(VerdictKind.Violated, result["Heard"].Kind);
        var torn = result["Heard"].Story!.Steps.Single(step => step.Boots.Any(boot => boot.Torn is not null));
        Assert.Equal((StepKind.Restart, "crashes before its messages leave"), (torn.Kind, torn.Boots[0].Torn));
        Assert.Contains("crashes before its messages leave", result["Heard"].Story!.ToString(), StringComparison.Ordinal);
        Assert.Null(ModelChecker.Replay(scenario with { Faults = new FaultBudget(2) }, result["Heard"].Story!.Ordinals, result["Heard"].Story!.LoopsTo)
            .WhyNot(scenario.Properties[0]));
    }

    [Fact]
    public void A_restart_boots_from_the_disk_and_forgets_the_rest()
    {
        var result = Check(new FaultBudget(1), Seen("back", world =>
            State(world, First) is { Disk.Kept: 1, Steps: 0 } && world.IsUp(First) && world.Observed(Walkers.Kept) == 0
            && State(world, Second).Steps > 0));
        Assert.Equal(VerdictKind.Reached, result["back"].Kind);
    }

    [Fact]
    public void Without_a_budget_nothing_crashes() => Assert.Equal(
        VerdictKind.NeverReached, Check(new FaultBudget(), Seen("down", world => !world.IsUp(First)))["down"].Kind);

    [Fact]
    public void A_role_that_throws_is_a_failure_with_its_story()
    {
        var result = ModelChecker.Check(Clumsy(new InvariantViolation("two and two are four")));
        Assert.Equal("Invariant broken: two and two are four", result.Failure!.Message);
        Assert.Equal(First.ToString(), result.Failure.Where);
        Assert.Equal(["n1/walker is asked for Hint"], result.Counterexample!.Steps.Select(step => step.Text));
        Assert.False(result.Passed);
        Assert.Contains("Exception: oops", ModelChecker.Check(Clumsy(new Exception("oops"))).Failure!.Message);
        Assert.NotNull(ModelChecker.Check(Clumsy(new NotSupportedException())).Failure);
    }

    [Fact]
    public void A_message_to_nowhere_is_a_failure() => Assert.Contains(
        "sends to n9/walker, where the scenario has no role",
        ModelChecker.Check(Clumsy(Address.Parse("n9/walker"))).Failure!.Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_property_that_throws_is_broken_and_says_why()
    {
        var result = Check(new FaultBudget(), new Property.Always("throws", "-", _ => throw new FormatException("no")));
        Assert.Equal(VerdictKind.Violated, result["throws"].Kind);
        Assert.Equal("FormatException: no", result["throws"].Error);
        Assert.Empty(result.Counterexample!.Steps);
    }

    [Fact]
    public void Bounds_are_reported_and_leave_verdicts_open()
    {
        var scenario = Walkers.Of(2, Reliable) with { Properties = [Seen("never", _ => false)] };
        var few = ModelChecker.Check(scenario, new CheckOptions { MaxStates = 50 });
        Assert.InRange(few.Distinct, 50, 500);
        Assert.Equal((false, VerdictKind.Undecided), (few.Complete, few["never"].Kind));
        Assert.Contains("50 were asked for", few.StoppedBecause, StringComparison.Ordinal);
        var shallow = ModelChecker.Check(scenario, new CheckOptions { MaxDepth = 2 });
        Assert.Equal((2, false), (shallow.Depth, shallow.Complete));
        Assert.Equal(
            shallow.Distinct - ModelChecker.Check(scenario, new CheckOptions { MaxDepth = 1 }).Distinct, shallow.Waiting);
        Assert.Equal(VerdictKind.NeverReached, ModelChecker.Check(scenario)["never"].Kind);
    }

    [Fact]
    public void A_step_costs_one_call_of_a_role()
    {
        var result = ModelChecker.Check(Walkers.Of(2, Reliable));
        Assert.True(result.Turns * 5 < result.Generated, $"{result.Turns} turns for {result.Generated} steps.");
    }

    [Fact]
    public void Rounds_on_a_network_that_never_empties_are_refused() => Assert.Contains(
        "no round would ever end",
        Assert.Throws<ArgumentException>(() => ModelChecker.Check(
            Walkers.Of(2, new Network(Duplicating: true), timing: Timing.SynchronousRounds))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void An_operation_for_nobody_is_refused() => Assert.Throws<ArgumentException>(() => ModelChecker.Check(
        Walkers.Of(1, Reliable) with { Workload = [new PlannedOperation(Second, new WalkerMessage.Go(1))] }));

    private static CheckResult Check(FaultBudget faults, Property property) =>
        ModelChecker.Check(Walkers.Of(2, Reliable, faults) with
        {
            Observers = [Walkers.Kept, Hints, Rests],
            Properties = [property],
        });

    private static readonly Observer<bool> Hints = new(
        "hints", false, (hinted, happening) => hinted || happening.Input is Input.Deliver { Message: WalkerMessage.Hint });

    private static readonly Observer<bool> Rests = new(
        "rests", false, (rested, happening) => rested || (happening.Input is Input.Expire && happening.Effects.Count > 0));

    private static bool Hinted(IWorld world) => world.Observed(Hints);

    /// <summary>A walker also sends steps when it rested, which needs no disk.</summary>
    private static bool Rested(IWorld world) => world.Observed(Rests);

    private static Property.Sometimes Seen(string name, Func<IWorld, bool> reached) => new(name, name, reached);

    private static WalkerState State(IWorld world, Address address) => (WalkerState)world.StateAt(address);

    private static Scenario Clumsy(object fate) => new()
    {
        Name = "clumsy",
        Placements = [new Placement(First, RoleBinding.Of(new ClumsyWalker(fate)))],
        Workload = [new PlannedOperation(First, new WalkerMessage.Hint())],
    };

    /// <summary>Counts its boots on disk, and says hello at the second one.</summary>
    private sealed class Announcer(Address? listener) : IRole<WalkerState, WalkerDisk, WalkerMessage>
    {
        public WalkerDisk EmptyDisk => new(0);

        public WalkerState Boot(WalkerDisk disk, Turn<WalkerMessage> turn)
        {
            if (disk.Kept == 1 && listener is { } other)
            {
                turn.Tell(other, new WalkerMessage.Step(1));
            }

            return new WalkerState(new WalkerDisk(Math.Min(disk.Kept + 1, 3)), 0);
        }

        public WalkerState Receive(WalkerState state, Address sender, WalkerMessage message, Turn<WalkerMessage> turn) =>
            state with { Steps = 1 };
    }

    /// <summary>Throws what it is given, or sends to the address it is given.</summary>
    private sealed class ClumsyWalker(object fate) : IRole<WalkerState, WalkerDisk, WalkerMessage>
    {
        public WalkerDisk EmptyDisk => new(0);

        public WalkerState Boot(WalkerDisk disk, Turn<WalkerMessage> turn) => new(disk, 0);

        public WalkerState Receive(WalkerState state, Address sender, WalkerMessage message, Turn<WalkerMessage> turn)
        {
            turn.Tell((Address)(fate is Exception error ? throw error : fate), message);
            return state;
        }
    }
}
