using ActorLab.Algorithms.ByzantineGenerals;
using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Simulation;
using ActorLab.Tests.Simulation;
using Xunit.Abstractions;
using static ActorLab.Algorithms.ByzantineGenerals.CampMessage;

namespace ActorLab.Tests.ByzantineGenerals;

/// <summary>Orders one after the other on running roles, in rounds of a fixed length.</summary>
public sealed class CampTests(ITestOutputHelper output)
{
    private static readonly SimulationOptions Calm = new() { VirtualTime = TimeSpan.FromSeconds(40), Quiet = TimeSpan.FromSeconds(20) };

    [Theory]
    [InlineData("nodes=4 m=1 traitors=1 orders=14")]
    [InlineData("nodes=3 m=1 signed=1 traitors=1 orders=14")]
    [InlineData("nodes=4 m=2 signed=1 traitors=2 orders=14")]
    [InlineData("nodes=7 m=2 traitors=2 orders=4")]
    public void Battles_are_won_one_after_the_other(string values)
    {
        var scenario = CampScenario.Family.With(ValuesOf(values));
        var summary = Simulator.RunMany(scenario, Calm with { Properties = scenario.Properties }, Seeds.Of(75));
        output.WriteLine(summary.RequireAllWell(Seeds.Reproduce(nameof(CampTests))));
    }

    [Fact]
    public void An_order_is_answered_with_what_each_general_heard_and_did()
    {
        var lab = new CampLab(4);
        var report = Assert.IsType<BattleReport>(lab.Order("n1", "attack", traitors: "n3:relay-liar"));
        Assert.Equal((BattleVerdict.Holds, BattleVerdict.Holds), (report.Ic1, report.Ic2));
        Assert.Empty(report.Violations);
        Assert.Equal("relay-liar", report.Generals[new NodeId("n3")].Strategy!.ToString());
        Assert.Null(report.Generals[new NodeId("n3")].Decision);
        Assert.Equal(
            "[attack:n1, retreat:n1:n3, attack:n1:n4]", report.Generals[new NodeId("n2")].Received.OrderBy(one => one.Path).ToSeq().ToString());
        Assert.Equal("attack", report.Generals[new NodeId("n2")].Decision);
        Assert.Equal(report, lab.Last("n1"));
    }

    /// <summary>Several orders, from several commanders, signed and not: each battle has a name of its own.</summary>
    [Fact]
    public void Several_orders_follow_each_other()
    {
        var lab = new CampLab(4);
        Assert.Equal("n1#1", Report("n1", "attack", signed: true, "n2:replayer").Battle.ToString());
        var second = Report("n1", "retreat", signed: true, "n2:replayer");
        Assert.Equal("n1#2", second.Battle.ToString());
        Assert.Equal((BattleVerdict.Holds, BattleVerdict.Holds), (second.Ic1, second.Ic2));
        Assert.All(second.Generals, general => Assert.NotEqual("attack", general.Value.Decision));
        var third = Report("n2", "attack", signed: false, "n2:two-faced");
        Assert.Equal("n2#1", third.Battle.ToString());
        Assert.Equal((BattleVerdict.Holds, BattleVerdict.Vacuous), (third.Ic1, third.Ic2));

        BattleReport Report(string commander, string order, bool signed, string traitors) =>
            Assert.IsType<BattleReport>(lab.Order(commander, order, signed, traitors));
    }

    [Fact]
    public void Three_generals_break_IC2_and_signatures_mend_it()
    {
        var lab = new CampLab(3);
        Assert.Equal(BattleVerdict.Broken, Assert.IsType<BattleReport>(lab.Order("n1", "attack", traitors: "n3:relay-liar")).Ic2);
        var signed = Assert.IsType<BattleReport>(lab.Order("n1", "attack", signed: true, "n3:forger"));
        Assert.Equal(BattleVerdict.Holds, signed.Ic2);
        Assert.Equal(1, signed.Generals[new NodeId("n2")].Refused);
    }

    /// <summary>A message that comes after its round is not used, and the report says so instead of calling IC2 broken.</summary>
    [Fact]
    public void What_comes_late_is_a_violated_assumption()
    {
        var lab = new CampLab(3) { HoldBack = (from, to, word) => from == "n1" && to == "n2" && word.Said.Saying.Path.Count == 1 };
        var report = Assert.IsType<BattleReport>(lab.Order("n1", "attack", signed: true));
        Assert.Equal(["assumption violated: attack:n1 of n1 came after round 1"], lab.Notes.Where(note => note.StartsWith("assumption", StringComparison.Ordinal)));
        Assert.Contains("assumption violated: at n2 attack:n1 of n1 came after round 1.", report.Violations);
        Assert.Equal((BattleVerdict.Unjudged, BattleVerdict.Unjudged), (report.Ic1, report.Ic2));
        Assert.DoesNotContain(report.Generals[new NodeId("n2")].Received, received => received.Path.Count == 1);
        Assert.Equal(["attack:n1 of n1 came after round 1"], report.Generals[new NodeId("n2")].Late);
    }

    /// <summary>A1: what is lost is missed when the accounts are compared.</summary>
    [Fact]
    public void What_is_lost_is_a_violated_assumption()
    {
        var lab = new CampLab(3) { Loses = (from, to, message) => message is Word && from == "n1" && to == "n2" };
        var report = Assert.IsType<BattleReport>(lab.Order("n1", "attack"));
        Assert.Equal(["assumption violated: of 1 messages of n1 to n2 0 came in time."], report.Violations);
        Assert.Equal(BattleVerdict.Unjudged, report.Ic2);
    }

    /// <summary>A repeated message is no other one: it does not make up for one that is lost.</summary>
    [Fact]
    public void What_comes_twice_counts_once()
    {
        var lab = new CampLab(4)
        {
            Repeats = (from, to, message) => message is Word { Said: GeneralsMessage.Oral { Path.Count: 1 } },
            Loses = (from, to, message) => message is Word { Said: GeneralsMessage.Oral { Path.Count: 2 } } && from == "n3" && to == "n2",
        };
        var report = Assert.IsType<BattleReport>(lab.Order("n1", "attack"));
        Assert.Equal(["assumption violated: of 1 messages of n3 to n2 0 came in time."], report.Violations);
        Assert.Equal(2, report.Generals[new NodeId("n2")].Received.Count);
    }

    [Fact]
    public void Who_does_not_answer_the_muster_or_gives_no_account_is_named()
    {
        var unheard = new CampLab(3) { Loses = (_, to, message) => message is Muster && to == "n3" };
        Assert.Equal("n3 did not answer the muster: the order was not given.", unheard.Order("n1", "attack"));
        Assert.Equal(3 + CampScenario.DefaultCalls - 1, unheard.Sent.Count(message => message is Muster));
        var report = Assert.IsType<BattleReport>(
            new CampLab(3) { Loses = (from, _, message) => message is Account && from == "n3" }.Order("n1", "attack"));
        Assert.Equal(Set.Of(new NodeId("n3")), report.Missing);
        Assert.Equal(["assumption violated: n3 gave no account of the battle."], report.Violations);
    }

    /// <summary>Before the battle the paper assumes nothing: whose call or answer is lost is called again.</summary>
    [Theory]
    [InlineData(typeof(Muster), "n1", "n3")]
    [InlineData(typeof(Present), "n3", "n1")]
    public void Who_does_not_answer_the_muster_is_called_again(Type lost, string from, string to)
    {
        var losses = 0;
        var lab = new CampLab(3) { Loses = (sender, receiver, message) => message.GetType() == lost && (sender, receiver) == (from, to) && losses++ < 3 };
        Assert.Equal(BattleVerdict.Holds, Assert.IsType<BattleReport>(lab.Order("n1", "attack", signed: true)).Ic2);
        Assert.Equal(4, losses);
        Assert.Equal(3 + losses - 1, lab.Sent.Count(message => message is Muster)); // who answered is left in peace
    }

    /// <summary>A commander who cannot be heard any more: nobody waits for his battle for ever.</summary>
    [Fact]
    public void A_battle_that_does_not_begin_is_forgotten_even_where_nobody_is_dismissed()
    {
        var lab = new CampLab(3) { Loses = (_, to, message) => message is Dismissed || (message is Muster && to == "n3") };
        Assert.IsType<string>(lab.Order("n1", "attack"));
        Assert.All(["n1", "n2", "n3"], node => Assert.True(lab[node].Battles.IsEmpty, $"{node}: {lab[node].Battles}"));
    }

    [Fact]
    public void The_battles_that_were_over_last_are_remembered_and_a_late_muster_brings_none_back()
    {
        var lab = new CampLab(3);
        var first = Assert.IsType<BattleReport>(lab.Order("n3", "attack"));
        for (var i = 0; i < 5; i++)
        {
            Assert.IsType<BattleReport>(lab.Order("n1", "attack"));
        }

        Assert.Equal(["n1#2", "n1#3", "n1#4", "n1#5"], lab["n2"].Battles.Keys.Select(id => id.ToString()));
        var sent = lab.Sent.Count;
        lab.Say("n3", "n2", new Muster(first.Battle, first.Plan));
        lab.Say("n1", "n2", new Muster(new BattleId(new NodeId("n1"), 5), first.Plan)); // nor is one answered that was fought
        lab.Run();
        Assert.False(lab["n2"].Battles.ContainsKey(first.Battle));
        Assert.Equal(sent, lab.Sent.Count);
    }

    /// <summary>Whatever numbers a peer gives to his words, what a camp remembers of them has an end; a stranger's words have none.</summary>
    [Fact]
    public void Numbers_of_words_have_an_end()
    {
        var lab = new CampLab(3);
        var plan = Assert.IsType<BattleReport>(lab.Order("n1", "attack")).Plan;
        var id = new BattleId(new NodeId("n1"), 2);
        var said = new GeneralsMessage.Oral(RelayPath.Of(new NodeId("n1")), "attack");
        lab.Say("n1", "n2", new Muster(id, plan), new March(id));
        foreach (var number in new[] { 0, 1, 2, Camp.MostWords, Camp.MostWords + 1, int.MaxValue })
        {
            lab.Say("n1", "n2", new Word(id, number, said));
        }

        lab.Say("n9", "n2", new Word(id, 1, said));
        lab.Run();
        Assert.Equal(Map.Of((new NodeId("n1"), Set.Of(1, 2, Camp.MostWords))), lab["n2"].Battles[id].Came);
    }

    [Theory]
    [InlineData("order=charge", "'charge' is no order")]
    [InlineData("order=attack m=x", "m is a whole number from 0 to 2, not 'x'.")]
    [InlineData("order=attack m=3", "m=3 does not go with 4 generals")]
    [InlineData("order=attack traitors=n7:silent", "n7 is no general here")]
    [InlineData("order=attack traitors=n3:sly", "There is no strategy 'sly'")]
    [InlineData("order=attack seed=-1", "seed is a whole number from 0")]
    public void Bad_input_is_a_sentence(string given, string begins)
    {
        var order = CampScenario.OnNodes(4).Operations.First(kind => kind.Name == "order");
        var arguments = Map.Of<string, string>([.. given.Split(' ').Select(pair => (pair.Split('=')[0], pair.Split('=')[1]))]);
        Assert.StartsWith(begins, Assert.Throws<FormatException>(() => order.Build(arguments)).Message, StringComparison.Ordinal);
    }

    /// <summary>What so few generals can do bounds m, and else what a battle may cost.</summary>
    [Theory]
    [InlineData(
        3, "5", "m=5 does not go with 3 generals: a lieutenant passes an order on to those not on its path, and after 1 time there is "
        + "nobody left; take m from 0 to 1.")]
    [InlineData(3, "-1", "m is a whole number from 0 to 1, not '-1'.")]
    [InlineData(3, "99999999999", "m is a whole number from 0 to 1, not '99999999999'.")]
    [InlineData(5, "5", "m=5 is out of range: m is 0 to 3.")]
    [InlineData(9, "8", "m=8 is out of range: m is 0 to 3.")]
    public void An_m_that_is_too_great_is_one_sentence_with_the_range_of_these_generals(int generals, string m, string sentence)
    {
        var order = CampScenario.OnNodes(generals).Operations.First(kind => kind.Name == "order");
        Assert.Equal(
            sentence, Assert.Throws<FormatException>(() => order.Build(Map.Of(("order", "attack"), ("m", m)))).Message);
    }

    [Fact]
    public void The_role_refuses_what_an_operation_could_not_know() =>
        Assert.Equal(
            "n9 is no general here. These are: n1, n2, n3.", new CampLab(3).Order("n1", "attack", traitors: "n9:silent"));

    [Fact]
    public void Messages_and_disks_go_through_their_codecs()
    {
        var lab = new CampLab(4);
        lab.Order("n1", "attack", signed: true, "n1:two-faced:attack=n2,n3:random");
        lab.Order("n2", "retreat", signed: false, "n4:forger");
        Assert.Equal(6, lab.Sent.Select(message => message.GetType()).Append(typeof(Dismissed)).Distinct().Count());
        Assert.All(lab.Sent, message => Assert.Equal(message, lab.ThroughCodec(message)));
        var role = CampScenario.OnNodes(3).Placements[0].Role;
        Assert.Equal(new CampDisk(7), role.ReadDisk(role.WriteDisk(new CampDisk(7))));
    }

    /// <summary>Timers at any time, messages in any order: what the checker does to rounds is a violated assumption, not a broken promise.</summary>
    [Fact]
    public void No_timing_makes_a_camp_break_its_promises()
    {
        var scenario = CampScenario.Family.With(ValuesOf("nodes=3 m=0 signed=1 traitors=0 orders=1 calls=2")) with { Fairness = [] };
        var result = ModelChecker.Check(scenario with
        {
            Properties = [.. scenario.Properties.Where(property => property is not Property.Temporal)],
        }, new CheckOptions { MaxStates = 1_000_000 });
        output.WriteLine($"{result.Distinct} worlds, {result.Elapsed.TotalSeconds:F1} s");
        Assert.Null(result.Failure);
        Assert.True(result.Complete, $"more than {result.Distinct} worlds");
        Assert.DoesNotContain(result.Verdicts, verdict => verdict.Kind == VerdictKind.Violated);
        Assert.Equal(VerdictKind.Reached, result["Is Fought"].Kind);
    }

    [Theory]
    [InlineData("takes-his-word", 500)]
    [InlineData("thinks-otherwise", 500)]
    [InlineData("uses-what-comes-late", 20)]
    [InlineData("waits-for-all-accounts", 500)]
    public void Each_mutant_is_caught_by_the_property_that_should(string name, int round)
    {
        var mutant = CampMutants.All.Single(one => one.Name == name);
        var (right, wrong) = (Run(CampScenario.Family), Run(mutant.Family));
        Assert.Empty(right.Failures);
        Assert.NotEmpty(wrong.Failures);
        Assert.All(wrong.Failures, failure => Assert.StartsWith(mutant.Breaks[0], failure.Reason, StringComparison.Ordinal));

        SimulationSummary Run(ScenarioFamily family)
        {
            var scenario = family.With(ValuesOf($"orders=14 round={round}"));
            return Simulator.RunMany(scenario, Calm with { Properties = scenario.Properties, Faults = Slow }, Seeds.Of(10));
        }
    }

    private static readonly FaultOptions Slow = new()
    {
        Loss = 0.02,
        Messages = new MessageFaults { Delay = new MessageDelay(Wait.Millis(0, 900), HasTail: true) },
    };

    private static (string, int)[] ValuesOf(string values) =>
        [.. values.Split(' ').Select(pair => (pair.Split('=')[0], int.Parse(pair.Split('=')[1], System.Globalization.CultureInfo.InvariantCulture)))];
}
