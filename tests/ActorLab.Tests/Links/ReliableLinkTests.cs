using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.Links;

/// <summary>Exactly once and in order, over links that lose, repeat and reorder, and over crashes.</summary>
public sealed class ReliableLinkTests
{
    [Fact]
    public void Each_message_arrives_once_and_in_order_whatever_the_network_does()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var world = new HostileWorld(seed, linked: true);
            world.Run(turns: 200);
            world.Calm();
            Assert.True(world.Asked[Talker.One].SequenceEqual(Talker.HeardIn(world.StateAt(Talker.Other))), $"seed {seed}");
            Assert.True(world.Asked[Talker.Other].SequenceEqual(Talker.HeardIn(world.StateAt(Talker.One))), $"seed {seed}");
        }
    }

    /// <summary>The same worlds break roles without links, so that the test above says something.</summary>
    [Fact]
    public void Without_links_messages_are_lost_repeated_and_reordered()
    {
        var (lost, repeated, reordered) = (0, 0, 0);
        for (var seed = 1; seed <= 20; seed++)
        {
            var world = new HostileWorld(seed, linked: false);
            world.Run(turns: 200);
            world.Calm();
            var heard = Talker.HeardIn(world.StateAt(Talker.Other));
            lost += world.Asked[Talker.One].Except(heard).Any() ? 1 : 0;
            repeated += heard.Distinct().Count() < heard.Count ? 1 : 0;
            reordered += heard.SequenceEqual(heard.Order()) ? 0 : 1;
        }

        Assert.True(lost > 10 && repeated > 10 && reordered > 10, $"{lost} {repeated} {reordered}");
    }

    /// <summary>All worlds of a few messages: any loss, any order, one crash anywhere, also between disk and network.</summary>
    [Theory]
    [InlineData(2, 0, 1, 117)]
    [InlineData(2, 1, 0, 558)]
    public void In_every_world_what_is_heard_is_a_beginning_of_what_was_said(int messages, int crashes, int duplicates, int distinct)
    {
        var scenario = Scenario(messages, Talker.Linked) with { Faults = new FaultBudget(Crashes: crashes, Duplicates: duplicates) };
        var result = ModelChecker.Check(scenario, new CheckOptions { MaxStates = 3_000_000 });
        Assert.True(result.Passed, string.Join(", ", result.Verdicts.Select(verdict => verdict.ToString())) + result.Failure);
        Assert.Equal(distinct, result.Distinct);
    }

    [Fact]
    public void The_checker_finds_what_bare_links_do()
    {
        var result = ModelChecker.Check(Scenario(2, Talker.Bare));
        Assert.Equal(VerdictKind.Violated, result["In Order"].Kind);
    }

    /// <summary>What does not concern the link passes: its user's messages have no number, and timers are the role's own.</summary>
    [Fact]
    public void Early_messages_wait_and_what_arrived_is_acknowledged()
    {
        var role = Talker.Linked(Talker.Other);
        var context = new TurnContext(Talker.One, new NoChoices(), () => default);
        var booted = role.Boot(role.EmptyDisk, context);
        var asked = role.Receive(booted.State, Address.Outside, Frame<Talk>.Plain(new Talk.Ask(1)), context);
        Assert.Equal(Frame<Talk>.Data(1, new Talk.Say(1)), asked.Effects.OfType<Effect.Send>().Single().Message);

        var early = role.Receive(asked.State, Talker.Other, Frame<Talk>.Data(2, new Talk.Say(8)), context);
        Assert.Equal(Frame<Talk>.Acknowledge(0), early.Effects.OfType<Effect.Send>().Single().Message);
        var late = role.Receive(early.State, Talker.Other, Frame<Talk>.Data(1, new Talk.Say(7)), context);
        Assert.Equal(Frame<Talk>.Acknowledge(2), late.Effects.OfType<Effect.Send>().Single().Message);
        Assert.Equal([7, 8], Talker.HeardIn(late.State));

        var within = LinkTurns.Within(new Talker(Talker.Other), new Happening(
            Talker.One, new Input.Deliver(Talker.Other, Frame<Talk>.Data(1, new Talk.Say(7))), early.State, late.State, late.Effects));
        Assert.Equal(
            [new Talk.Say(7), new Talk.Say(8)], within.Select(turn => ((Input.Deliver)turn.Input).Message));

        var got = role.Receive(late.State, Talker.Other, Frame<Talk>.Acknowledge(1), context);
        Assert.True(((LinkState<TalkerState, TalkerDisk, Talk>)got.State).Disk.Sent[Talker.Other].Waiting.IsEmpty);
        Assert.False(role.Receive(got.State, Talker.Other, Frame<Talk>.Acknowledge(1), context).DiskChanged);
    }

    /// <summary>A peer has numbers, or it has nothing to say: only users do without.</summary>
    [Fact]
    public void What_a_peer_says_without_a_number_is_not_handed_on()
    {
        var role = Talker.Linked(Talker.Other);
        var context = new TurnContext(Talker.One, new NoChoices(), () => default);
        var booted = role.Boot(role.EmptyDisk, context);
        var heard = role.Receive(booted.State, Talker.Other, Frame<Talk>.Plain(new Talk.Say(1)), context);
        Assert.Empty(Talker.HeardIn(heard.State));
        Assert.False(heard.DiskChanged);
    }

    private static Scenario Scenario(int messages, Func<Address, RoleBinding> role)
    {
        var linked = role(Talker.Other).MessageType != typeof(Talk);
        return new Scenario
        {
            Name = "talk",
            Placements = [new Placement(Talker.One, role(Talker.Other)), new Placement(Talker.Other, role(Talker.One))],
            Network = new Network(Lossy: true, OneCopy: true),
            Workload = Seq.ToSeq(Enumerable.Range(1, messages).Select(number => new PlannedOperation(
                Talker.One, linked ? Frame<Talk>.Plain(new Talk.Ask(number)) : new Talk.Ask(number)))),
            Observers = [Asked],
            Properties =
            [
                new Property.Always(
                    "In Order", "What is heard is a beginning of what was asked for.",
                    world => IsBeginning(Talker.HeardIn(world.StateAt(Talker.Other)), world.Observed(Asked))),
                new Property.Sometimes(
                    "All Heard", "All is heard.", world => Talker.HeardIn(world.StateAt(Talker.Other)).Count == messages),
            ],
        };
    }

    /// <summary>What users asked for, in their order.</summary>
    private static readonly Observer<Seq<int>> Asked = new("asked", [], (all, turn) =>
        turn.Input is Input.Deliver(var sender, var message) && sender == Address.Outside
            ? all.Add(((Talk.Ask)((message as Frame<Talk>)?.Message ?? message)).Number)
            : all);

    private static bool IsBeginning(Seq<int> heard, Seq<int> asked) => heard.Count <= asked.Count && asked.Take(heard.Count) == heard;

    private sealed class NoChoices : IChoices
    {
        public int Next(int options) => throw new InvalidOperationException();
    }
}
