using ActorLab.Algorithms.Raft;

namespace ActorLab.Specs;

/// <summary>Claim: a leader that lingers makes one batch of many users' commands, and loses none of them (thesis 10.2.2).</summary>
public sealed class BatchingSpec(ITestOutputHelper output)
{
    private const int Users = 8;
    private const int Writes = 20;

    private static readonly RaftOptions Lingering = RaftSpec.Patient with { Linger = TimeSpan.FromMilliseconds(20) };

    [Fact(Timeout = LabSpec.Limit)]
    public async Task Many_users_share_rounds_of_replication()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 3, Lingering);
        var leader = await spec.AwaitLeader();
        var before = Syncs(spec[leader]);
        await Task.WhenAll(spec.Nodes.SelectMany(node => Enumerable.Range(1, Users).Select(user => Write(node, user))));

        var writes = spec.Nodes.Count() * Users * Writes;
        var syncs = Syncs(spec[leader]) - before;
        spec.Say($"{writes} writes in {syncs} journal events of {leader}");
        Assert.InRange(syncs, 1, writes / 4); // all users together would make it a 24th, two groups of them a 12th
        await AwaitLastOfAll(spec);
    }

    [Fact(Timeout = LabSpec.Limit)]
    public async Task What_a_leader_has_gathered_when_it_is_cut_off_is_done_by_the_next()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 3, Lingering);
        var first = await spec.AwaitLeader();
        var users = Task.WhenAll(spec.Nodes.SelectMany(node => Enumerable.Range(1, Users).Select(user => Write(node, user))));
        await Patience.AwaitAssert(() => Assert.True(spec[first].Server()!.CommitIndex > 100));
        await spec.Isolate(first);
        await spec.AwaitLeader(spec.Others([first]));
        await spec.Heal();
        await users;
        await AwaitLastOfAll(spec);
        spec.CheckOneLeaderPerTerm();
    }

    private static async Task Write(SpecNode node, int user)
    {
        for (var i = 1; i <= Writes; i++)
        {
            await node.Put($"{node.Name}-{user}", $"{i}");
        }
    }

    private static async Task AwaitLastOfAll(LabSpec spec)
    {
        await spec.AwaitSameLogs();
        Assert.All(spec.Names, writer => Assert.All(
            Enumerable.Range(1, Users),
            user => Assert.All(spec.Nodes, node => Assert.Equal($"{Writes}", node.Applied($"{writer}-{user}")))));
    }

    private static long Syncs(SpecNode node) => node.Hosted.Role(RaftServer.RoleName)!.Commits;
}
