using Akka.Actor;
using Akka.Serialization;

namespace ActorLab.Cluster;

/// <summary>The journal's events. No type names, no reflection.</summary>
internal sealed class JournalSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public const int Id = 7102;
    private const string BatchManifest = "disk1";

    public override int Identifier => Id;

    public override string Manifest(object o) => BatchManifest;

    public override byte[] ToBinary(object obj) => ((DiskBatch)obj).Packed;

    public override object FromBinary(byte[] bytes, string manifest) => manifest == BatchManifest
        ? new DiskBatch(bytes)
        : throw new DamagedDisk($"an event of an unknown form '{manifest}'");
}
