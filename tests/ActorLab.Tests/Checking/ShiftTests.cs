using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.Checking;

/// <summary>
/// Worlds modulo a shift where the numbers are everywhere: in states, disks, messages, an observer, of nodes that are down.
/// </summary>
public sealed class ShiftTests
{
    private static readonly SortedDictionary<string, Scenario> All = new(StringComparer.Ordinal)
    {
        ["FIFO"] = Racers.Of(new Network(FifoPerLink: true)),
        ["FIFO, last delivered"] = Racers.Of(new Network(FifoPerLink: true, LastDeliveredCounts: true)),
        ["FIFO, lossy"] = Racers.Of(new Network(FifoPerLink: true, Lossy: true)),
        ["FIFO, crashes"] = Racers.Of(new Network(FifoPerLink: true), crashes: 2),
        ["what is late vanishes"] = Racers.Of(new Network(NoOpDeliversVanish: true)),
        ["rounds"] = Racers.Of(new Network()) with { Timing = Timing.SynchronousRounds },
    };

    public static TheoryData<string> Names() => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_race_without_end_has_as_many_worlds_as_a_plain_search_finds_modulo_a_shift(string name)
    {
        var scenario = All[name];
        var result = ModelChecker.Check(scenario);
        Assert.Null(result.Failure);
        Assert.True(result.Complete);
        Assert.Equal(new NaiveExplorer(scenario).CountShifted(Racers.Laps), (result.Distinct, result.Generated));
        Assert.False(ModelChecker.Check(
            scenario with { Normalisation = null }, new CheckOptions { MaxStates = result.Distinct * 20 }).Complete);
    }

    [Fact]
    public void Nobody_is_more_than_a_lap_ahead_unless_it_crashed()
    {
        static CheckResult Check(Scenario scenario) =>
            ModelChecker.Check(scenario with { Properties = [Racers.WithinOne] });
        Assert.True(Check(All["FIFO"]).Passed);
        var crashed = Check(All["FIFO, crashes"]);
        Assert.Equal(VerdictKind.Violated, crashed["Within One"].Kind);
        Assert.Contains(crashed.Counterexample!.Steps, step => step.Kind == StepKind.Restart || step.Torn is not null);
        Assert.Equal(
            crashed.Counterexample.ToString(),
            ModelChecker.Replay(All["FIFO, crashes"], crashed.Counterexample.Ordinals).ToString());
    }

    /// <summary>Where the cycle ends all laps are more than where it began: it is a cycle modulo that only, which is said.</summary>
    [Fact]
    public void A_lasso_through_a_shift_tells_real_laps_and_replays()
    {
        var level = new Formula.Now("level", world => Racers.Difference(world) == 0);
        var firstLeads = new Formula.Now("the first leads", world => Racers.Difference(world) > 0
            && world.All<RacerState>().MaxBy(racer => racer.State.Disk.Lap).Address.Node.Name == "n1");
        var scenario = All["FIFO"] with
        {
            Properties =
            [
                new Property.Temporal("Settles", "From some time on both have run as far.", Formula.EventuallyAlways(level)),
                new Property.Temporal("Meets", "Both have run as far again and again.", Formula.AlwaysEventually(level)),
                new Property.Temporal("Leads", "The first is ahead again and again.", Formula.AlwaysEventually(firstLeads)),
                new Property.Temporal("Parts", "Again and again one is ahead.", Formula.AlwaysEventually(!level)),
            ],
        };
        var result = ModelChecker.Check(scenario);
        Assert.Equal(
            [VerdictKind.Violated, VerdictKind.Holds, VerdictKind.Violated, VerdictKind.Holds],
            result.Verdicts.Select(verdict => verdict.Kind));
        Assert.Contains(result.Remarks, remark => remark.Contains("modulo a shift", StringComparison.Ordinal));
        foreach (var story in result.Verdicts.Where(verdict => verdict.Story is not null).Select(verdict => verdict.Story!))
        {
            Assert.Equal(story.ToString(), ModelChecker.Replay(scenario, story.Ordinals, story.LoopsTo).ToString());
            var cycle = story.Steps.Skip(story.LoopsTo!.Value).Where(step => step.Before is RacerState).ToList();
            Assert.Equal(2, cycle.Select(step => step.Where).Distinct().Count());
            Assert.All(cycle.GroupBy(step => step.Where), ofOne => Assert.Equal(
                ((RacerState)ofOne.First().Before!).Disk.Lap + 1, ((RacerState)ofOne.Last().After!).Disk.Lap));
        }
    }

    [Fact]
    public void A_race_that_ends_at_a_lap_has_no_shift() => Assert.Contains(
        "does not commute with its steps",
        Assert.Throws<ArgumentException>(() => ModelChecker.Check(Racers.Of(new Network(FifoPerLink: true), last: 3))).Message,
        StringComparison.Ordinal);
}
