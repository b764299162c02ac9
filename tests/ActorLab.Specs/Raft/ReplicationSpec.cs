namespace ActorLab.Specs;

/// <summary>Claim: what is written on one node is read on every other, and every log becomes the same (Raft, 5.3).</summary>
public sealed class ReplicationSpec(ITestOutputHelper output)
{
    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_write_on_one_node_is_read_on_all()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 3);
        await spec.AwaitLeader();

        await spec.Run(
            On(n1, async node =>
            {
                await node.Put("colour", "blue");
                await node.Barrier("written");
            }),
            On([n2, n3], async node =>
            {
                await node.Barrier("written");
                Assert.Equal("blue", await node.Get("colour"));
            }));

        await spec.AwaitApplied("colour", "blue");
        await spec.AwaitSameLogs();
    }
}
