using System.Buffers.Binary;
using System.IO.Hashing;

namespace ActorLab.Cluster;

/// <summary>
/// A whole disk, as the snapshot store keeps it: what journal events made of it up to one of them, so that those can go. It is
/// written where the store serialises it, off the path of the role and of its journal. Packed as checksum of what follows (8
/// bytes, little endian), then the disk as its codec wrote it.
/// </summary>
internal sealed class Checkpoint
{
    private const int DiskAt = 8;

    private readonly RoleBinding? _binding;
    private readonly object? _disk;
    private readonly byte[]? _packed;
    private int _size;

    public Checkpoint(object disk, RoleBinding binding) => (_disk, _binding) = (disk, binding);

    public Checkpoint(byte[] packed) => (_packed, _size) = (packed, packed.Length);

    /// <summary>Its bytes, once they were written or read; 0 in a store that keeps objects.</summary>
    public int Size => Volatile.Read(ref _size);

    public byte[] Pack()
    {
        if (_packed is not null)
        {
            return _packed;
        }

        var disk = _binding!.WriteDisk(_disk!);
        var packed = new byte[DiskAt + disk.Length];
        disk.CopyTo(packed, DiskAt);
        BinaryPrimitives.WriteUInt64LittleEndian(packed, Checksum(packed));
        Volatile.Write(ref _size, packed.Length);
        return packed;
    }

    /// <exception cref="DamagedDisk">The bytes are not those that were written.</exception>
    public object Disk(RoleBinding binding)
    {
        if (_packed is null)
        {
            return _disk!;
        }

        if (_packed.Length < DiskAt || BinaryPrimitives.ReadUInt64LittleEndian(_packed) != Checksum(_packed))
        {
            throw new DamagedDisk("the checksum of its checkpoint is wrong");
        }

        try
        {
            return binding.ReadDisk(_packed.AsSpan(DiskAt));
        }
        catch (Exception e)
        {
            // The bytes are whole, so this program wrote them in another form: as little use as damaged ones.
            throw new DamagedDisk($"its checkpoint is no {binding.DiskType.Name} of this version ({e.Message})", e);
        }
    }

    private static ulong Checksum(byte[] packed) => XxHash3.HashToUInt64(packed.AsSpan(DiskAt));
}

/// <summary>When a disk is due for a checkpoint: what its journal has behind the last one.</summary>
/// <param name="rows">Most journal events.</param>
/// <param name="bytes">Bytes of them; as many as the last checkpoint has, if that is more.</param>
internal sealed class CheckpointRule(int rows, long bytes)
{
    private long _rows;
    private long _bytes;
    private long _last;

    public bool IsDue => _rows >= rows || _bytes >= Math.Max(bytes, _last);

    public void Count(DiskBatch batch)
    {
        _rows++;
        _bytes += batch.Packed.Length;
    }

    /// <summary>A checkpoint has begun, or was read; the next one is due when as much was written again.</summary>
    public void Begin() => (_rows, _bytes) = (0, 0);

    /// <summary>A large disk is written whole no more often than as much was changed.</summary>
    public void Took(int size) => _last = size;
}
