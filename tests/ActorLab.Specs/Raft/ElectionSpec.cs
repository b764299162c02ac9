namespace ActorLab.Specs;

/// <summary>Claim: servers elect exactly one leader, all agree on its term, and no term ever has two (Raft, 5.2).</summary>
public sealed class ElectionSpec(ITestOutputHelper output)
{
    [Fact(Timeout = LabSpec.Limit)]
    public async Task Five_servers_follow_one_leader_in_one_term()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 5);
        await spec.AwaitLeader();
        spec.CheckOneLeaderPerTerm();
    }

    [Fact(Timeout = LabSpec.Limit)]
    public async Task Without_its_leader_the_rest_elects_another_in_a_later_term()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 3);
        var first = await spec.AwaitLeader();
        var firstTerm = spec[first].Server()!.CurrentTerm;

        await spec.Isolate(first);
        var second = await spec.AwaitLeader(among: spec.Others(first));

        Assert.True(spec[second].Server()!.CurrentTerm > firstTerm);
        spec.CheckOneLeaderPerTerm();
    }
}
