using ActorLab.Algorithms.ByzantineGenerals;
using ActorLab.Checking;
using ActorLab.Core;
using static ActorLab.Algorithms.ByzantineGenerals.GeneralsMessage;

namespace ActorLab.Tests.ByzantineGenerals;

/// <summary>Every lie of every placement of traitors.</summary>
public sealed class CheckerTests
{
    private static readonly Lies AllLies = new(MaySayNothing: true);
    private static readonly Lies NoSilence = new(MaySayNothing: false);

    /// <summary>Pinned: a count that moves means that the roles, the lies or the kernel changed.</summary>
    [Theory]
    [InlineData(4, 1, 1, true, 2, 982)]
    [InlineData(4, 1, 1, true, 3, 2_525)]
    [InlineData(4, 1, 1, false, 2, 446)]
    [InlineData(5, 1, 1, true, 2, 6_672)]
    [InlineData(7, 1, 1, false, 2, 31_410)]
    [InlineData(3, 0, 0, false, 2, 12)]
    public void Enough_generals_hold_against_every_lie(int n, int m, int traitors, bool silence, int orders, int distinct)
    {
        var result = ModelChecker.Check(GeneralsScenario.Of(new GeneralsOptions(
            n, m, traitors, Lies: new Lies(silence), Orders: orders)));
        Assert.True(result.Passed, string.Join(", ", result.Verdicts.Select(v => $"{v.Property.Name} {v.Kind}")));
        Assert.Equal(distinct, result.Distinct);
        Assert.Contains(result.Remarks, remark => remark.Contains("it cuts no behaviour off", StringComparison.Ordinal));
    }

    /// <summary>Pinned, as they stand in the table of the bound from both sides.</summary>
    [Theory]
    [InlineData(3, 1, 1, TraitorPlacement.Any, 84, "IC2")]
    [InlineData(4, 0, 1, TraitorPlacement.Any, 142, "IC1")]
    [InlineData(4, 1, 2, TraitorPlacement.Any, 1_522, "IC2")]
    [InlineData(7, 1, 2, TraitorPlacement.LoyalCommander, 46_154, null)]
    [InlineData(7, 1, 2, TraitorPlacement.TraitorCommander, 49_888, "IC1")]
    public void The_bound_from_both_sides(int n, int m, int traitors, TraitorPlacement placement, int distinct, string? broken)
    {
        var result = ModelChecker.Check(GeneralsScenario.Of(new GeneralsOptions(n, m, traitors, placement, NoSilence)));
        Assert.Equal(broken, result.Verdicts.FirstOrDefault(verdict => verdict.Kind == VerdictKind.Violated)?.Property.Name);
        Assert.Equal(distinct, result.Distinct);
    }

    [Theory]
    [InlineData(3, 1, 1)]
    [InlineData(4, 1, 2)]
    [InlineData(4, 0, 1)]
    public void Too_few_generals_or_rounds_are_told_a_lie_that_works(int n, int m, int traitors)
    {
        var result = ModelChecker.Check(GeneralsScenario.Of(new GeneralsOptions(n, m, traitors, Lies: AllLies)));
        Assert.Contains(result.Verdicts, verdict => verdict.Kind == VerdictKind.Violated);
        Assert.Null(result.Failure);
    }

    /// <summary>Figure 1: lieutenant v cannot tell whether u or w lies, and does not obey a loyal commander.</summary>
    [Fact]
    public void Three_generals_show_figure_1()
    {
        var story = ModelChecker.Check(GeneralsScenario.Of(new GeneralsOptions(3, Lies: NoSilence)))["IC2"].Story!;
        Assert.Equal(5, story.Steps.Count);
        var (u, v, w) = (new NodeId("u"), new NodeId("v"), new NodeId("w"));
        Assert.Contains("is a traitor", story.Boots[2].Effects.OfType<Effect.Note>().Select(note => note.Text));
        Assert.Contains(new Oral(RelayPath.Of(u, w), "retreat"), Received(story, v));
        Assert.Contains(new Oral(RelayPath.Of(u), "attack"), Received(story, v));
        Assert.Equal("retreat", ((GeneralState.Loyal)story.Steps.Last.After!).Decision);
    }

    /// <summary>
    /// The proof with three nodes: u has 0, v has 1, and w says to each what he thinks himself. Both keep to their own.
    /// </summary>
    [Fact]
    public void Three_nodes_with_opinions_show_the_proof()
    {
        var story = ModelChecker.Check(GeneralsScenario.Agreement(
            new GeneralsOptions(3, M: 0, Lies: NoSilence, Zeros: 1))).Counterexample!;
        var (u, v, w) = (new NodeId("u"), new NodeId("v"), new NodeId("w"));
        Assert.Contains(new Oral(RelayPath.Of(w), "0"), Received(story, u));
        Assert.Contains(new Oral(RelayPath.Of(w), "1"), Received(story, v));
        Assert.Equal("0", DecisionOf(story, u));
        Assert.Equal("1", DecisionOf(story, v));
    }

    /// <summary>And if u talks to v: w says to u that v had said 0, and u cannot tell which of them lies.</summary>
    [Fact]
    public void It_does_not_help_them_to_talk_about_it()
    {
        var story = ModelChecker.Check(GeneralsScenario.Agreement(
            new GeneralsOptions(3, M: 1, Lies: NoSilence, Zeros: 1))).Counterexample!;
        var (u, v, w) = (new NodeId("u"), new NodeId("v"), new NodeId("w"));
        Assert.Contains(new Oral(RelayPath.Of(v), "1"), Received(story, u));
        Assert.Contains(new Oral(RelayPath.Of(v, w), "0"), Received(story, u));
        Assert.Contains(new Oral(RelayPath.Of(w), "1"), Received(story, v));
        Assert.Equal("0", DecisionOf(story, u));
        Assert.Equal("1", DecisionOf(story, v));
    }

    [Fact]
    public void Four_generals_with_opinions_agree_whatever_the_fourth_says()
    {
        var result = ModelChecker.Check(GeneralsScenario.Agreement(new GeneralsOptions(4, Lies: NoSilence)));
        Assert.True(result.Passed);
        Assert.Equal(147_392, result.Distinct);
    }

    /// <summary>One order of delivery stands for all: the same outcomes are reached, and the same verdicts come out.</summary>
    [Theory]
    [InlineData(3, 1, 1)]
    [InlineData(3, 1, 2)]
    [InlineData(4, 0, 1)]
    [InlineData(4, 1, 1)]
    public void One_order_of_delivery_has_the_outcomes_of_all(int n, int m, int traitors)
    {
        var scenario = GeneralsScenario.Of(new GeneralsOptions(n, m, traitors, Lies: AllLies));
        scenario = scenario with { Properties = scenario.Properties.AddRange(Outcomes(scenario)) };
        var whole = new CheckOptions { StopAtViolation = false };
        var one = ModelChecker.Check(scenario, whole);
        var all = ModelChecker.Check(scenario with { RoundsCommute = false }, whole);
        Assert.True(one.Complete && all.Complete);
        Assert.True(one.Distinct < all.Distinct);
        Assert.Equal(all.Verdicts.Select(v => (v.Property.Name, v.Kind)), one.Verdicts.Select(v => (v.Property.Name, v.Kind)));
        var outcomes = one.Verdicts.Where(v => v.Property.Name.Contains('/', StringComparison.Ordinal)).ToList();
        Assert.Contains(outcomes, outcome => outcome.Kind == VerdictKind.Reached);
        Assert.Contains(outcomes, outcome => outcome.Kind == VerdictKind.NeverReached);
    }

    /// <summary>No placement is forgotten, the commander's and nobody's included; A3: silence counts as retreat.</summary>
    [Fact]
    public void Every_placement_is_tried_and_silence_adds_no_outcome()
    {
        var loud = Reached(GeneralsScenario.Of(new GeneralsOptions(Lies: NoSilence)));
        Assert.Equal(loud, Reached(GeneralsScenario.Of(new GeneralsOptions(Lies: AllLies))));
        for (var place = 0; place < 4; place++)
        {
            Assert.Contains(loud, outcome => outcome.Split('/')[place + 1] == "traitor");
        }

        Assert.All(loud, outcome => Assert.InRange(outcome.Split("traitor").Length - 1, 0, 1));
        Assert.Contains("/attack/attack/attack/attack", loud);
    }

    [Fact]
    public void A_story_of_one_order_and_of_a_symmetric_check_both_replay()
    {
        var scenario = GeneralsScenario.Of(new GeneralsOptions(3, Lies: AllLies));
        foreach (var symmetry in (bool[])[false, true])
        {
            var story = ModelChecker.Check(scenario, new CheckOptions { Symmetry = symmetry }).Counterexample!;
            Assert.Equal(story.ToString(), ModelChecker.Replay(scenario, story.Ordinals).ToString());
        }
    }

    [Theory]
    [InlineData(3, 2, 1, 0, "m=2 is too large for n=3")]
    [InlineData(3, 1, 3, 0, "traitors=3 is too many for n=3")]
    [InlineData(4, 1, 0, 2, "placement=2 makes the commander a traitor")]
    public void Numbers_that_do_not_go_together_are_refused(int n, int m, int traitors, int placement, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<ArgumentException>(() => GeneralsScenario.Of(
            new GeneralsOptions(n, m, traitors, (TraitorPlacement)placement))).Message, StringComparison.Ordinal);

    private static List<GeneralsMessage> Received(Story story, NodeId who) =>
    [
        .. story.Steps.Where(step => step.Kind == StepKind.Deliver && step.Where.Node == who)
            .Select(step => (GeneralsMessage)((Input.Deliver)step.Input!).Message),
    ];

    private static string? DecisionOf(Story story, NodeId who) =>
        story.Steps.Where(step => step.Where.Node == who).Select(step => step.After).OfType<GeneralState.Loyal>().Last().Decision;

    private static List<string> Reached(Scenario scenario) =>
    [
        .. ModelChecker.Check(scenario with { Properties = Outcomes(scenario) }).Verdicts
            .Where(verdict => verdict.Kind == VerdictKind.Reached).Select(verdict => verdict.Property.Name),
    ];

    /// <summary>For each way in which generals may end up, traitor or with a decision, whether it is reached.</summary>
    private static Seq<Property> Outcomes(Scenario scenario)
    {
        IEnumerable<string> ways = [""];
        foreach (var _ in scenario.Placements)
        {
            ways = ways.SelectMany(way => ((string[])["attack", "retreat", "traitor"]).Select(end => $"{way}/{end}"));
        }

        return Seq.ToSeq(ways.Select(way =>
            (Property)new Property.Sometimes(way, "It ends like this.", world => OutcomeOf(world) == way)));
    }

    private static string OutcomeOf(IWorld world) => string.Concat(world.Addresses.Select(address =>
        world.StateAt(address) is GeneralState.Loyal loyal ? $"/{loyal.Decision}" : "/traitor"));
}
