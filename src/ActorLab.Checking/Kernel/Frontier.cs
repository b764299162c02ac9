namespace ActorLab.Checking.Kernel;

/// <summary>Some hundred worlds of one shard, with successive numbers, written in bytes.</summary>
internal sealed class WorldBlock(long first)
{
    /// <summary>A block is closed at so many worlds: the grain of work of a thread.</summary>
    public const int Capacity = 128;

    private readonly int[] _ends = new int[Capacity];
    private byte[] _bytes = new byte[2048];
    private int _used;
    private SpillFile? _file;
    private long _offset;

    /// <summary>The number of its first world within the shard.</summary>
    public long First { get; } = first;

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    public long Bytes => (_file is null ? _bytes.Length : 0) + (Capacity * sizeof(int)) + 64;

    public void Add(ReadOnlySpan<int> world)
    {
        if (_bytes.Length < _used + (world.Length * 5))
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + (world.Length * 5)));
        }

        foreach (var value in world)
        {
            var rest = (uint)((value << 1) ^ (value >> 31)); // A node that is down has a negative state: zigzag.
            while (rest >= 0x80)
            {
                _bytes[_used++] = (byte)(rest | 0x80);
                rest >>= 7;
            }

            _bytes[_used++] = (byte)rest;
        }

        _ends[Count++] = _used;
    }

    /// <summary>Gives back what the buffer did not need.</summary>
    public void Close() => Array.Resize(ref _bytes, _used);

    public void MoveTo(SpillFile file)
    {
        _offset = file.Append(_bytes.AsSpan(0, _used));
        _file = file;
        _bytes = [];
    }

    /// <summary>The bytes of all worlds: read from the file where they lie there.</summary>
    public byte[] Load()
    {
        if (_file is null)
        {
            return _bytes;
        }

        var bytes = new byte[_used];
        _file.Read(_offset, bytes);
        return bytes;
    }

    /// <summary>Reads one world.</summary>
    /// <param name="bytes">From <see cref="Load"/>.</param>
    /// <param name="index">Of the world in the block.</param>
    /// <param name="world">A buffer, enlarged where needed.</param>
    /// <returns>The length of the world.</returns>
    public int Read(byte[] bytes, int index, ref int[] world)
    {
        var at = index == 0 ? 0 : _ends[index - 1];
        var end = _ends[index];
        if (world.Length < end - at)
        {
            world = new int[(end - at) * 2];
        }

        var length = 0;
        while (at < end)
        {
            uint rest = bytes[at++];
            if (rest >= 0x80)
            {
                rest &= 0x7f;
                var shift = 7;
                byte next;
                do
                {
                    next = bytes[at++];
                    rest |= (uint)(next & 0x7f) << shift;
                    shift += 7;
                }
                while (next >= 0x80);
            }

            world[length++] = (int)(rest >> 1) ^ -(int)(rest & 1);
        }

        return length;
    }
}

/// <summary>A temporary file for blocks that memory has no room for; it is gone with the process.</summary>
internal sealed class SpillFile : IDisposable
{
    private readonly FileStream _stream = new(
        Path.Combine(Path.GetTempPath(), $"actorlab-{Guid.NewGuid():N}.frontier"),
        FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);

    private readonly Lock _lock = new();

    public long Length { get; private set; }

    public long Append(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _stream.Position = Length;
            _stream.Write(bytes);
            Length += bytes.Length;
            return Length - bytes.Length;
        }
    }

    public void Read(long offset, Span<byte> bytes)
    {
        lock (_lock)
        {
            _stream.Position = offset;
            _stream.ReadExactly(bytes);
        }
    }

    public void Dispose() => _stream.Dispose();
}
