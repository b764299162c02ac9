namespace ActorLab.Checking.Kernel;

/// <summary>A list that only grows, in blocks: no copy of the whole when it does.</summary>
internal sealed class Blocks<T>
    where T : unmanaged
{
    private const int BlockBits = 15;
    private const int BlockSize = 1 << BlockBits;
    private readonly List<T[]> _blocks = [];
    private T[] _first = new T[16];

    public long Count { get; private set; }

    public unsafe long Bytes => ((_blocks.Count > 0 ? _blocks.Count * (long)BlockSize : _first.Length)) * sizeof(T);

    public T this[long index] => _blocks.Count == 0 ? _first[index] : _blocks[(int)(index >> BlockBits)][index & (BlockSize - 1)];

    public void Add(T value)
    {
        if (_blocks.Count == 0)
        {
            if (Count == _first.Length && _first.Length < BlockSize)
            {
                Array.Resize(ref _first, _first.Length * 2);
            }

            if (Count < BlockSize)
            {
                _first[Count++] = value;
                return;
            }

            _blocks.Add(_first);
        }

        if ((Count & (BlockSize - 1)) == 0)
        {
            _blocks.Add(new T[BlockSize]);
        }

        _blocks[^1][Count++ & (BlockSize - 1)] = value;
    }
}
