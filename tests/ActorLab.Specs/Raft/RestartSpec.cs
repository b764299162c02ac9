using ActorLab.Cluster;

namespace ActorLab.Specs;

/// <summary>
/// Claim: a server keeps its term, its vote and its log through a crash, and all of them together keep every write that
/// was acknowledged (Raft, Figure 2: persistent state; 5.5).
/// </summary>
public sealed class RestartSpec(ITestOutputHelper output)
{
    private static readonly TimeSpan PerAppend = TimeSpan.FromSeconds(5);

    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_crashed_follower_wakes_up_with_its_disk_and_catches_up()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 3, store: StoreKind.Sqlite);
        var leader = await spec.AwaitLeader();
        var follower = spec.Others(leader)[0];
        await spec[leader].Put("k", "before");
        await spec.AwaitSameLogs();
        await spec.Isolate(follower);
        var kept = spec[follower].Server()!.Disk;

        await spec.Crash(follower);
        await spec[leader].Put("k", "meanwhile");
        await spec.Restart(follower);

        Assert.Equal(kept, spec[follower].Server()!.Disk); // cut off, it has nothing but its disk
        await spec.Heal();
        await spec.AwaitApplied("k", "meanwhile");
        await spec.AwaitSameLogs();
        await spec.AwaitMembersUp();
    }

    [Fact(Timeout = LabSpec.Limit)]
    public async Task Each_node_in_turn_crashes_under_load_and_nothing_is_lost_or_twice()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 3, store: StoreKind.Sqlite);
        await spec.AwaitLeader();
        var history = new AppendHistory("k");

        foreach (var victim in spec.Names)
        {
            var over = new TaskCompletionSource();
            var load = Task.WhenAll(spec.Others(victim).Select(name => history.AppendUntil(over.Task, spec[name], PerAppend)));
            await spec.Crash(victim);
            await history.AwaitMore(20);
            await spec.Restart(victim);
            await history.AwaitMore(20);
            over.SetResult();
            await load;
        }

        var leader = await spec.AwaitLeader();
        history.Check(await spec[leader].Get("k") ?? "");
        await spec.AwaitSameLogs();
    }

    [Fact(Timeout = LabSpec.Limit)]
    public async Task All_nodes_crash_at_once_and_acknowledged_writes_stay()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 3, store: StoreKind.Sqlite);
        await spec.AwaitLeader();
        var history = new AppendHistory("k");
        var over = new TaskCompletionSource();
        var load = Task.WhenAll(spec.Nodes.ToList().Select(node => history.AppendUntil(over.Task, node, PerAppend)));
        await history.AwaitMore(20);

        over.SetResult();
        await spec.Crash(spec.Names); // with an append of each node under way
        await load;
        await spec.Restart(spec.Names);

        await spec.AwaitLeader();
        await spec.RunOn(spec.Names, async node => history.Check(await node.Get("k") ?? ""));
    }
}
