using System.Buffers.Binary;
using System.IO.Hashing;

namespace ActorLab.Cluster;

/// <summary>
/// What one journal event holds: the disk changes of successive turns of one role, oldest first, as its codec wrote them.
/// Packed as checksum of what follows (8 bytes), then for each change its length (4) and its bytes; little endian.
/// </summary>
internal sealed record DiskBatch(byte[] Packed)
{
    private const int ChangesAt = 8;

    public static DiskBatch Pack(IReadOnlyList<byte[]> changes)
    {
        var packed = new byte[ChangesAt + changes.Sum(change => 4 + change.Length)];
        var at = ChangesAt;
        foreach (var change in changes)
        {
            BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(at), change.Length);
            change.CopyTo(packed, at + 4);
            at += 4 + change.Length;
        }

        BinaryPrimitives.WriteUInt64LittleEndian(packed, Checksum(packed));
        return new DiskBatch(packed);
    }

    /// <exception cref="DamagedDisk">The bytes are not those that were written.</exception>
    public object ApplyTo(object disk, RoleBinding binding)
    {
        if (Packed.Length < ChangesAt || BinaryPrimitives.ReadUInt64LittleEndian(Packed) != Checksum(Packed))
        {
            throw new DamagedDisk("a checksum is wrong");
        }

        try
        {
            for (var at = ChangesAt; at < Packed.Length;)
            {
                var length = BinaryPrimitives.ReadInt32LittleEndian(Packed.AsSpan(at));
                disk = binding.ApplyDelta(disk, Packed.AsSpan(at + 4, length));
                at += 4 + length;
            }

            return disk;
        }
        catch (Exception e)
        {
            // The bytes are whole, so this program wrote them in another form: as little use as damaged ones.
            throw new DamagedDisk($"a change is no {binding.DiskType.Name} of this version ({e.Message})", e);
        }
    }

    private static ulong Checksum(byte[] packed) => XxHash3.HashToUInt64(packed.AsSpan(ChangesAt));
}

/// <summary>What a role kept cannot be read.</summary>
internal sealed class DamagedDisk(string what, Exception? inner = null) : Exception(what, inner);
