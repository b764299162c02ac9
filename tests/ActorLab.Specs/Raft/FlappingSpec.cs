namespace ActorLab.Specs;

/// <summary>
/// Claim: links that come and go lose nothing that was acknowledged and apply nothing twice, and the cluster works when
/// they stay.
/// </summary>
public sealed class FlappingSpec(ITestOutputHelper output)
{
    private static readonly TimeSpan PerAppend = TimeSpan.FromSeconds(3);

    [Fact(Timeout = LabSpec.Limit)]
    public async Task The_link_of_a_leader_and_a_follower_flaps_under_load()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 3);
        var leader = await spec.AwaitLeader();
        var follower = spec.Others(leader)[0];

        await UnderLoad(spec, flaps: 15, () => [new Link(leader, follower), new Link(follower, leader)]);
    }

    [Fact(Timeout = LabSpec.Limit)]
    public async Task Cuts_of_all_shapes_come_and_go_under_load()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 5);
        await spec.AwaitLeader();

        await UnderLoad(spec, flaps: 6, () => Shape(spec));
    }

    /// <summary>Half of the cuts strike the leader of the moment.</summary>
    private static Set<Link> Shape(LabSpec spec)
    {
        var (nodes, dice) = (spec.Names, spec.Dice);
        var anybody = nodes[dice.Next(nodes.Count)];
        var node = dice.Next(2) == 0 ? anybody : spec.Nodes.FirstOrDefault(node => node.Leads())?.Name ?? anybody;
        return dice.Next(4) switch
        {
            0 => Partition.Isolate(nodes, node),
            1 => Partition.Bridge(nodes, node),
            2 => Partition.MajorityRing(nodes),
            _ => nodes.Remove(node).Select(other => new Link(node, other)).ToSet(), // nobody hears it
        };
    }

    /// <summary>Users of all nodes append while cuts come and go; each lasts until twenty more appends are acknowledged.</summary>
    private static async Task UnderLoad(LabSpec spec, int flaps, Func<Set<Link>> cut)
    {
        var history = new AppendHistory("k");
        var over = new TaskCompletionSource();
        var load = Task.WhenAll(spec.Nodes.Select(node => history.AppendUntil(over.Task, node, PerAppend)));
        try
        {
            for (var flap = 0; flap < flaps; flap++)
            {
                await spec.Partition(cut());
                await history.AwaitMore(20);
                await spec.Heal();
                await history.AwaitMore(20);
            }
        }
        finally
        {
            over.SetResult();
            await load;
        }

        var leader = await spec.AwaitLeader();
        history.Check(await spec[leader].Get("k") ?? "");
        await spec.AwaitSameLogs();
        spec.CheckOneLeaderPerTerm();
        spec.Say($"{history.Count(Outcome.Ok)} acknowledged, {history.Count(Outcome.Unknown)} unknown, {history.Count(Outcome.Failed)} failed");
    }
}
