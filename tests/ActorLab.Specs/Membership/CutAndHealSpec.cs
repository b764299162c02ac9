using Akka.Actor;
using Akka.Cluster;

namespace ActorLab.Specs;

/// <summary>
/// Claim: Akka's cluster membership survives a cut and its healing. Members on the other side become unreachable, then
/// reachable again; nobody is downed, removed or quarantined, and messages flow as before.
/// </summary>
public sealed class CutAndHealSpec(ITestOutputHelper output)
{
    [Fact(Timeout = LabSpec.Limit)]
    public async Task Members_cut_off_become_unreachable_then_reachable_and_nobody_is_downed()
    {
        await using var spec = await LabSpec.Start(output, new SpecOptions { Nodes = 3 });
        var before = spec.Nodes.ToList().ConvertAll(node => node.Cluster.SelfUniqueAddress);
        var losses = spec.Nodes.ToList().ConvertAll(node =>
        {
            var probe = node.Kit.CreateTestProbe();
            node.Cluster.Subscribe(
                probe.Ref, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
                typeof(ClusterEvent.MemberLeft), typeof(ClusterEvent.MemberDowned), typeof(ClusterEvent.MemberRemoved));
            return probe;
        });

        await spec.Split([n1, n2], [n3]);
        await AwaitUnreachable(spec[n1], n3);
        await AwaitUnreachable(spec[n2], n3);
        await AwaitUnreachable(spec[n3], n1, n2);

        await spec.Heal();
        await spec.AwaitMembersUp();

        Assert.All(losses, probe => Assert.False(probe.HasMessages, "a member left, was downed or removed"));
        Assert.Equal(before, spec.Nodes.Select(node => node.Cluster.SelfUniqueAddress));
        await MessagesFlow(spec[n1], spec[n3]);
        await MessagesFlow(spec[n3], spec[n1]);

        Task AwaitUnreachable(SpecNode node, params Set<NodeId> others) => Patience.AwaitAssert(() => Assert.Equal(
            others.Select(other => spec[other].Address).ToHashSet(),
            node.Cluster.State.Unreachable.Select(member => member.Address).ToHashSet()));
    }

    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_one_way_cut_is_felt_and_heals_too()
    {
        await using var spec = await LabSpec.Start(output, new SpecOptions { Nodes = 2 });

        await spec.CutOneWay(from: [n1], to: [n2]);
        await Patience.AwaitAssert(() => Assert.Single(spec[n2].Cluster.State.Unreachable));

        await spec.Heal();
        await spec.AwaitMembersUp();
        await MessagesFlow(spec[n1], spec[n2]);
    }

    private static async Task MessagesFlow(SpecNode from, SpecNode to)
    {
        var probe = to.Kit.CreateTestProbe();
        var path = new RootActorPath(to.Address) / probe.Ref.Path.Elements.ToArray();
        await Patience.AwaitAssert(async () =>
        {
            // By reference, as roles do it: selections from afar are not trusted.
            ((ExtendedActorSystem)from.System).Provider.ResolveActorRef(path.ToString()).Tell("hello", ActorRefs.NoSender);
            await probe.ExpectMsgAsync("hello", TimeSpan.FromSeconds(1));
        });
    }
}
