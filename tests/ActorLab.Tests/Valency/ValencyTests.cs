using ActorLab.Algorithms.BenOr;
using ActorLab.Algorithms.FirstCome;
using ActorLab.Algorithms.Paxos;
using ActorLab.Algorithms.PingPong;
using ActorLab.Algorithms.RotatingCoordinator;
using ActorLab.Algorithms.WaitForAll;
using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.Valency;

/// <summary>Valencies, the lemmas and the undecided run, with the figures of small scenarios.</summary>
public sealed class ValencyTests
{
    [Fact]
    public void Waiting_for_all_is_never_bivalent()
    {
        var result = ModelChecker.Valency(WaitForAllScenario.Of(new WaitForAllOptions()));
        Assert.Equal("0-valent 875, 1-valent 125", Text(result.Worlds));
        Assert.Equal("0-valent 7, 1-valent 1", Text(result.Starts));
        Assert.Null(result.Lemma2!.Bivalent);
        var adjacent = result.Lemma2.Adjacent!;
        Assert.Equal(("0-valent", "1-valent"), (adjacent.OneValency, adjacent.OtherValency));
        var differ = adjacent.One.Boots.Zip(adjacent.Other.Boots).Where(pair => pair.First.AfterText != pair.Second.AfterText);
        Assert.Equal([adjacent.Differs], differ.Select(pair => pair.First.Where));
        Assert.Equal((0L, 0L), (result.Lemma3!.Pairs, result.Lemma3.None));
        Assert.Null(result.Undecided);
    }

    [Fact]
    public void Waiting_for_all_blocks_with_a_crash_and_still_is_never_bivalent()
    {
        var result = ModelChecker.Valency(WaitForAllScenario.Of(new WaitForAllOptions(Crashes: 1)));
        Assert.Equal("none 2856, 0-valent 14147, 1-valent 2021", Text(result.Worlds));
        Assert.Equal("none 1", Text(result.Undecided!.Cycle));
        Assert.Null(result.Lemma3);
        Assert.Contains(result.Remarks, remark => remark.Contains("Lemma 3 is left out", StringComparison.Ordinal));
        var story = result.Undecided.Story;
        Assert.Equal(StoryStep.Stutter, story.Steps[^1]);
        Assert.Contains(story.Steps, step => step.Kind == StepKind.Crash || step.Torn is not null);
    }

    [Fact]
    public void An_arbiter_breaks_lemma_3_in_the_step_in_which_it_decides()
    {
        var result = ModelChecker.Valency(FirstComeScenario.Of(new FirstComeOptions()));
        Assert.Equal("0-valent 192, 1-valent 192, bivalent 32", Text(result.Worlds));
        Assert.NotNull(result.Lemma2!.Bivalent);
        var lemma = result.Lemma3!;
        Assert.Equal((80L, 48L, 32L, 0L), (lemma.Pairs, lemma.Found, lemma.None, lemma.Unknown));
        Assert.StartsWith("n1/process receives Vote", lemma.Missing!.Event, StringComparison.Ordinal);
        Assert.StartsWith("n1/process receives Vote", lemma.Missing.Neighbour, StringComparison.Ordinal);
        Assert.True(lemma.Missing.SameProcess);
        Assert.NotEqual(lemma.Missing.OneValency, lemma.Missing.OtherValency);
        Assert.Null(result.Undecided);
    }

    [Fact]
    public void A_rotating_coordinator_can_be_kept_bivalent_for_ever()
    {
        var result = ModelChecker.Valency(CoordinatorScenario.Of(new CoordinatorOptions()));
        Assert.Equal("0-valent 9603, 1-valent 9603, bivalent 7746", Text(result.Worlds));
        Assert.Equal("0-valent 1, 1-valent 1, bivalent 6", Text(result.Starts));
        var lemma = result.Lemma3!;
        Assert.Equal((36456L, 0L), (lemma.Pairs, lemma.None));
        Assert.True(lemma.Found > lemma.Pairs * 9 / 10);
        Assert.Equal("bivalent 15", Text(result.Undecided!.Cycle));
        Assert.Null(result.Undecided.WayOut);
        AssertFair(result.Undecided.Story);
    }

    [Fact]
    public void Without_suspicion_the_first_coordinator_decides_from_the_start()
    {
        var result = ModelChecker.Valency(CoordinatorScenario.Of(new CoordinatorOptions(Suspects: false)));
        Assert.Equal("0-valent 164, 1-valent 164", Text(result.Worlds));
        Assert.Equal(Address.Parse("n1/process"), result.Lemma2!.Adjacent!.Differs);
        Assert.Null(result.Undecided);
        Assert.Equal(0, result.Open);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Ben_Or_with_a_coin_that_always_shows_the_same_can_be_kept_bivalent_for_ever(int coin)
    {
        var result = ModelChecker.Valency(BenOrScenario.Of(new BenOrOptions(Coin: coin, Drift: 1)));
        Assert.Equal(885, result.Worlds.Single(one => one.Name == "bivalent").Count);
        Assert.Equal(3, result.Starts.Single(one => one.Name == "bivalent").Count);
        Assert.Equal("bivalent 6", Text(result.Undecided!.Cycle));
        Assert.Equal((0L, 0L), (result.Choosing, result.Lemma3!.None));
        Assert.Null(result.Undecided.WayOut);
        AssertFair(result.Undecided.Story);
    }

    [Fact]
    public void A_fair_coin_leads_out_of_every_bivalent_world_of_the_undecided_run()
    {
        var result = ModelChecker.Valency(BenOrScenario.Of(new BenOrOptions(Drift: 1)));
        Assert.Equal("none 348, 0-valent 27487, 1-valent 27487, bivalent 4098", Text(result.Worlds));
        var run = result.Undecided!;
        Assert.Equal("bivalent 6", Text(run.Cycle));
        Assert.Equal(6, run.WayOut!.Worlds);
        Assert.EndsWith("-valent", run.WayOut.Valency, StringComparison.Ordinal);
        Assert.True(result.ChoosingOut > 0);

        // The way out is the schedule of the run, up to the coin.
        var around = run.Story.Steps.Concat(run.Story.Steps.Skip(run.Story.LoopsTo!.Value));
        Assert.All(run.WayOut.Story.Steps.Zip(around), pair =>
            Assert.Equal((pair.Second.Kind, pair.Second.Where), (pair.First.Kind, pair.First.Where)));
    }

    [Fact]
    public void Two_of_two_are_known_exactly()
    {
        var result = ModelChecker.Valency(BenOrScenario.Of(new BenOrOptions(2, 0)));
        Assert.Equal("0-valent 50, 1-valent 50, bivalent 48", Text(result.Worlds));
        Assert.Equal((76L, 76L, 0L), (result.Lemma3!.Pairs, result.Lemma3.Found, result.Lemma3.Unknown));
        Assert.Equal(0, result.Open);
    }

    [Fact]
    public void Bounds_and_scenarios_without_decision_are_said()
    {
        var bounded = ModelChecker.Valency(CoordinatorScenario.Of(new CoordinatorOptions()), new CheckOptions { MaxStates = 100 });
        Assert.False(bounded.Complete);
        Assert.Empty(bounded.Worlds);
        Assert.Contains("100 were asked for", bounded.StoppedBecause, StringComparison.Ordinal);
        Assert.Contains(
            "has no Decision",
            Assert.Throws<ArgumentException>(() => ModelChecker.Valency(PingPongScenario.Of(2, new Network()))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ModelChecker.Valency(
            WaitForAllScenario.Of(new WaitForAllOptions()), new CheckOptions { Symmetry = true }));
    }

    /// <summary>Decisions are of any values: the learner of Paxos learns one of two, or of three.</summary>
    [Theory]
    [InlineData(2, 1, "v1-valent")]
    [InlineData(3, 1, "multivalent {v1, v2, v3}")]
    public void Decisions_may_be_any_values(int proposers, int acceptors, string part)
    {
        var result = ModelChecker.Valency(PaxosScenario.Of(new PaxosOptions(proposers, acceptors, 1)) with
        {
            Observers = [],
            Decision = state => (state as LearnerState)?.Learned,
        });
        Assert.Equal(proposers, result.Decisions.Count);
        Assert.NotNull(result.Lemma2!.Bivalent);
        Assert.Contains(part, Text(result.Worlds), StringComparison.Ordinal);
    }

    [Fact]
    public void An_undecided_run_replays()
    {
        var scenario = BenOrScenario.Of(new BenOrOptions(Coin: 0, Drift: 1));
        var story = ModelChecker.Valency(scenario).Undecided!.Story;
        var again = ModelChecker.Replay(scenario, story.Ordinals, story.LoopsTo);
        Assert.Equal(story.ToString(), again.ToString());
        var (claim, fairness) = ModelChecker.SomebodyDecides(scenario);
        Assert.Null(again.WhyNot(claim, fairness));
    }

    /// <summary>
    /// In one turn of the cycle everybody steps, and what was in flight before it is delivered by its end: or its receiver
    /// has gone on to a later round, and ignored it.
    /// </summary>
    private static void AssertFair(Story story)
    {
        var cycle = story.Steps.Skip(story.LoopsTo!.Value).ToList();
        Assert.Equal(["n1", "n2", "n3"], cycle.Select(step => step.Where.Node.Name).Distinct().Order(StringComparer.Ordinal));
        Assert.All(cycle.GroupBy(step => step.Where), turns => Assert.True(
            RoundOf(turns.Last().After!) > RoundOf(turns.First().Before!), $"{turns.Key} stays in its round."));
    }

    private static int RoundOf(object state) => state switch
    {
        BenOrState ben => ben.At!.Value.Round,
        CoordinatedState coordinated => coordinated.Round,
        _ => 0,
    };

    private static string Text(Seq<ValencyClass> classes) => string.Join(", ", classes.Select(one => $"{one.Name} {one.Count}"));
}
