using ActorLab.Algorithms.Raft;
using ActorLab.Cluster;

namespace ActorLab.Specs;

/// <summary>
/// Claim: a server that is gone for good with its disk is replaced by another while users go on and links come and go, and
/// nothing that was acknowledged is lost or applied twice (Raft thesis, chapter 4).
/// </summary>
public sealed class MembersSpec(ITestOutputHelper output)
{
    private static readonly TimeSpan PerAppend = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PerChange = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Replaced = TimeSpan.FromSeconds(60);

    /// <summary>Snapshots often enough that a new server and one that was away get one.</summary>
    private static readonly RaftOptions Compacting = RaftSpec.Patient with
    {
        CompactEntries = 40,
        KeepEntries = 10,
        MaxChunkBytes = 200,
        FollowerReads = true,
    };

    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_server_is_replaced_under_load_and_faults()
    {
        await using var spec = await LabSpec.Start(output, new SpecOptions
        {
            Nodes = 4,
            Scenario = names => RaftScenario.Of(names, names.Remove(new NodeId("n4")), Compacting),
            Store = StoreKind.Sqlite,
        });
        var members = spec.Names.Remove(new NodeId("n4"));
        var leader = await spec.AwaitLeader(members);
        var lost = members.Remove(leader)[0];
        var history = new AppendHistory("k");
        var over = new TaskCompletionSource();
        var load = Task.WhenAll(members.Remove(lost).Select(name => history.AppendUntil(over.Task, spec[name], PerAppend)));
        try
        {
            await history.AwaitMore(60);
            await spec.Crash(lost); // and it never comes back
            await history.AwaitMore(20);
            await spec.Partition([new Link(leader, new NodeId("n4"))]); // the new one hears nothing at first
            var adding = Change(spec, leader, new RaftChange.Add(new NodeId("n4")));
            await history.AwaitMore(20);
            await spec.Heal();
            await adding;
            await Change(spec, leader, new RaftChange.Remove(lost));
            await history.AwaitMore(20);
        }
        finally
        {
            over.SetResult();
            await load;
        }

        var left = members.Remove(lost).Add(new NodeId("n4"));
        await spec.AwaitLeader(left);
        await Patience.AwaitAssert(() => Assert.All(spec.Nodes, node => Assert.Equal(left, node.Server()!.Configuration.Voters)));
        history.Check(await spec[leader].Get("k") ?? "");
        Assert.True(spec[new NodeId("n4")].GotSnapshot(), "The new server got a snapshot.");
        history.Check(await spec[new NodeId("n4")].Get("k") ?? ""); // by its own server, which asks for the index
    }

    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_follower_that_was_away_comes_back_by_a_snapshot()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 3, Compacting, StoreKind.Sqlite);
        var leader = await spec.AwaitLeader();
        var away = spec.Others(leader)[0];
        await spec[leader].Put("k0", "v0");
        await spec.Crash(away);
        for (var i = 1; i <= 400; i++)
        {
            await spec[leader].Put($"k{i}", $"v{i}");
        }

        Assert.True(spec[leader].Server()!.Log.SnapshotIndex > 50, "The leader has the entries no more.");
        await spec.Restart(away);
        await spec.AwaitApplied("k400", "v400");
        Assert.Equal(spec[leader].Server()!.Machine, spec[away].Server()!.Machine);
        Assert.True(spec[away].GotSnapshot(), "It came back by a snapshot.");
        await spec.Crash(away);
        await spec.Restart(away); // from that snapshot, on its own disk
        await spec.AwaitApplied("k400", "v400");
        Assert.False(spec[away].GotSnapshot(), "Its disk has the snapshot: nobody sends it another.");
    }

    /// <summary>Asks until it is done: a leader that changes, or has committed nothing yet, says so.</summary>
    private static async Task Change(LabSpec spec, NodeId asked, RaftChange change)
    {
        for (var deadline = DateTime.UtcNow + Replaced; ;)
        {
            var result = await spec[asked].Submit(
                RaftServer.RoleName, number => new RaftMessage.Manage(number, change), PerChange);
            spec.Say($"{change}: {result.Outcome} {(result.Reply as ChangeReply)?.Says}{result.Reason}");
            var isDone = result.Reply is ChangeReply reply && (!reply.IsRefusal || reply.Says.Contains("already", StringComparison.Ordinal)
                || reply.Says.Contains("no member", StringComparison.Ordinal));
            if (isDone)
            {
                return;
            }

            Assert.True(DateTime.UtcNow < deadline, $"{change} was not done in {Replaced}: {result.Reason}");
        }
    }
}
