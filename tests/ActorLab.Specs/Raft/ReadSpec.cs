using ActorLab.Algorithms.KeyValue;

namespace ActorLab.Specs;

/// <summary>
/// Claim: a leader that was deposed unheard serves no linearizable read, because it asks a majority whether it still leads
/// (Raft, 8; thesis, 6.4). A read that says it may be stale is served, and is stale.
/// </summary>
public sealed class ReadSpec(ITestOutputHelper output)
{
    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_deposed_leader_serves_only_reads_that_may_be_stale()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 3, RaftSpec.Patient with { CheckQuorum = false });
        var old = await spec.AwaitLeader();
        await spec[old].Put("k", "old");

        await spec.Isolate(old);
        var leader = await spec.AwaitLeader(among: spec.Others(old));
        await spec[leader].Put("k", "new");
        Assert.True(spec[old].Leads(), "it does not know that it was deposed");

        var read = await spec[old].Ask(new KvCommand.Get("k"), TimeSpan.FromSeconds(1));
        Assert.Equal(Outcome.Failed, read.Outcome);
        var stale = await spec[old].Ask(new KvCommand.Get("k", MaybeStale: true));
        Assert.Equal(new KvReply.Found("old"), stale.Reply);

        await spec.Heal();
        Assert.Equal("new", await spec[old].Get("k"));
    }
}
