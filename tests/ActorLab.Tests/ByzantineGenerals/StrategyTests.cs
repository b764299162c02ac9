using ActorLab.Algorithms.ByzantineGenerals;
using ActorLab.Core;
using ActorLab.Simulation;
using ActorLab.Tests.Simulation;
using Xunit.Abstractions;

namespace ActorLab.Tests.ByzantineGenerals;

/// <summary>Traitors with strategies: both sides of each bound, over all placements.</summary>
public sealed class StrategyTests(ITestOutputHelper output)
{
    public static TheoryData<StrategyKind> Kinds() => [.. Strategy.All.Select(one => one.Kind)];

    /// <summary>What holds holds for every placement of up to m traitors of any strategies, and many seeds.</summary>
    [Theory]
    [InlineData(4, 1, false, 30)]
    [InlineData(7, 2, false, 4)]
    [InlineData(3, 1, true, 20)]
    [InlineData(4, 2, true, 2)]
    public void Enough_generals_stand_every_strategy(int n, int m, bool signed, int seeds)
    {
        var (runs, broken) = RunAll(n, m, m, signed, seeds);
        output.WriteLine($"n={n} m={m} signed={signed}: {runs} battles");
        Assert.Empty(broken);
    }

    /// <summary>One general less, and IC2 is broken; by whom is printed.</summary>
    [Theory]
    [InlineData(3, 1, "n3:relay-liar")]
    [InlineData(6, 2, "n5:relay-liar,n6:relay-liar")]
    public void Too_few_generals_fall(int n, int m, string traitors)
    {
        var (runs, broken) = RunAll(n, m, m, signed: false, seeds: 1);
        output.WriteLine($"n={n} m={m}: {broken.Count} of {runs} battles are lost");
        Assert.All(broken, one => Assert.StartsWith("IC", one.Broken, StringComparison.Ordinal));
        var plan = PlanOf(n, m, signed: false, traitors);
        Assert.Contains(broken, one => one.Plan.Traitors == plan.Traitors && one is { Broken: "IC2", Plan.Order: "attack" });
    }

    /// <summary>SM(m) is made for m traitors: those who collude keep the second order back until nobody can be told.</summary>
    [Theory]
    [InlineData("n1:colluding,n2:colluding", 1, "IC1")]
    [InlineData("n1:colluding,n2:colluding", 2, null)]
    [InlineData("n1:colluding,n4:colluding,n5:colluding", 2, "IC1")]
    [InlineData("n1:colluding,n4:colluding,n5:colluding", 3, null)]
    public void Signed_messages_take_as_many_rounds_as_there_are_traitors_and_one_more(string traitors, int m, string? broken)
    {
        var plan = PlanOf(5, m, signed: true, traitors);
        Assert.Equal(broken, RoundTable.Of(plan, KeysOf(plan)).Broken(plan));
    }

    /// <summary>The same signed roles stand in a run of the simulator, where messages take time.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void One_order_is_one_run_of_the_simulator(StrategyKind kind)
    {
        var nodes = Seq.ToSeq(NodeId.Range(4));
        foreach (var signed in (bool[])[true, false])
        {
            foreach (var traitor in (NodeId[])[nodes[0], nodes[3]])
            {
                var scenario = GeneralsScenario.Of(nodes, 1, signed, Map.Of((traitor, Strategy.Of(kind))), "attack", seed: 3);
                Simulator.RunMany(scenario, new SimulationOptions(), Seeds.Of(5)).RequireAllWell(Seeds.Reproduce(nameof(StrategyTests)));
            }
        }
    }

    /// <summary>Also a commander's, who signs in the name of a lieutenant: nobody takes it from him, and all say so.</summary>
    [Theory]
    [InlineData("n1", true, 3)]
    [InlineData("n4", true, 2)]
    [InlineData("n1", false, 3)]
    [InlineData("n4", false, 2)]
    public void What_a_forger_forged_is_refused_and_counted(string forger, bool signed, int victims)
    {
        var scenario = GeneralsScenario.Of(
            Seq.ToSeq(NodeId.Range(4)), 1, signed, Map.Of((new NodeId(forger), Strategy.Of(StrategyKind.Forger))), "attack");
        var world = Simulator.Run(scenario, new SimulationOptions()).World;
        Assert.Equal(victims, world.All<GeneralState.Loyal>().Count(general => general.State.Refused > 0));
    }

    [Fact]
    public void Three_generals_fall_in_the_simulator_too()
    {
        var scenario = GeneralsScenario.Of(
            Seq.ToSeq(NodeId.Range(3)), 1, signed: false, Strategy.ParseAll("n3:relay-liar"), "attack");
        var summary = Simulator.RunMany(scenario, new SimulationOptions(), Seeds.Of(5));
        Assert.NotEmpty(summary.Failures);
        Assert.All(summary.Failures, failure => Assert.StartsWith("IC2", failure.Reason, StringComparison.Ordinal));
    }

    /// <summary>What a strategy does to the two others of OM(1) and SM(1), where n4 is the traitor.</summary>
    [Theory]
    [InlineData("silent", false, 7)]
    [InlineData("two-faced", false, 9)]
    [InlineData("relay-liar", false, 9)]
    [InlineData("forger", false, 9)]
    [InlineData("replayer", false, 10)]
    [InlineData("silent", true, 7)]
    [InlineData("two-faced", true, 8)]
    [InlineData("relay-liar", true, 9)]
    [InlineData("forger", true, 9)]
    [InlineData("replayer", true, 10)]
    public void A_strategy_says_so_much(string strategy, bool signed, int messages)
    {
        var plan = PlanOf(4, 1, signed, $"n4:{strategy}");
        Assert.Equal(messages, RoundTable.Of(plan, KeysOf(plan)).ByLevel.Values.Sum());
    }

    [Fact]
    public void A_random_traitor_is_the_same_for_the_same_seed_and_another_for_another()
    {
        var all = Enumerable.Range(1, 20).Select(seed =>
        {
            var plan = PlanOf(4, 1, signed: false, "n1:random") with { Seed = seed };
            var first = string.Join(' ', RoundTable.Of(plan, KeysOf(plan)).Loyal.Select(general => general.State.Heard));
            Assert.Equal(first, string.Join(' ', RoundTable.Of(plan, KeysOf(plan)).Loyal.Select(general => general.State.Heard)));
            return first;
        });
        Assert.True(all.Distinct().Count() > 5);
    }

    [Theory]
    [InlineData("n3", "'n3' is no traitor: write node:strategy, for example n3:two-faced.")]
    [InlineData("n3:sly", "There is no strategy 'sly'. There are: silent, two-faced, random, colluding, relay-liar, forger, replayer.")]
    [InlineData("n3:silent,n3:random", "n3 is named twice among the traitors: a traitor has one strategy.")]
    [InlineData("n3:silent:attack=n2", "'n3:silent:attack=n2': silent takes nothing after its name; only two-faced says to whom what.")]
    [InlineData("n3:two-faced:dance=n2", "'dance=n2' is no face: write attack=n2+n4, or retreat=n2+n4.")]
    public void Bad_traitors_are_a_sentence(string text, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<FormatException>(() => Strategy.ParseAll(text)).Message);

    [Fact]
    public void Traitors_read_as_they_are_written()
    {
        const string Text = "n1:two-faced:attack=n2+n4:retreat=n3";
        var traitor = Assert.Single(Strategy.ParseAll(Text));
        Assert.Equal(Text, $"{traitor.Key}:{traitor.Value}");
        Assert.All(Strategy.All, one => Assert.Equal(one.Name, Strategy.Of(one.Kind).ToString()));
    }

    [Theory]
    [InlineData(3, "", "attack", "m=3 does not go with 4 generals")]
    [InlineData(1, "n9:silent", "attack", "n9 is no general here")]
    [InlineData(1, "n2:two-faced:attack=n9", "attack", "n9 is no general here")]
    [InlineData(1, "n1:silent,n2:silent,n3:silent,n4:silent,n5:silent", "attack", "5 traitors are more than the 4 generals")]
    [InlineData(1, "", "dance", "'dance' is no order")]
    public void What_does_not_go_together_is_a_sentence(int m, string traitors, string order, string begins) =>
        Assert.StartsWith(
            begins,
            Assert.Throws<FormatException>(() => GeneralsScenario.Of(
                Seq.ToSeq(NodeId.Range(4)), m, signed: false, Strategy.ParseAll(traitors), order)).Message,
            StringComparison.Ordinal);

    /// <summary>All sets of so many traitors, with all strategies for each of them, both orders and some seeds.</summary>
    private static (int Runs, List<(BattlePlan Plan, string Broken)> Lost) RunAll(int n, int m, int traitors, bool signed, int seeds)
    {
        var (runs, lost) = (0, new List<(BattlePlan, string)>());
        var keys = new KeyRing(Seq.ToSeq(NodeId.Range(n)), "test");
        foreach (var who in Choices(n, traitors))
        {
            foreach (var order in BattlePlan.Orders)
            {
                for (var seed = 1; seed <= (who.Values.Any(one => one.Kind == StrategyKind.Random) ? seeds : 1); seed++)
                {
                    var plan = PlanOf(n, m, signed, "") with { Traitors = who, Order = order, Seed = seed };
                    runs++;
                    if (RoundTable.Of(plan, keys).Broken(plan) is { } broken)
                    {
                        lost.Add((plan, broken));
                    }
                }
            }
        }

        return (runs, lost);
    }

    private static IEnumerable<Map<NodeId, Strategy>> Choices(int n, int traitors, int from = 1) =>
        traitors == 0
            ? [default]
            : Enumerable.Range(from, n - from + 1).SelectMany(first => Choices(n, traitors - 1, first + 1).SelectMany(rest =>
                Strategy.All.Select(one => rest.Set(new NodeId($"n{first}"), Strategy.Of(one.Kind)))));

    private static BattlePlan PlanOf(int n, int m, bool signed, string traitors)
    {
        var generals = Seq.ToSeq(NodeId.Range(n));
        return new BattlePlan(generals, generals[0], m, signed, Strategy.ParseAll(traitors), "attack", 1);
    }

    private static KeyRing KeysOf(BattlePlan plan) => new(plan.Generals, "test");
}
