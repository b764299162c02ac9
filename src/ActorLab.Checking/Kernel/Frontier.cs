namespace ActorLab.Checking.Kernel;

/// <summary>
/// Worlds of one shard with successive numbers, written in bytes: each its length and then its values, seven bits to a
/// byte. Written by one thread, read by several; given back when all its blocks were explored.
/// </summary>
internal sealed unsafe class WorldChunk : IDisposable
{
    private byte* _bytes;
    private SpillFile? _file;
    private long _offset;
    private int _room;
    private int _used;
    private int _open;

    public WorldChunk(int room)
    {
        _room = room;
        _bytes = (byte*)Pages.Take(room);
    }

    ~WorldChunk() => Release();

    public long Bytes => _bytes is null ? 0 : _room;

    public int Used => _used;

    /// <summary>Whether there is room for a world of so many values, however large they are.</summary>
    public bool HasRoomFor(int values) => _room - _used >= MostBytes(values);

    public static int MostBytes(int values) => (values + 1) * 5;

    public void Add(ReadOnlySpan<int> world)
    {
        var to = Write(_bytes + _used, (uint)world.Length);
        foreach (var value in world)
        {
            to = Write(to, (uint)((value << 1) ^ (value >> 31))); // A node that is down has a negative state: zigzag.
        }

        _used = (int)(to - _bytes);
    }

    /// <summary>A block of worlds begins to wait.</summary>
    public void Open() => _open++;

    /// <summary>A block was explored; after the last one the memory is given back. On one thread.</summary>
    public void Close()
    {
        if (--_open == 0)
        {
            Dispose();
        }
    }

    public void MoveTo(SpillFile file)
    {
        if (_file is null)
        {
            _offset = file.Append(new ReadOnlySpan<byte>(_bytes, _used));
            _file = file;
            Release();
        }
    }

    /// <summary>The bytes of a block: read from the file where they lie there.</summary>
    public ReadOnlySpan<byte> Load(int start, int end, ref byte[] buffer)
    {
        if (_file is null)
        {
            return new ReadOnlySpan<byte>(_bytes + start, end - start);
        }

        if (buffer.Length < end - start)
        {
            buffer = new byte[end - start];
        }

        _file.Read(_offset + start, buffer.AsSpan(0, end - start));
        return buffer.AsSpan(0, end - start);
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private static byte* Write(byte* to, uint value)
    {
        while (value >= 0x80)
        {
            *to++ = (byte)(value | 0x80);
            value >>= 7;
        }

        *to++ = (byte)value;
        return to;
    }

    private void Release()
    {
        if (_bytes is not null)
        {
            Pages.Free(_bytes);
            _bytes = null;
        }
    }
}

/// <summary>Some hundred worlds in a row: the grain of work of a thread.</summary>
/// <param name="Chunk">Where they are written.</param>
/// <param name="Start">Where in it they begin.</param>
/// <param name="End">Where in it they end.</param>
/// <param name="First">The number of the first world within its shard.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct WorldBlock(WorldChunk Chunk, int Start, int End, long First, int Count)
{
    /// <summary>A block is closed at so many worlds.</summary>
    public const int Capacity = 128;

    public WorldReader Read(ref byte[] buffer) => new(Chunk.Load(Start, End, ref buffer));
}

/// <summary>Reads the worlds of a block, one after the other.</summary>
internal ref struct WorldReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>Reads the next world into a buffer, which is enlarged where needed.</summary>
    /// <returns>The length of the world.</returns>
    public int Next(ref int[] world)
    {
        var length = (int)Value();
        if (world.Length < length)
        {
            world = new int[length * 2];
        }

        for (var i = 0; i < length; i++)
        {
            var value = Value();
            world[i] = (int)(value >> 1) ^ -(int)(value & 1);
        }

        return length;
    }

    private uint Value()
    {
        uint value = _bytes[_at++];
        if (value < 0x80)
        {
            return value;
        }

        value &= 0x7f;
        for (var shift = 7; ; shift += 7)
        {
            uint next = _bytes[_at++];
            value |= (next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}

/// <summary>The worlds of one shard that wait to be explored, and where they are kept, those explored before.</summary>
/// <param name="keeps">Whether all worlds are kept.</param>
internal sealed class Frontier(bool keeps) : IDisposable
{
    private const int SmallestChunk = 1 << 12;
    private const int LargestChunk = 1 << 20;

    private readonly List<WorldBlock> _kept = [];
    private readonly List<WorldChunk> _old = [];
    private readonly List<WorldChunk> _new = [];
    private List<WorldBlock> _blocks = [];
    private int _room = SmallestChunk;
    private int _start;
    private long _first;
    private int _count;

    /// <summary>How many worlds wait that were not taken yet.</summary>
    public long Count { get; private set; }

    public long Bytes => _old.Sum(chunk => chunk.Bytes) + _new.Sum(chunk => chunk.Bytes);

    /// <summary>The blocks of all worlds taken so far, where they are kept.</summary>
    public IReadOnlyList<WorldBlock> Kept => _kept;

    /// <summary>Adds a world.</summary>
    /// <param name="number">Its number in the shard, one more than that of the world before.</param>
    /// <param name="world">The world.</param>
    public void Add(long number, ReadOnlySpan<int> world)
    {
        if (_new.Count == 0 || !_new[^1].HasRoomFor(world.Length))
        {
            CloseBlock();
            _new.Add(new WorldChunk(Math.Max(_room, WorldChunk.MostBytes(world.Length))));
            _room = Math.Min(_room * 2, LargestChunk);
            _start = 0;
        }

        if (_count == 0)
        {
            _first = number;
        }

        _new[^1].Add(world);
        Count++;
        if (++_count == WorldBlock.Capacity)
        {
            CloseBlock();
        }
    }

    /// <summary>The blocks that wait. Unless all are kept, each is to be closed once it was explored.</summary>
    public List<WorldBlock> Take()
    {
        CloseBlock();
        var taken = _blocks;
        _blocks = [];
        if (keeps)
        {
            _kept.AddRange(taken);
        }
        else
        {
            _old.Clear(); // Each gave its memory back with its last block.
        }

        _old.AddRange(_new);
        _new.Clear();
        _room = SmallestChunk;
        Count = 0;
        return taken;
    }

    /// <summary>Writes to a file all but what more worlds are added to.</summary>
    public void SpillTo(SpillFile file)
    {
        foreach (var chunk in _old.Concat(_new.SkipLast(1)).Where(chunk => chunk.Bytes > 0))
        {
            chunk.MoveTo(file);
        }
    }

    public void Dispose()
    {
        foreach (var chunk in _old.Concat(_new))
        {
            chunk.Dispose();
        }
    }

    private void CloseBlock()
    {
        if (_count > 0)
        {
            _blocks.Add(new WorldBlock(_new[^1], _start, _new[^1].Used, _first, _count));
            _new[^1].Open();
            _start = _new[^1].Used;
            _count = 0;
        }
    }
}

/// <summary>A temporary file for worlds that memory has no room for; it is gone with the process.</summary>
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
