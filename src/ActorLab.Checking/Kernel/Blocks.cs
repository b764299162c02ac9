namespace ActorLab.Checking.Kernel;

/// <summary>A list that only grows, in blocks: no copy of the whole when it does.</summary>
internal sealed unsafe class Blocks<T> : IDisposable
    where T : unmanaged
{
    private const int BlockBits = 18;
    private const int BlockSize = 1 << BlockBits;
    private const int Smallest = 64;
    private readonly List<nint> _full = [];
    private T* _last = (T*)Pages.Take(Smallest * sizeof(T));
    private int _room = Smallest;
    private int _used;

    ~Blocks() => Release();

    public long Count => ((long)_full.Count << BlockBits) + _used;

    public long Bytes => (((long)_full.Count << BlockBits) + _room) * sizeof(T);

    public T this[long index]
    {
        get
        {
            var block = (int)(index >> BlockBits);
            return (block < _full.Count ? (T*)_full[block] : _last)[index & (BlockSize - 1)];
        }
    }

    public void Add(T value)
    {
        if (_used == _room)
        {
            Grow();
        }

        _last[_used++] = value;
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Grow()
    {
        if (_room == BlockSize)
        {
            _full.Add((nint)_last);
            _last = (T*)Pages.Take(BlockSize * (long)sizeof(T));
            _used = 0;
            return;
        }

        var larger = (T*)Pages.Take(_room * 4L * sizeof(T));
        new ReadOnlySpan<T>(_last, _used).CopyTo(new Span<T>(larger, _used));
        Pages.Free(_last);
        _last = larger;
        _room *= 4;
    }

    private void Release()
    {
        foreach (var block in _full)
        {
            Pages.Free((void*)block);
        }

        _full.Clear();
        if (_last is not null)
        {
            Pages.Free(_last);
            _last = null;
        }
    }
}
