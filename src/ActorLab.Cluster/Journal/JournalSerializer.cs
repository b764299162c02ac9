using Akka.Actor;
using Akka.Serialization;

namespace ActorLab.Cluster;

/// <summary>The journal's events and the checkpoints of disks. No type names, no reflection.</summary>
internal sealed class JournalSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public const int Id = 7102;
    private const string BatchManifest = "disk1";
    private const string CheckpointManifest = "checkpoint1";

    public override int Identifier => Id;

    public override string Manifest(object o) => o is Checkpoint ? CheckpointManifest : BatchManifest;

    public override byte[] ToBinary(object obj) => obj is Checkpoint checkpoint ? checkpoint.Pack() : ((DiskBatch)obj).Packed;

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        BatchManifest => new DiskBatch(bytes),
        CheckpointManifest => new Checkpoint(bytes),
        _ => throw new DamagedDisk($"it has something of an unknown form '{manifest}'"),
    };
}
