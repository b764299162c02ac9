namespace ActorLab.Specs;

/// <summary>
/// Claim: when only one direction of links is cut, the cluster keeps or regains exactly one leader that works, whichever
/// side is deaf (thesis, 6.2 and 9.6: CheckQuorum and PreVote).
/// </summary>
public sealed class OneWayCutSpec(ITestOutputHelper output)
{
    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_leader_that_nobody_hears_is_replaced()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 3);
        var old = await spec.AwaitLeader();
        var others = spec.Others(old);

        await spec.CutOneWay(from: [old], to: others);
        var leader = await spec.AwaitLeader(among: others);
        await spec[others[0]].Put("k", "v");

        await Patience.AwaitAssert(() => Assert.Equal(leader, spec[old].Server()!.LeaderId)); // it hears who leads now
        await HealsToOneLog(spec);
    }

    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_leader_that_hears_nobody_makes_way()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 3);
        var old = await spec.AwaitLeader();
        var others = spec.Others(old);

        await spec.CutOneWay(from: others, to: [old]);
        await spec.AwaitLeader(among: others);
        await spec[others[0]].Put("k", "v");

        Assert.False(spec[old].Leads());
        await HealsToOneLog(spec);
    }

    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_follower_that_does_not_hear_the_leader_does_not_disturb_the_rest()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 3);
        var leader = await spec.AwaitLeader();
        var deaf = spec.Others(leader)[0];

        await spec.CutOneWay(from: [leader], to: [deaf]);
        await Patience.AwaitAssert(() => Assert.Null(spec[deaf].Server()!.LeaderId));

        var rest = spec.Others(deaf);
        leader = await spec.AwaitLeader(among: rest);
        await spec[leader].Put("k", "v");
        await Patience.AwaitAssert(() => Assert.All(rest, node => Assert.Equal("v", spec[node].Applied("k"))));
        await HealsToOneLog(spec);
    }

    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_follower_that_the_leader_does_not_hear_still_follows()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 3);
        var leader = await spec.AwaitLeader();
        var mute = spec.Others(leader)[0];
        await spec[leader].Put("k", "before");
        await spec.AwaitSameLogs();

        await spec.CutOneWay(from: [mute], to: [leader]);
        await spec[leader].Put("k", "v");

        await Patience.AwaitAssert(() => Assert.True(spec[mute].HoldsValue("v"), "it takes what it hears"));
        await spec.AwaitLeader();
        await HealsToOneLog(spec);
    }

    private static async Task HealsToOneLog(LabSpec spec)
    {
        await spec.Heal();
        await spec.AwaitLeader();
        await spec.AwaitSameLogs();
        spec.CheckOneLeaderPerTerm();
    }
}
