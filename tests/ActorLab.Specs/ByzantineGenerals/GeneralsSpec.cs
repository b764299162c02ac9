using ActorLab.Algorithms.ByzantineGenerals;
using ActorLab.Cluster;

namespace ActorLab.Specs;

/// <summary>
/// Claim: with more than 3m generals, or with signatures, no m traitors keep the loyal ones apart (Lamport, Shostak and Pease
/// 1982); where a message or a general is lost, the report says that an assumption was violated and judges nothing.
/// </summary>
public sealed class GeneralsSpec(ITestOutputHelper output)
{
    /// <summary>Long, so that a machine under load keeps it mostly; where it does not, the report says so.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(700);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory(Timeout = LabSpec.Limit)]
    [InlineData(4, 1, false, "n3:two-faced", BattleVerdict.Holds, BattleVerdict.Holds)]
    [InlineData(4, 1, false, "n1:two-faced", BattleVerdict.Holds, BattleVerdict.Vacuous)]
    [InlineData(3, 1, false, "n3:relay-liar", BattleVerdict.Holds, BattleVerdict.Broken)]
    [InlineData(3, 1, true, "n3:relay-liar", BattleVerdict.Holds, BattleVerdict.Holds)]
    [InlineData(3, 1, true, "n1:two-faced", BattleVerdict.Holds, BattleVerdict.Vacuous)]
    [InlineData(3, 1, true, "n2:forger", BattleVerdict.Holds, BattleVerdict.Holds)]
    public async Task Traitors_break_what_the_paper_does_not_promise_and_nothing_else(
        int nodes, int m, bool signed, string traitors, BattleVerdict ic1, BattleVerdict ic2)
    {
        await using var spec = await Start(nodes);
        var report = await InTime(spec[n1], Attack(m, signed, traitors));
        Assert.Equal((ic1, ic2), (report.Ic1, report.Ic2));
        Assert.Equal(traitors.Contains("forger", StringComparison.Ordinal), report.Generals[n3].Refused > 0);
    }

    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_cut_between_lieutenants_is_an_assumption_violated()
    {
        await using var spec = await Start(4);
        await spec.CutOneWay([n2], [n4]);
        var report = await Fight(spec[n1], Attack(1, false, "n3:silent"));
        Assert.Contains("assumption violated: of 1 messages of n2 to n4 0 came in time.", report.Violations);
        Assert.Equal((BattleVerdict.Unjudged, BattleVerdict.Unjudged), (report.Ic1, report.Ic2));

        await spec.Heal();
        var healed = await InTime(spec[n1], Attack(1, false, "n3:silent"));
        Assert.Equal((BattleVerdict.Holds, BattleVerdict.Holds), (healed.Ic1, healed.Ic2));
    }

    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_general_that_crashes_in_a_battle_gives_no_account_and_fights_the_next()
    {
        await using var spec = await Start(4);
        var battle = Fight(spec[n1], Attack(1, false, ""));
        await Patience.AwaitAssert(() => Assert.Contains(CampOf(spec[n4]).Battles.Values, one => one.General is not null));
        await spec.Crash(n4);
        var report = await battle;
        Assert.Equal([n4], report.Missing);
        Assert.Equal(BattleVerdict.Unjudged, report.Ic1);

        var absent = await Give(spec[n1], Attack(1, false, ""));
        Assert.Equal((Outcome.Failed, "n4 did not answer the muster: the order was not given."), (absent.Outcome, absent.Reason));

        await spec.Restart(n4);
        await spec.AwaitMembersUp();
        var again = await InTime(spec[n4], Attack(1, false, "n2:colluding"));
        Assert.Equal((BattleVerdict.Holds, BattleVerdict.Holds), (again.Ic1, again.Ic2));
    }

    private Task<LabSpec> Start(int nodes) => LabSpec.Start(output, new SpecOptions
    {
        Nodes = nodes,
        Scenario = names => CampScenario.OnNodes(names.Count, Round),
        Store = StoreKind.Sqlite,
    });

    private static GeneralsCommand.Give Attack(int m, bool signed, string traitors) =>
        new(BattlePlan.Attack, m, signed, Strategy.ParseAll(traitors), 0);

    private static CampState CampOf(SpecNode node) => (CampState)node.Hosted.Role(Council.Role)!.DurableState!;

    private static Task<OperationResult> Give(SpecNode commander, GeneralsCommand.Give order) =>
        commander.Submit(Council.Role, number => new CampMessage.Invoke(number, order), Limit);

    /// <summary>A battle to its end. A machine that stands still may miss a muster: then there was none, and another one is called.</summary>
    private static Task<BattleReport> Fight(SpecNode commander, GeneralsCommand.Give order) => Fight(commander, order, _ => { });

    /// <summary>A battle whose rounds were kept: a machine that stands still for a round makes another one necessary.</summary>
    private async Task<BattleReport> InTime(SpecNode commander, GeneralsCommand.Give order)
    {
        var report = await Fight(commander, order, fought => Assert.Empty(fought.Violations));
        output.WriteLine($"{report.Plan.Promise} IC1 {report.Ic1}, IC2 {report.Ic2}.");
        return report;
    }

    private static async Task<BattleReport> Fight(SpecNode commander, GeneralsCommand.Give order, Action<BattleReport> accept)
    {
        BattleReport? report = null;
        await Patience.AwaitAssert(
            async () =>
            {
                var result = await Give(commander, order);
                Assert.True(result.Outcome == Outcome.Ok, result.Reason);
                accept(report = (BattleReport)result.Reply!);
            },
            TimeSpan.FromSeconds(60));
        return report!;
    }
}
