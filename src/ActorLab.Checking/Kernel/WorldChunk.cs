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
