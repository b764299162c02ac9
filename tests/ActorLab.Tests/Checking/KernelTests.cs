using ActorLab.Algorithms.BenOr;
using ActorLab.Algorithms.FirstCome;
using ActorLab.Algorithms.Paxos;
using ActorLab.Algorithms.PingPong;
using ActorLab.Algorithms.WaitForAll;
using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.Checking;

/// <summary>The kernel counts as the naive explorer does, over every network, fault and timing.</summary>
public sealed class KernelTests
{
    public static TheoryData<string> Scenarios() => [.. All.Keys];

    private static readonly SortedDictionary<string, Scenario> All = new(StringComparer.Ordinal)
    {
        ["ping-pong, reliable"] = PingPongScenario.Of(3, new Network()),
        ["ping-pong, lossy and duplicating"] = PingPongScenario.Of(3, new Network(Lossy: true, Duplicating: true)),
        ["ping-pong, FIFO, lossy and duplicating"] =
            PingPongScenario.Of(3, new Network(FifoPerLink: true, Lossy: true, Duplicating: true)),
        ["ping-pong, budgets"] = PingPongScenario.Of(3, new Network()) with { Faults = new FaultBudget(0, 1, 2) },
        ["ping-pong, crashes"] = PingPongScenario.Of(2, new Network()) with { Faults = new FaultBudget(2) },
        ["paxos, one proposer"] = PaxosScenario.Of(new PaxosOptions(Proposers: 1)),
        ["paxos, two and two, lossy"] = PaxosScenario.Of(new PaxosOptions(2, 2, 0, Lossy: true)),
        ["paxos, retries"] = PaxosScenario.Of(new PaxosOptions(1, 2, 1, Ballots: 2)),
        ["paxos, crashes"] = PaxosScenario.Of(new PaxosOptions(1, 2, 1, Crashes: 1)),
        ["wait-for-all, crashes"] = WaitForAllScenario.Of(new WaitForAllOptions(2, Crashes: 1)),
        ["first-come, no-ops vanish, crashes"] =
            FirstComeScenario.Of(new FirstComeOptions(3, Crashes: 1)) with { Network = new Network(NoOpDeliversVanish: true) },
        ["ben-or, no-ops vanish"] = OneRound(new BenOrOptions(Inputs: [1, 1, 1])),
        ["ben-or, no-ops vanish, crashes"] = OneRound(new BenOrOptions(2, 0, Crashes: 1, Inputs: [0, 0])),
        ["walkers, reliable"] = Walkers.Of(2, new Network()),
        ["walkers, no-ops stay"] = Walkers.Of(2, new Network(NoOpDeliversStay: true)),
        ["walkers, FIFO"] = Walkers.Of(2, new Network(FifoPerLink: true)),
        ["walkers, FIFO, budgets"] = Walkers.Of(2, new Network(FifoPerLink: true), new FaultBudget(0, 1, 1)),
        ["walkers, duplicating"] = Walkers.Of(2, new Network(Duplicating: true)),
        ["walkers, one copy"] = Walkers.Of(2, new Network(OneCopy: true)),
        ["walkers, one copy, lossy, crashes"] = Walkers.Of(2, new Network(OneCopy: true, Lossy: true), new FaultBudget(1, 0, 1)),
        ["paxos, retries, one copy"] = PaxosScenario.Of(new PaxosOptions(1, 2, 1, Ballots: 2)) with { Network = new Network(OneCopy: true) },
        ["walkers, duplicating, last delivered"] = Walkers.Of(2, new Network(Duplicating: true, LastDeliveredCounts: true)),
        ["walkers, FIFO, last delivered"] = Walkers.Of(2, new Network(FifoPerLink: true, LastDeliveredCounts: true)),
        ["walkers, rounds"] = Walkers.Of(2, new Network(), timing: Timing.SynchronousRounds),
        ["walkers, rounds, crashes"] = Walkers.Of(2, new Network(), new FaultBudget(1), Timing.SynchronousRounds),
        ["walkers, crashes"] = Walkers.Of(2, new Network(), new FaultBudget(1)),
        ["walkers, FIFO, lossy, crashes"] = Walkers.Of(2, new Network(FifoPerLink: true, Lossy: true), new FaultBudget(1)),
    };

    /// <summary>With equal inputs it ends in round 1: the naive explorer knows no constraint and no normal form.</summary>
    private static Scenario OneRound(BenOrOptions options) =>
        BenOrScenario.Of(options) with { Normalisation = null, Constraint = null };

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Counts_agree_with_the_naive_explorer(string name)
    {
        var result = ModelChecker.Check(All[name], new CheckOptions { StopAtViolation = false });
        Assert.Null(result.Failure);
        Assert.True(result.Complete);
        Assert.Equal(new NaiveExplorer(All[name]).Count(), (result.Distinct, result.Generated));
        Assert.True(result.Distinct > 5, $"{result.Distinct} worlds show nothing.");
    }

    /// <summary>
    /// Of two messages that may arrive in either order and again, the worlds are none, one, the other, both; and where it
    /// counts, both with the one or with the other at last: 4 and 5.
    /// </summary>
    [Fact]
    public void What_was_delivered_last_tells_worlds_apart_that_are_otherwise_the_same()
    {
        var worlds = (bool counts) => ModelChecker.Check(Markers.Of(new Network(
            Duplicating: true, NoOpDeliversStay: true, LastDeliveredCounts: counts))).Distinct;
        Assert.Equal((4, 5), (worlds(false), worlds(true)));
    }

    [Fact]
    public void What_was_delivered_last_makes_more_worlds_where_it_counts() => Assert.True(
        ModelChecker.Check(All["walkers, duplicating, last delivered"]).Distinct
            > ModelChecker.Check(All["walkers, duplicating"]).Distinct);

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_run_repeats_itself(string name)
    {
        var (one, other) = (ModelChecker.Check(All[name]), ModelChecker.Check(All[name]));
        Assert.Equal(
            (one.Distinct, one.Generated, one.Depth, one.Turns), (other.Distinct, other.Generated, other.Depth, other.Turns));
        Assert.Equal(one.Verdicts.Select(v => $"{v.Kind} {v.Story}"), other.Verdicts.Select(v => $"{v.Kind} {v.Story}"));
    }
}
