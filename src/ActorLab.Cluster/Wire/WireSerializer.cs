using System.Buffers.Binary;
using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace ActorLab.Cluster;

/// <summary>What travels between nodes of the lab: envelopes of roles, and probes. No type names, no reflection.</summary>
internal sealed class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public const int Id = 7101;
    public const string RoleManifest = "role";
    public const string ProbeManifest = "probe";

    private readonly Lazy<RoleDirectory> _roles = new(() => RoleDirectory.Of(system));

    public override int Identifier => Id;

    public override string Manifest(object o) => o is LinkProbe.Ping ? ProbeManifest : RoleManifest;

    public override byte[] ToBinary(object obj) => obj switch
    {
        OutgoingFrame frame => frame.Bytes,
        LinkProbe.Ping ping => WriteProbe(ping),
        _ => throw new ArgumentException($"{obj.GetType()} does not travel between nodes."),
    };

    /// <summary>Never throws: whatever a peer sent, the association and this node live on.</summary>
    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        RoleManifest => FrameCodec.Read(bytes, _roles.Value),
        ProbeManifest when bytes.Length is >= ProbeHead and <= 255 => ReadProbe(bytes),
        ProbeManifest => new BadFrame($"a probe of {bytes.Length} bytes"),
        _ => new BadFrame($"{bytes.Length} bytes with a manifest that this node does not know"),
    };

    private const int ProbeHead = 5;

    /// <summary>The uid of the actor system (4 bytes, little endian), 1 or 0 for whether it hears the receiver, then the node's name.</summary>
    private static byte[] WriteProbe(LinkProbe.Ping ping)
    {
        var bytes = new byte[ProbeHead + Encoding.UTF8.GetByteCount(ping.From.Name)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, ping.Uid);
        bytes[4] = ping.HearsYou ? (byte)1 : (byte)0;
        Encoding.UTF8.GetBytes(ping.From.Name, bytes.AsSpan(ProbeHead));
        return bytes;
    }

    private static LinkProbe.Ping ReadProbe(byte[] bytes) => new(
        new NodeId(Encoding.UTF8.GetString(bytes.AsSpan(ProbeHead))), BinaryPrimitives.ReadInt32LittleEndian(bytes), bytes[4] != 0);
}
