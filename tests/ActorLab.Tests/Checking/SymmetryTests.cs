using ActorLab.Checking;
using ActorLab.Checking.Kernel;
using ActorLab.Core;

namespace ActorLab.Tests.Checking;

/// <summary>Roles on nodes that are all the same: worlds modulo the names of these nodes.</summary>
public sealed class SymmetryTests
{
    /// <summary>Who said hello first, as an observer that names nodes.</summary>
    private static readonly Observer<Seq<NodeId>> Speakers = new(
        "speakers", [], (speakers, happening) =>
            happening.Effects.Any(effect => effect is Effect.Send) && speakers.Count < 2 ? speakers.Add(happening.Where.Node) : speakers);

    private static readonly SortedDictionary<string, Scenario> All = new(StringComparer.Ordinal)
    {
        ["two gossips"] = Gossips(2, new Network()),
        ["three gossips"] = Gossips(3, new Network()),
        ["three gossips, one copy"] = Gossips(3, new Network(OneCopy: true)),
        ["three gossips, lossy"] = Gossips(3, new Network(Lossy: true)),
        ["three gossips, FIFO"] = Gossips(3, new Network(FifoPerLink: true)),
        ["three gossips, duplicating, last delivered"] =
            Gossips(3, new Network(Duplicating: true, NoOpDeliversStay: true, LastDeliveredCounts: true)),
        ["two gossips, crashes"] = Gossips(2, new Network(OneCopy: true)) with { Faults = new FaultBudget(Crashes: 1) },
        ["three gossips, rounds"] = Gossips(3, new Network()) with { Timing = Timing.SynchronousRounds },
    };

    public static TheoryData<string> Names() => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Worlds_modulo_names_are_as_many_as_a_plain_search_finds_orbits(string name)
    {
        var scenario = All[name] with { Properties = [] };
        var all = ModelChecker.Check(scenario);
        var orbits = ModelChecker.Check(scenario, new CheckOptions { Symmetry = true });
        Assert.Equal(new NaiveExplorer(scenario).CountOrbits(scenario.Interchangeable), (orbits.Distinct, orbits.Generated));
        Assert.True(orbits.Complete);
        Assert.InRange(orbits.Distinct, 2, all.Distinct - 1);
        Assert.Contains(orbits.Remarks, remark => remark.Contains("renamings", StringComparison.Ordinal));
    }

    /// <summary>Representatives jump between names; a story is of one behaviour and replays without symmetry.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_story_found_modulo_names_is_one_of_worlds_that_follow_each_other(string name)
    {
        var scenario = All[name];
        var (plain, modulo) = (
            ModelChecker.Check(scenario), ModelChecker.Check(scenario, new CheckOptions { Symmetry = true }));
        Assert.Equal(VerdictKind.Violated, modulo["Nobody Hears All"].Kind);
        var story = modulo["Nobody Hears All"].Story!;
        Assert.Equal(plain["Nobody Hears All"].Story!.Steps.Count, story.Steps.Count);
        Assert.Equal(story.ToString(), ModelChecker.Replay(scenario, story.Ordinals).ToString());
        Assert.Contains(story.Steps, step => step.After is GossipState { Heard: var heard } && heard.Count == scenario.Nodes.Count - 1);
    }

    [Fact]
    public void A_role_that_favours_a_name_is_refused() => Assert.Contains(
        "not symmetric",
        Assert.Throws<ArgumentException>(() => ModelChecker.Check(
            Gossips(3, new Network(), favourite: new NodeId("n2")), new CheckOptions { Symmetry = true })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_property_that_favours_a_name_is_refused() => Assert.Contains(
        "changes when interchangeable nodes are renamed",
        Assert.Throws<ArgumentException>(() => ModelChecker.Check(
            All["two gossips"] with
            {
                Properties =
                [
                    new Property.Always("First", "-", world =>
                        ((GossipState)world.StateAt(Address.Parse("n1/gossip"))).Heard.IsEmpty),
                ],
            },
            new CheckOptions { Symmetry = true })).Message,
        StringComparison.Ordinal);

    /// <summary>What is remembered of steps and claims is looked at modulo names wherever it was learned, however late.</summary>
    [Fact]
    public void A_model_that_favours_a_name_after_a_thousand_steps_is_refused()
    {
        var nodes = Set.Of(new NodeId("r1"), new NodeId("r2"));
        Model Late(bool step, bool claim)
        {
            var m = new ModelBuilder("late");
            var count = m.Variable("count", 0);
            var mark = m.Table("mark", nodes, 0);
            m.Step("tick", s =>
            {
                s.Await(count[s] < 1_000);
                count[s] = count[s] + 1;
            });
            m.Step("mark", nodes, (s, node) =>
            {
                s.Await(count[s] == 1_000 && nodes.All(one => mark[s, one] == 0) && (!step || node.Name == "r2"));
                mark[s, node] = 1;
            });
            m.Always("Never", "-", s => mark[s, new NodeId("r1")] == 0 || (!claim && mark[s, new NodeId("r1")] < 2));
            m.Symmetric(nodes);
            return m.Build();
        }

        var options = new CheckOptions { Symmetry = true, StopAtViolation = false };
        Assert.Contains("other steps", Assert.Throws<ArgumentException>(() => ModelChecker.Check(Late(true, false), options)).Message, StringComparison.Ordinal);
        Assert.Contains("Never changes", Assert.Throws<ArgumentException>(() => ModelChecker.Check(Late(false, true), options)).Message, StringComparison.Ordinal);
    }

    /// <summary>One order of many is favoured, and seldom it is the one that stands for all, or a neighbour of it.</summary>
    [Theory]
    [InlineData(3, "claim")]
    [InlineData(4, "step")]
    [InlineData(5, "claim")]
    [InlineData(5, "constraint")]
    [InlineData(5, "step")]
    public void A_model_that_favours_one_order_is_refused_whichever_it_is(int count, string what)
    {
        var nodes = NodeId.Range(count);
        foreach (var order in Permutations.Of(nodes.ToArray()))
        {
            var favoured = Seq.ToSeq(order);
            var m = new ModelBuilder("queue");
            var queue = m.Variable("queue", Seq<NodeId>.Empty);
            var flag = m.Variable("flag", false);
            m.Step("join", nodes, (s, node) =>
            {
                s.Await(!queue[s].Contains(node));
                queue[s] = queue[s].Add(node);
            });
            m.Step("flag", s =>
            {
                s.Await(what == "step" && queue[s] == favoured);
                flag[s] = true;
            });
            m.Always("Never", "-", s => !flag[s] && (what != "claim" || queue[s] != favoured));
            m.Constraint(s => what != "constraint" || queue[s] != favoured);
            m.Symmetric(nodes);
            Assert.Contains("not symmetric", Assert.Throws<ArgumentException>(() => ModelChecker.Check(
                m.Build(), new CheckOptions { Symmetry = true })).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_constraint_that_throws_is_a_sentence()
    {
        var m = new ModelBuilder("thrower");
        var count = m.Variable("count", 0);
        m.Step("tick", s => count[s] = count[s] + 1);
        m.Constraint(s => count[s] < 3 ? true : throw new InvalidOperationException("boom"));
        Assert.Contains(
            "The constraint of thrower throws InvalidOperationException: boom",
            Assert.Throws<ArgumentException>(() => ModelChecker.Check(m.Build())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Users_that_ask_more_of_some_are_refused() => Assert.Contains(
        "ask more of some interchangeable nodes",
        Assert.Throws<ArgumentException>(() => ModelChecker.Check(
            All["two gossips"] with { Workload = [new PlannedOperation(Address.Parse("n1/gossip"), new GossipMessage.Hello())] },
            new CheckOptions { Symmetry = true })).Message,
        StringComparison.Ordinal);

    private static Scenario Gossips(int count, Network network, NodeId? favourite = null)
    {
        var nodes = NodeId.Range(count);
        Seq<Address> places = [.. nodes.Select(node => new Address(node, "gossip"))];
        return new Scenario
        {
            Name = "gossips",
            Placements = [.. places.Select(place => new Placement(
                place, RoleBinding.Of(new Gossip(Seq.ToSeq(places.Where(other => other != place)), favourite))))],
            Workload = count > 2 ? [] : [.. places.Select(place => new PlannedOperation(place, new GossipMessage.Hello()))],
            Interchangeable = nodes,
            Observers = [Speakers],
            Network = network,
            Properties =
            [
                new Property.Always("Nobody Hears All", "Nobody hears of all others.", world =>
                    world.All<GossipState>().All(gossip => gossip.State.Heard.Count < count - 1)),
            ],
        };
    }

    public abstract record GossipMessage
    {
        /// <summary>From users, and from gossips.</summary>
        public sealed record Hello : GossipMessage;
    }

    public sealed record GossipState(Set<NodeId> Heard, bool Spoke) : IOnDisk<NoDisk>
    {
        public NoDisk Disk => NoDisk.Instance;
    }

    /// <summary>Says hello once, when asked or when its time has come, and remembers whom it heard.</summary>
    private sealed class Gossip(Seq<Address> others, NodeId? favourite) : IRole<GossipState, NoDisk, GossipMessage>
    {
        private static readonly ActorLab.Core.Timer Urge = ActorLab.Core.Timer.Fixed("urge", TimeSpan.FromSeconds(1));

        public NoDisk EmptyDisk => NoDisk.Instance;

        public GossipState Boot(NoDisk disk, Turn<GossipMessage> turn)
        {
            turn.Start(Urge);
            return new GossipState([], false);
        }

        public GossipState Receive(GossipState state, Address sender, GossipMessage message, Turn<GossipMessage> turn) =>
            sender == Address.Outside ? Speak(state, turn) : state with { Heard = state.Heard.Add(sender.Node) };

        public GossipState Expire(GossipState state, ActorLab.Core.Timer timer, Turn<GossipMessage> turn) => Speak(state, turn);

        private GossipState Speak(GossipState state, Turn<GossipMessage> turn)
        {
            if (!state.Spoke && turn.Self.Node != favourite)
            {
                turn.Tell(others, new GossipMessage.Hello());
            }

            return state with { Spoke = true };
        }
    }
}
