using ActorLab.Algorithms.Paxos;
using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.Checking;

/// <summary>
/// Worlds modulo the names of interchangeable nodes, where names are everywhere: in states, disks, messages, observers.
/// </summary>
public sealed class NameTests
{
    private static readonly CheckOptions Whole = new() { StopAtViolation = false };
    private static readonly CheckOptions Symmetric = Whole with { Symmetry = true };
    private static readonly NodeId N1 = new("n1");

    private static readonly SortedDictionary<string, Scenario> All = new(StringComparer.Ordinal)
    {
        ["guests"] = Guests.Of(3, new Network()),
        ["guests, timers"] = Guests.Of(3, new Network(), hasTimers: true),
        ["guests, lossy"] = Guests.Of(3, new Network(Lossy: true)),
        ["guests, FIFO"] = Guests.Of(3, new Network(FifoPerLink: true)),
        ["guests, duplicating, last delivered"] = Guests.Of(2, new Network(Duplicating: true, LastDeliveredCounts: true)),
        ["guests, crashes"] = Guests.Of(2, new Network(), crashes: 2),
        ["guests, rounds"] = Guests.Of(3, new Network(), hasTimers: true) with { Timing = Timing.SynchronousRounds },
        ["guests, four"] = Guests.Of(4, new Network()),
        ["paxos, acceptors"] = PaxosScenario.Of(new PaxosOptions(1, 3, 1)) with { Interchangeable = [new("n2"), new("n3")] },
        ["paxos, acceptors, crashes"] =
            PaxosScenario.Of(new PaxosOptions(1, 3, 0, Crashes: 1)) with { Interchangeable = [new("n2"), new("n3")] },
    };

    public static TheoryData<string> Scenarios() => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Counts_modulo_names_are_those_of_the_orbits(string name)
    {
        var result = ModelChecker.Check(All[name], Symmetric);
        Assert.Null(result.Failure);
        Assert.True(result.Complete);
        Assert.Equal(new NaiveExplorer(All[name]).CountOrbits(All[name].Interchangeable), (result.Distinct, result.Generated));
        Assert.Contains(result.Remarks, remark => remark.Contains("renamings", StringComparison.Ordinal));
        var worlds = ModelChecker.Check(All[name], Whole);
        Assert.True(
            worlds.Distinct > result.Distinct * 3 / 2, $"{worlds.Distinct} worlds in {result.Distinct} orbits show little.");
        Assert.Equal(worlds.Verdicts.Select(verdict => verdict.Kind), result.Verdicts.Select(verdict => verdict.Kind));
        Assert.Equal(worlds.Depth, result.Depth);
    }

    /// <summary>By hand: each of three asked or not, in eight worlds; four remain when only their number counts.</summary>
    [Fact]
    public void Three_that_were_asked_or_not_are_four_orbits()
    {
        var guests = Guests.Of(3, new Network());
        var asked = guests with
        {
            Placements = [.. guests.Placements.Select(placement => placement with { Role = RoleBinding.Of(new Marker()) })],
            Workload = guests.Workload.Select(operation => operation with { Message = new Mark() }).ToSeq(),
            Observers = [],
            Properties = [],
        };
        Assert.Equal((8, 4), (ModelChecker.Check(asked, Whole).Distinct, ModelChecker.Check(asked, Symmetric).Distinct));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_story_found_modulo_names_is_a_shortest_one_of_worlds_that_follow_each_other(int threads)
    {
        var scenario = Guests.Of(3, new Network()) with { Properties = [Guests.NobodyIsWavedToTwice] };
        var story = ModelChecker.Check(scenario, new CheckOptions { Symmetry = true, Threads = threads }).Counterexample!;
        Assert.Equal(ModelChecker.Check(scenario).Counterexample!.Steps.Count, story.Steps.Count);
        Assert.Equal(story.ToString(), ModelChecker.Replay(scenario, story.Ordinals).ToString());
        Assert.Equal(2, Assert.IsType<GuestState>(story.Steps.Last.After).Waved.Count);
        foreach (var ofOne in story.Steps.Where(step => step.After is GuestState).GroupBy(step => step.Where))
        {
            Assert.Equal(ofOne.SkipLast(1).Select(step => step.After), ofOne.Skip(1).Select(step => step.Before));
        }
    }

    [Fact]
    public void A_host_with_a_favourite_is_no_symmetry() => Assert.Contains(
        "from a world with its interchangeable nodes renamed other steps are possible",
        Refused(Guests.Of(3, new Network(), favourite: N1)), StringComparison.Ordinal);

    [Fact]
    public void A_guest_that_starts_unlike_the_others_is_no_symmetry() => Assert.Contains(
        "a start is no start any more", Refused(Guests.Of(3, new Network(), tired: N1)), StringComparison.Ordinal);

    [Fact]
    public void A_property_that_names_one_is_no_symmetry() => Assert.Contains(
        "First Is n1 changes when interchangeable nodes are renamed",
        Refused(Guests.Of(3, new Network()) with
        {
            Properties =
            [
                new Property.Always(
                    "First Is n1", "Whoever is first is n1.",
                    world => world.Observed(Guests.Welcomed).Values.All(first => first == N1)),
            ],
        }),
        StringComparison.Ordinal);

    [Fact]
    public void Users_that_ask_more_of_one_are_no_symmetry()
    {
        var scenario = Guests.Of(3, new Network());
        Assert.Contains(
            "its users ask more of some", Refused(scenario with { Workload = scenario.Workload.Take(1) }), StringComparison.Ordinal);
        Assert.Contains("not symmetric", Refused(scenario with
        {
            Workload = [scenario.Workload[0] with { Message = new GuestMessage.Wave() }, .. scenario.Workload.Skip(1)],
        }), StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_with_other_roles_or_with_none_are_not_interchangeable()
    {
        var scenario = Guests.Of(2, new Network());
        string With(string node) => Refused(scenario with { Interchangeable = [new(node), N1], Workload = [] });
        Assert.Contains("ask more of some", Refused(scenario with { Interchangeable = [new("n0"), N1] }), StringComparison.Ordinal);
        Assert.Contains("no role at", With("n0"), StringComparison.Ordinal);
        Assert.Contains("no role at n9/guest", With("n9"), StringComparison.Ordinal);
    }

    private static string Refused(Scenario scenario) =>
        Assert.Throws<ArgumentException>(() => ModelChecker.Check(scenario, Symmetric)).Message;
}
