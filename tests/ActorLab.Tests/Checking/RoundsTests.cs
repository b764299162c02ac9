using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.Checking;

/// <summary>Rounds whose messages arrive in one order: refused where that could hide something.</summary>
public sealed class RoundsTests
{
    [Fact]
    public void Rounds_that_commute_are_explored_in_one_order()
    {
        var one = ModelChecker.Check(Of(new Sum()));
        var all = ModelChecker.Check(Of(new Sum()) with { RoundsCommute = false });
        Assert.True(one.Passed && all.Passed);
        Assert.Equal((4, 8), ((int)one.Distinct, (int)all.Distinct)); // Of three messages a chain, and every subset.
        Assert.Contains(one.Remarks, remark => remark.StartsWith("The messages of a round", StringComparison.Ordinal));
    }

    [Fact]
    public void A_role_that_minds_the_order_is_refused() => Assert.Contains(
        "it makes a difference whether Step",
        Assert.Throws<ArgumentException>(() => ModelChecker.Check(Of(new FirstOnly()))).Message,
        StringComparison.Ordinal);

    /// <summary>However late: worlds from first to last are looked at.</summary>
    [Fact]
    public void Roles_that_mind_the_order_from_the_third_round_on_are_refused()
    {
        var places = Enumerable.Range(1, 3).Select(Place).ToSeq();
        Scenario Minding(int from) => new()
        {
            Name = "minders",
            Placements = [.. places.Select(place => new Placement(place, RoleBinding.Of(new Minder(places, from))))],
            Timing = Timing.SynchronousRounds,
            RoundsCommute = true,
            Properties =
            [
                new Property.Always("Never Three", "The first never hears of the third first.", world =>
                    ((WalkerState)world.StateAt(Place(1))).Steps != 3),
            ],
        };
        Assert.Contains(
            "it makes a difference whether Step",
            Assert.Throws<ArgumentException>(() => ModelChecker.Check(Minding(3))).Message, StringComparison.Ordinal);
        Assert.Equal(VerdictKind.Violated, ModelChecker.Check(Minding(3) with { RoundsCommute = false })["Never Three"].Kind);
        Assert.True(ModelChecker.Check(Minding(4)).Passed);
    }

    /// <summary>Of three messages the last two commute only after the first: no pair shows it where all three wait.</summary>
    [Fact]
    public void A_role_that_minds_the_order_of_two_messages_after_a_third_is_refused() => Assert.Contains(
        "it makes a difference whether Step",
        Assert.Throws<ArgumentException>(() => ModelChecker.Check(Of(new AfterTheLast()))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_role_whose_answers_tell_the_order_is_refused() => Assert.Contains(
        "it makes a difference whether Step",
        Assert.Throws<ArgumentException>(() => ModelChecker.Check(Of(new Answerer()))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_property_that_changes_within_a_round_is_refused() => Assert.Contains(
        "Below Three changes within a round",
        Assert.Throws<ArgumentException>(() => ModelChecker.Check(Of(new Sum()) with
        {
            Properties =
            [
                new Property.Always(
                    "Below Three", "The sum is below three.",
                    world => world.All<WalkerState>().All(walker => walker.State.Steps != 3)),
            ],
        })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Without_synchronous_rounds_or_with_faults_it_is_refused()
    {
        Scenario[] scenarios =
        [
            Of(new Sum()) with { Timing = Timing.Asynchronous },
            Of(new Sum()) with { Network = new Network(Lossy: true) },
            Of(new Sum()) with { Faults = new FaultBudget(Crashes: 1) },
            Of(new Sum()) with { Workload = [new PlannedOperation(Place(1), new WalkerMessage.Go(1))] },
        ];
        Assert.All(scenarios, scenario => Assert.Contains(
            "only with synchronous rounds", Assert.Throws<ArgumentException>(() => ModelChecker.Check(scenario)).Message,
            StringComparison.Ordinal));
    }

    private static Address Place(int number) => new(new NodeId($"n{number}"), "walker");

    /// <summary>The first one gets 1, 2 and 4 from the second.</summary>
    private static Scenario Of(IRole<WalkerState, WalkerDisk, WalkerMessage> listener) => new()
    {
        Name = "steps",
        Placements = [new Placement(Place(1), RoleBinding.Of(listener)), new Placement(Place(2), RoleBinding.Of(new Talker()))],
        Timing = Timing.SynchronousRounds,
        RoundsCommute = true,
    };

    private sealed class Talker : IRole<WalkerState, WalkerDisk, WalkerMessage>
    {
        public WalkerDisk EmptyDisk => new(0);

        public WalkerState Boot(WalkerDisk disk, Turn<WalkerMessage> turn)
        {
            foreach (var number in (int[])[1, 2, 4])
            {
                turn.Tell(Place(1), new WalkerMessage.Step(number));
            }

            return new WalkerState(disk, 0);
        }

        public WalkerState Receive(WalkerState state, Address sender, WalkerMessage message, Turn<WalkerMessage> turn) => state;
    }

    private sealed class Sum : IRole<WalkerState, WalkerDisk, WalkerMessage>
    {
        public WalkerDisk EmptyDisk => new(0);

        public WalkerState Boot(WalkerDisk disk, Turn<WalkerMessage> turn) => new(disk, 0);

        public WalkerState Receive(WalkerState state, Address sender, WalkerMessage message, Turn<WalkerMessage> turn) =>
            state with { Steps = state.Steps + ((WalkerMessage.Step)message).Number };
    }

    private sealed class FirstOnly : IRole<WalkerState, WalkerDisk, WalkerMessage>
    {
        public WalkerDisk EmptyDisk => new(0);

        public WalkerState Boot(WalkerDisk disk, Turn<WalkerMessage> turn) => new(disk, 0);

        public WalkerState Receive(WalkerState state, Address sender, WalkerMessage message, Turn<WalkerMessage> turn) =>
            state.Steps == 0 ? state with { Steps = ((WalkerMessage.Step)message).Number } : state;
    }

    /// <summary>Until some round it hears nothing; from that one on it keeps whom it heard first.</summary>
    private sealed class Minder(Seq<Address> all, int from) : IRole<WalkerState, WalkerDisk, WalkerMessage>
    {
        private const int Last = 3;
        private static readonly ActorLab.Core.Timer Round = ActorLab.Core.Timer.Fixed("round", TimeSpan.FromSeconds(1));

        public WalkerDisk EmptyDisk => new(0);

        public WalkerState Boot(WalkerDisk disk, Turn<WalkerMessage> turn)
        {
            turn.Start(Round);
            return new WalkerState(disk, 0);
        }

        public WalkerState Receive(WalkerState state, Address sender, WalkerMessage message, Turn<WalkerMessage> turn) =>
            state.Disk.Kept < from || state.Steps > 0 ? state : state with { Steps = ((WalkerMessage.Step)message).Number };

        public WalkerState Expire(WalkerState state, ActorLab.Core.Timer timer, Turn<WalkerMessage> turn)
        {
            foreach (var other in all.Where(other => other != turn.Self))
            {
                turn.Tell(other, new WalkerMessage.Step(all.ToList().IndexOf(turn.Self) + 1));
            }

            if (state.Disk.Kept < Last - 1)
            {
                turn.Start(Round);
            }

            return state with { Disk = new WalkerDisk(state.Disk.Kept + 1) };
        }
    }

    /// <summary>Minds whether 1 or 2 comes first, if 4 was there before.</summary>
    private sealed class AfterTheLast : IRole<WalkerState, WalkerDisk, WalkerMessage>
    {
        public WalkerDisk EmptyDisk => new(0);

        public WalkerState Boot(WalkerDisk disk, Turn<WalkerMessage> turn) => new(disk, 0);

        public WalkerState Receive(WalkerState state, Address sender, WalkerMessage message, Turn<WalkerMessage> turn) =>
            state with { Steps = state.Steps + ((WalkerMessage.Step)message).Number + (state.Steps == 5 && message is WalkerMessage.Step(2) ? 8 : 0) };
    }

    /// <summary>A sum in the end, whatever the order; but it answers what it was before.</summary>
    private sealed class Answerer : IRole<WalkerState, WalkerDisk, WalkerMessage>
    {
        public WalkerDisk EmptyDisk => new(0);

        public WalkerState Boot(WalkerDisk disk, Turn<WalkerMessage> turn) => new(disk, 0);

        public WalkerState Receive(WalkerState state, Address sender, WalkerMessage message, Turn<WalkerMessage> turn)
        {
            turn.Tell(sender, new WalkerMessage.Step(state.Steps));
            return state with { Steps = state.Steps + ((WalkerMessage.Step)message).Number };
        }
    }
}
