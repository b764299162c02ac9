using ActorLab.Algorithms.PingPong;
using ActorLab.Checking;
using ActorLab.Core;
using static ActorLab.Algorithms.PingPong.PingPongMessage;

namespace ActorLab.Tests.Checking;

/// <summary>Numbers that grow for ever: worlds modulo a shift of all of them. A game of ping-pong without an end has such.</summary>
public sealed class NormalisationTests
{
    private static readonly Normalisation Counts = new(
        value => value switch
        {
            Count(var count) => count,
            Ping(var count) => count,
            Pong(var count) => count,
            _ => null,
        },
        (value, by) => value switch
        {
            Count(var count) => new Count(count - by),
            Ping(var count) => new Ping(count - by),
            Pong(var count) => new Pong(count - by),
            _ => value,
        });

    private static readonly Formula Equal = new Formula.Now("the counts are equal", world =>
        world.All<Count>().Select(player => player.State.Value).Distinct().Count() == 1);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_game_without_end_has_as_many_worlds_as_a_plain_search_finds_modulo_a_shift(bool lossy, bool oneCopy)
    {
        var scenario = Endless(new Network(Lossy: lossy, OneCopy: oneCopy));
        var result = ModelChecker.Check(scenario);
        Assert.True(result.Passed);
        Assert.Equal(new NaiveExplorer(scenario).CountShifted(Counts), (result.Distinct, result.Generated));
        Assert.Contains(result.Remarks, remark => remark.Contains("modulo a shift", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_shift_it_has_no_end() =>
        Assert.False(ModelChecker.Check(
            Endless(new Network()) with { Normalisation = null }, new CheckOptions { MaxStates = 1_000 }).Complete);

    /// <summary>The game goes on with ever higher counts: a cycle only modulo the shift, and its story tells real counts.</summary>
    [Fact]
    public void A_lasso_goes_through_a_shift_and_replays()
    {
        var scenario = Endless(new Network()) with
        {
            Properties = [new Property.Temporal("Settles", "From some time on the counts are equal.", Formula.EventuallyAlways(Equal))],
            Fairness = [Fairness.EveryDelivery],
        };
        var result = ModelChecker.Check(scenario);
        Assert.Equal(VerdictKind.Violated, result["Settles"].Kind);
        var story = result["Settles"].Story!;
        Assert.NotNull(story.LoopsTo);
        Assert.Equal(story.ToString(), ModelChecker.Replay(scenario, story.Ordinals, story.LoopsTo).ToString());
        Assert.Null(ModelChecker.Replay(scenario, story.Ordinals, story.LoopsTo).WhyNot(result["Settles"].Property));
        Assert.Throws<InvalidOperationException>(() => ModelChecker.Replay(scenario, story.Ordinals, story.LoopsTo + 1));
        Assert.Throws<InvalidOperationException>(() => ModelChecker.Replay(scenario, story.Ordinals, story.Steps.Count));
        var cycle = story.Steps.Skip(story.LoopsTo.Value).ToList();
        Assert.Contains(cycle, step => step.After is Count(var value) && value > 0);
        Assert.True(ModelChecker.Check(scenario with
        {
            Properties = [new Property.Temporal("Meet", "The counts are equal again and again.", Formula.AlwaysEventually(Equal))],
        }).Passed);
    }

    /// <summary>A game that ends at a count is not the same from a lower one on.</summary>
    [Fact]
    public void A_shift_that_changes_what_is_possible_is_refused() => Assert.Contains(
        "does not commute with its steps",
        Assert.Throws<ArgumentException>(() => ModelChecker.Check(
            PingPongScenario.Of(3, new Network()) with { Normalisation = Counts })).Message,
        StringComparison.Ordinal);

    private static Scenario Endless(Network network) => PingPongScenario.Of(int.MaxValue, network) with
    {
        Properties = [PingPongProperties.DeltaWithinOne],
        Normalisation = Counts,
    };
}
