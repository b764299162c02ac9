using System.IO.MemoryMappedFiles;
using System.Text;

namespace ActorLab.Cluster;

/// <summary>
/// The clocks of one role in the node's data folder: whose they are, then their entries, written over at each turn that others
/// learn of. It is memory that the process shares with the file, for a call of the system would cost more than the turn: it
/// outlives the process, by whatever signal that ends, and may be behind after the machine lost its power. Where it ends in the middle of
/// a write, some entries are of the turn that nobody learned of and the others of the one before: clocks may run ahead.
/// </summary>
internal sealed class ClockFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte[] _head;

    private ClockFile(FileStream stream, byte[] head, int roles)
    {
        _head = head;
        var length = head.Length + ((roles + 1) * sizeof(long));
        IsNew = stream.Length != length || !StartsWith(stream, head);
        if (IsNew)
        {
            // Written out, not only made longer: room that is not there is found out now, not at a turn.
            stream.SetLength(0);
            stream.Write([.. head, .. new byte[length - head.Length]]);
            stream.Flush();
        }

        _file = MemoryMappedFile.CreateFromFile(stream, null, length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, length);
    }

    /// <summary>Whether it held nothing of these roles.</summary>
    private bool IsNew { get; }

    /// <exception cref="NodeRefusal">It cannot be opened or made.</exception>
    public static ClockFile Open(string path, ClockRoles roles)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var head = Encoding.UTF8.GetBytes($"{roles.Start}\n{string.Join('\n', roles.Roles)}\n\n");
            return new ClockFile(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read), head, roles.Roles.Count);
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
        if (IsNew)
        {
            return default;
        }

        for (var i = 0; i < ticks.Length; i++)
        {
            ticks[i] = _view.ReadInt64(Place(i + 1));
        }

        return new LamportClock(_view.ReadInt64(Place(0)));
    }

    public void Write(LamportClock time, long[] ticks)
    {
        _view.Write(Place(0), time.Time);
        for (var i = 0; i < ticks.Length; i++)
        {
            _view.Write(Place(i + 1), ticks[i]);
        }
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private static bool StartsWith(FileStream stream, byte[] head)
    {
        var kept = new byte[head.Length];
        return stream.ReadAtLeast(kept, kept.Length, throwOnEndOfStream: false) == kept.Length && kept.AsSpan().SequenceEqual(head);
    }

    private long Place(int entry) => _head.Length + (entry * sizeof(long));
}
