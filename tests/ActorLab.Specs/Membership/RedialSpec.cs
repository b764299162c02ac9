using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using Akka.Remote.Transport;

namespace ActorLab.Specs;

/// <summary>
/// Claim: a link that carries nothing, though no cut is in force, is made anew by its two nodes, long before Akka's own
/// patience ends; a link that is cut is left alone.
/// </summary>
public sealed class RedialSpec(ITestOutputHelper output)
{
    /// <summary>Akka's patience is beyond the limit of a spec: what heals, heals because the nodes call anew.</summary>
    private static readonly SpecOptions Options = new()
    {
        Nodes = 3,
        Settings = new Dictionary<string, string>
        {
            ["akka.remote.dot-netty.tcp.connection-timeout"] = "5m",
            ["actorlab.links.redial-after"] = "500ms",
        },
    };

    /// <summary>Several attempts, each of which takes twice as long as the one before, on a busy machine.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_node_restarted_behind_a_cut_is_heard_soon_after_the_heal()
    {
        await using var spec = await LabSpec.Start(output, Options);
        var before = Redials(spec);
        await spec.Isolate(n3);
        await spec.Crash(n3);
        await spec.Restart(n3);
        await CallsInVain(spec[n3]);
        Assert.Equal(before, Redials(spec)); // nobody calls through a cut

        await spec.Heal();

        await spec.AwaitLinks(Soon);
        Assert.True(Redials(spec) > before, "it did not heal by itself");
    }

    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_link_that_carries_one_direction_only_is_mended()
    {
        await using var spec = await LabSpec.Start(output, Options);
        var before = Redials(spec);
        await Deafen(spec[n1], to: spec[n2], Blackhole.Instance);
        await Patience.AwaitAssert(() => Assert.False(Hears(spec[n1], n2)));

        // n2 hears n1 say that it hears nothing, and calls; and n1 knows of no cut.
        await Patience.AwaitAssert(() => Assert.True(Redials(spec) > before), Soon);
        await Deafen(spec[n1], to: spec[n2], Unthrottled.Instance);
        await spec.AwaitLinks(Soon);
    }

    /// <summary>Waits until the node gave up to join for the first time: its calls were begun, and none was answered.</summary>
    private static async Task CallsInVain(SpecNode node)
    {
        var probe = node.Kit.CreateTestProbe();
        node.System.EventStream.Subscribe(probe.Ref, typeof(Warning));
        await probe.FishForMessageAsync<Warning>(
            warning => $"{warning.Message}".Contains("join seed nodes", StringComparison.Ordinal), Patience.Usual);
    }

    /// <summary>A direction that is dead for no reason that the lab knows.</summary>
    private static Task<bool> Deafen(SpecNode node, SpecNode to, ThrottleMode mode) =>
        ((IRemoteActorRefProvider)((ExtendedActorSystem)node.System).Provider).Transport.ManagementCommand(
            new SetThrottle(to.Address, ThrottleTransportAdapter.Direction.Receive, mode));

    private static long Redials(LabSpec spec) => spec.Nodes.Sum(node => node.Lab.Links.Redials);

    private static bool Hears(SpecNode node, NodeId peer) =>
        node.Lab.ObservedLinks().Single(link => link.Peer == peer.Name).Reachable;
}
