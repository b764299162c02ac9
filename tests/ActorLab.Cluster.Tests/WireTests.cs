using System.Net.Sockets;
using System.Reflection;
using Akka.Actor;
using Akka.Serialization;

namespace ActorLab.Cluster.Tests;

public sealed class WireTests
{
    private static readonly RoleDirectory Roles = Directory();

    [Fact]
    public void A_frame_comes_back_as_it_went()
    {
        var frame = Rogue.Copy("hello").Bytes;
        var envelope = Assert.IsType<RoleEnvelope>(FrameCodec.Read(frame, Roles));
        Assert.Equal(
            new RoleEnvelope(ToyRole.At("n1"), ToyRole.At("n2"), 1, 1, 0, new ToyMessage.Copy("hello"), frame.Length), envelope);
    }

    [Fact]
    public void A_frame_carries_the_clocks_of_its_sender()
    {
        var (n1, n2) = (ToyRole.At("n1"), ToyRole.At("n2"));
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        ToyRole.Of("n1", "n2").RoleAt(n1).WriteMessage(buffer, new ToyMessage.Copy("hello"));
        var clock = ClockReading.From([7, 3, 5]);
        var envelope = Assert.IsType<RoleEnvelope>(FrameCodec.Read(FrameCodec.Write("toy", n1, n2, 1, 1, 0, buffer.WrittenSpan, clock), Roles));
        Assert.Equal([7L, 3L, 5L], envelope.Clock!.Numbers);
        Assert.Equal(new ToyMessage.Copy("hello"), envelope.Message);

        var strange = new ClockReading(new LamportClock(-1), [3, 5]);
        Assert.Contains("clocks that cannot be", Assert.IsType<BadFrame>(
            FrameCodec.Read(FrameCodec.Write("toy", n1, n2, 1, 1, 0, buffer.WrittenSpan, strange), Roles)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_changed_byte_and_any_cut_makes_a_bad_frame()
    {
        var frame = Rogue.Copy("hello").Bytes;
        for (var at = 0; at < frame.Length; at++)
        {
            var damaged = (byte[])frame.Clone();
            damaged[at] ^= 0x41;
            Assert.IsType<BadFrame>(FrameCodec.Read(damaged, Roles));
            Assert.IsType<BadFrame>(FrameCodec.Read(frame[..at], Roles));
        }
    }

    [Fact]
    public void Bytes_with_a_right_checksum_but_no_sense_make_a_bad_frame()
    {
        var (n1, n2) = (ToyRole.At("n1"), ToyRole.At("n2"));
        Assert.IsType<BadFrame>(FrameCodec.Read(FrameCodec.Write("toy", n1, n2, 1, 1, 0, [200, 1, 2]), Roles));
        Assert.IsType<BadFrame>(FrameCodec.Read(FrameCodec.Write("other", n1, n2, 1, 1, 0, []), Roles));
        Assert.IsType<BadFrame>(FrameCodec.Read(FrameCodec.Write("toy", n2, n1, 1, 1, 0, []), Roles));
        Assert.IsType<BadFrame>(FrameCodec.Read(FrameCodec.Write("toy", n1, Address.Outside, 1, 1, 0, []), Roles));
    }

    [Theory]
    [InlineData(ToyRole.Name)]
    [InlineData("another")]
    public void A_frame_that_claims_to_come_from_the_node_it_is_for_is_bad(string senderRole)
    {
        var (n1, n2) = (ToyRole.At("n1"), ToyRole.At("n2"));
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        ToyRole.Of("n1", "n2").RoleAt(n1).WriteMessage(buffer, new ToyMessage.Durable(7));
        Assert.IsType<RoleEnvelope>(FrameCodec.Read(FrameCodec.Write("toy", n1, n2, 1, 1, 0, buffer.WrittenSpan), Roles));
        var forged = FrameCodec.Write("toy", n1, n1 with { Role = senderRole }, 1, 1, 0, buffer.WrittenSpan);
        Assert.Contains("claims to come from", Assert.IsType<BadFrame>(FrameCodec.Read(forged, Roles)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_a_peer_sends_is_dropped_and_the_node_and_the_association_live_on()
    {
        await using var cluster = await ToyCluster.Start("n1");
        using var rogue = Rogue.Start();
        var node = ((ExtendedActorSystem)cluster.System("n1")).Provider.DefaultAddress;
        var keeper = ((ExtendedActorSystem)rogue).Provider.ResolveActorRef($"{node}/user/toy/{ToyRole.Name}");
        var probe = ((ExtendedActorSystem)rogue).Provider.ResolveActorRef($"{node}/user/{LinkProbe.ActorName}");

        keeper.Tell(Rogue.Copy("first"), ActorRefs.NoSender);
        await Eventually.True(() => cluster.State("n1").Copied.Contains("first"), "a good message arrives");

        keeper.Tell(new RogueBytes([1, 2, 3], "no such manifest"), ActorRefs.NoSender);
        keeper.Tell(new RogueBytes([], WireSerializer.RoleManifest), ActorRefs.NoSender);
        keeper.Tell(new RogueBytes(new byte[FrameCodec.MaxBytes + 1], WireSerializer.RoleManifest), ActorRefs.NoSender);
        var damaged = Rogue.Copy("damaged");
        damaged.Bytes[^1] ^= 1;
        keeper.Tell(damaged, ActorRefs.NoSender);
        keeper.Tell(new StrangerBytes([1, 2, 3]), ActorRefs.NoSender);
        keeper.Tell(new AnyObject("picks a type"), ActorRefs.NoSender);
        keeper.Tell("a string", ActorRefs.NoSender);
        probe.Tell(new RogueBytes(new byte[10_000], WireSerializer.ProbeManifest), ActorRefs.NoSender);
        keeper.Tell(Rogue.Copy("last"), ActorRefs.NoSender);

        await Eventually.True(() => cluster.State("n1").Copied.Contains("last"), "a good message still arrives");
        Assert.Equal(["first", "last"], cluster.State("n1").Copied);
        Assert.Equal(1, cluster["n1"].Toy().Role(ToyRole.Name)!.Incarnation);
    }

    [Fact]
    public async Task A_peer_can_neither_poison_an_actor_nor_start_one()
    {
        await using var cluster = await ToyCluster.Start("n1");
        using var rogue = Rogue.Start();
        var node = ((ExtendedActorSystem)cluster.System("n1")).Provider.DefaultAddress;
        var keeper = ((ExtendedActorSystem)rogue).Provider.ResolveActorRef($"{node}/user/toy/{ToyRole.Name}");

        keeper.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        rogue.ActorSelection($"{node}/user/toy/{ToyRole.Name}").Tell(PoisonPill.Instance, ActorRefs.NoSender);
        rogue.ActorSelection($"{node}/user/*").Tell(PoisonPill.Instance, ActorRefs.NoSender);
        rogue.ActorOf(Props.Create(() => new Intruder()).WithDeploy(Deploy.None.WithScope(new RemoteScope(node))), "intruder");
        keeper.Tell(Rogue.Copy("last"), ActorRefs.NoSender);

        await Eventually.True(() => cluster.State("n1").Copied.Contains("last"), "a good message arrives behind the bad ones");
        Assert.True(cluster["n1"].Toy().Role(ToyRole.Name)!.Running);
        Assert.Equal(1, cluster["n1"].Toy().Role(ToyRole.Name)!.Incarnation);
        Assert.Equal(0, Intruder.Started);
    }

    [Fact]
    public async Task Noise_on_the_remoting_port_hurts_nobody()
    {
        await using var cluster = await ToyCluster.Start("n1", "n2");
        var node = ((ExtendedActorSystem)cluster.System("n1")).Provider.DefaultAddress;
        const int seed = 20_240_601;
        var random = new Random(seed);
        for (var i = 0; i < 20; i++)
        {
            using var socket = new TcpClient("127.0.0.1", node.Port!.Value);
            var noise = new byte[random.Next(1, 5_000)];
            random.NextBytes(noise);
            await socket.GetStream().WriteAsync(noise);
        }

        await cluster.Put("n2", "x");
        await Eventually.True(() => cluster.State("n1").Copied.Contains("x"), "a good message still arrives");
    }

    [Fact]
    public async Task A_message_over_the_limit_is_lost_and_the_next_one_arrives()
    {
        await using var cluster = await ToyCluster.Start("n1", "n2");
        var large = new string('x', 3 * 1024 * 1024);
        var larger = new string('x', FrameCodec.MaxBytes);
        await cluster.Put("n1", large);
        await cluster.Put("n1", larger);
        await cluster.Put("n1", "small");
        await Eventually.True(() => cluster.State("n2").Copied.Contains("small"), "the small one arrives");
        Assert.Equal([large, "small"], cluster.State("n2").Copied);
    }

    [Fact]
    public async Task No_serializer_of_any_object_is_left()
    {
        await using var cluster = await ToyCluster.Start("n1");
        var serialization = ((ExtendedActorSystem)cluster.System("n1")).Serialization;
        Assert.IsType<NoJson>(serialization.FindSerializerFor(new AnyObject("x")));
        Assert.IsType<NoJson>(serialization.FindSerializerForType(typeof(object)));
        Assert.IsType<WireSerializer>(serialization.FindSerializerFor(new OutgoingFrame([])));
        Assert.IsType<JournalSerializer>(serialization.FindSerializerFor(new DiskBatch([])));
    }

    /// <summary>
    /// Of a serializer that reads types Akka takes the manifest of a message for a type's name, and looks for it. Left are three of
    /// Akka's own that every system has: of nothing, of messages to a selection, and of system messages, which read no other types.
    /// </summary>
    [Fact]
    public async Task No_serializer_is_left_of_which_a_manifest_names_a_type()
    {
        await using var cluster = await ToyCluster.Start("n1");
        var serialization = ((ExtendedActorSystem)cluster.System("n1")).Serialization;
        var field = typeof(Akka.Serialization.Serialization).GetFields(BindingFlags.NonPublic | BindingFlags.Instance)
            .Single(field => field.FieldType.IsAssignableTo(typeof(IEnumerable<KeyValuePair<int, Serializer>>)));
        var known = ((IEnumerable<KeyValuePair<int, Serializer>>)field.GetValue(serialization)!).ToList();
        Assert.Contains(known, one => one is { Key: 11, Value: CheckedDataSerializer });
        Assert.Equal([0, 6, 22], known.Where(one => one.Value is not SerializerWithStringManifest).Select(one => one.Key).Order());
    }

    private static RoleDirectory Directory()
    {
        var directory = new RoleDirectory();
        var at = ToyRole.At("n1");
        directory.Add("toy", at, ToyRole.Of("n1", "n2").RoleAt(at), ActorRefs.Nobody);
        return directory;
    }
}
