namespace ActorLab.Specs;

/// <summary>Claim: users may ask any node. A client on a follower asks the leader, and each command applies once (Raft, 8).</summary>
public sealed class ForwardingSpec(ITestOutputHelper output)
{
    [Fact(Timeout = LabSpec.Limit)]
    public async Task Users_of_all_nodes_at_once_are_served_in_one_order()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 5);
        var leader = await spec.AwaitLeader();
        var history = new AppendHistory("k");

        await spec.RunOn(spec.Names, async node =>
        {
            await node.Barrier("all are ready");
            for (var i = 0; i < 10; i++)
            {
                Assert.Equal(Outcome.Ok, (await history.Append(node)).Outcome);
            }
        });

        Assert.Equal(50, history.Count(Outcome.Ok));
        history.Check(await spec[spec.Others(leader)[0]].Get("k") ?? "");
    }
}
