using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ActorLab.Cluster;

/// <summary>
/// The clocks of one role in the node's data folder: whose they are, then their entries, written over at each turn that others
/// learn of. Nothing is synced, for that would cost more than the turn: the file outlives the process, by whatever signal it
/// ends, and may be behind after the machine lost its power.
/// </summary>
internal sealed class ClockFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly byte[] _head;
    private readonly byte[] _entries;

    private ClockFile(SafeFileHandle handle, byte[] head, int roles)
    {
        _handle = handle;
        _head = head;
        _entries = new byte[(roles + 1) * sizeof(long)];
    }

    /// <exception cref="NodeRefusal">It cannot be opened or made.</exception>
    public static ClockFile Open(string path, ClockRoles roles)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var head = Encoding.UTF8.GetBytes($"{roles.Start}\n{string.Join('\n', roles.Roles)}\n\n");
            return new ClockFile(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read), head, roles.Roles.Count);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeRefusal($"The clocks of {roles.Start} cannot be kept in {path}: {e.Message}", e);
        }
    }

    /// <summary>What was kept; zeros where the file is new, or of another start or of other roles.</summary>
    /// <param name="ticks">Gets the entries of the vector.</param>
    /// <returns>The Lamport clock.</returns>
    public LamportClock Read(long[] ticks)
    {
        var kept = new byte[_head.Length + _entries.Length];
        if (RandomAccess.Read(_handle, kept, 0) < kept.Length || !kept.AsSpan(0, _head.Length).SequenceEqual(_head))
        {
            RandomAccess.SetLength(_handle, 0);
            RandomAccess.Write(_handle, _head, 0);
            return default;
        }

        for (var i = 0; i < ticks.Length; i++)
        {
            ticks[i] = BinaryPrimitives.ReadInt64LittleEndian(kept.AsSpan(_head.Length + ((i + 1) * sizeof(long))));
        }

        return new LamportClock(BinaryPrimitives.ReadInt64LittleEndian(kept.AsSpan(_head.Length)));
    }

    public void Write(LamportClock time, long[] ticks)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_entries, time.Time);
        for (var i = 0; i < ticks.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_entries.AsSpan((i + 1) * sizeof(long)), ticks[i]);
        }

        RandomAccess.Write(_handle, _entries, _head.Length);
    }

    public void Dispose() => _handle.Dispose();
}
