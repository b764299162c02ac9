namespace ActorLab.Checking.Kernel;

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
