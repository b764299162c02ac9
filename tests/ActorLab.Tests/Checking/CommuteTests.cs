using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.Checking;

/// <summary>
/// A world stands for others modulo names or a shift. Whatever is said of it must be so of them: else the verdict would be on
/// the one that happened to be explored.
/// </summary>
public sealed class CommuteTests
{
    private static readonly CheckOptions Symmetric = new() { Symmetry = true };

    private static readonly Scenario Race = Racers.Of(new Network(FifoPerLink: true));

    [Fact]
    public void A_property_that_a_shift_changes_is_refused() => Assert.Contains(
        "Three Laps At Most changes when its numbers are shifted",
        Refused(Race with { Properties = [new Property.Always("Three Laps At Most", "-", IsBelow(4))] }),
        StringComparison.Ordinal);

    [Fact]
    public void A_world_that_only_a_number_tells_apart_is_not_looked_for_modulo_a_shift() => Assert.Contains(
        "Fourth Lap changes when its numbers are shifted",
        Refused(Race with { Properties = [new Property.Sometimes("Fourth Lap", "-", world => !IsBelow(4)(world))] }),
        StringComparison.Ordinal);

    [Fact]
    public void A_part_of_a_formula_that_a_shift_changes_is_refused() => Assert.Contains(
        "'below four' in Goes On changes when its numbers are shifted",
        Refused(Race with
        {
            Properties =
            [
                new Property.Temporal("Goes On", "-", !new Formula.Always(new Formula.Now("below four", IsBelow(4)))),
            ],
        }),
        StringComparison.Ordinal);

    [Fact]
    public void A_constraint_that_a_shift_changes_is_refused() => Assert.Contains(
        "its constraint changes when its numbers are shifted",
        Refused(Race with { Constraint = IsBelow(4) }),
        StringComparison.Ordinal);

    [Fact]
    public void A_constraint_that_favours_a_name_is_refused()
    {
        var first = Address.Parse("n1/guest");
        var guests = Guests.Of(3, new Network());
        Assert.Contains(
            "its constraint changes when interchangeable nodes are renamed",
            Refused(guests with { Constraint = world => ((GuestState)world.StateAt(first)).Waved.IsEmpty }, Symmetric),
            StringComparison.Ordinal);
        Assert.True(ModelChecker.Check(
            guests with { Constraint = world => world.All<GuestState>().All(guest => guest.State.Waved.IsEmpty) }, Symmetric).Passed);
    }

    /// <summary>However late it comes: the spot check sees the first few hundred worlds only.</summary>
    [Fact]
    public void Users_that_end_up_asking_other_things_of_some_are_refused()
    {
        var guests = Guests.Of(3, new Network());
        var often = guests with
        {
            Workload =
            [
                .. Enumerable.Repeat(guests.Workload, 12).SelectMany(once => once),
                guests.Workload[0] with { Message = new GuestMessage.Wave() }, .. guests.Workload.Skip(1),
            ],
        };
        Assert.Contains(
            "its users ask other things of n2/guest than of n1/guest",
            Refused(often, Symmetric with { MaxStates = 500 }), StringComparison.Ordinal);
    }

    /// <summary>The first few hundred worlds do not get that far; a walk does.</summary>
    [Fact]
    public void A_number_that_matters_late_is_found() => Assert.Contains(
        "does not commute with its steps", Refused(Racers.Of(new Network(FifoPerLink: true), last: 30)), StringComparison.Ordinal);

    [Fact]
    public void Where_every_boot_throws_the_failure_is_told()
    {
        var broken = Race with { Placements = [new Placement(Address.Parse("n1/racer"), RoleBinding.Of(new Stumbler()))] };
        Assert.Contains("shoes", ModelChecker.Check(broken).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rounds_that_commute_may_be_shifted_too()
    {
        var rounds = Racers.Of(new Network()) with { Timing = Timing.SynchronousRounds, Observers = [] };
        var all = ModelChecker.Check(rounds);
        var one = ModelChecker.Check(rounds with { RoundsCommute = true });
        Assert.True(all.Passed && one.Passed);
        Assert.InRange(one.Distinct, 2, all.Distinct - 1);
    }

    private static Func<IWorld, bool> IsBelow(int lap) => world => world.All<RacerState>().All(racer => racer.State.Disk.Lap < lap);

    private static string Refused(Scenario scenario, CheckOptions? options = null) =>
        Assert.Throws<ArgumentException>(() => ModelChecker.Check(scenario, options)).Message;

    private sealed class Stumbler : IRole<RacerState, RacerDisk, RacerMessage>
    {
        public RacerDisk EmptyDisk => new(0);

        public RacerState Boot(RacerDisk disk, Turn<RacerMessage> turn) => throw new InvariantViolation("both shoes are tied");

        public RacerState Receive(RacerState state, Address sender, RacerMessage message, Turn<RacerMessage> turn) => state;
    }
}
