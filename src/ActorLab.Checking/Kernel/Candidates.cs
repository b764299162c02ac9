namespace ActorLab.Checking.Kernel;

/// <summary>A step to a world that was not known when the step was taken.</summary>
internal readonly record struct Candidate(Fingerprint Fingerprint, long Parent, int Ordinal, int Offset, int Length);

/// <summary>Candidates in the order of their parents, with their worlds.</summary>
internal sealed class CandidateList
{
    private Candidate[] _items = [];
    private int[] _worlds = [];
    private int _used;

    public int Count { get; private set; }

    public ref readonly Candidate this[int index] => ref _items[index];

    public ReadOnlySpan<int> WorldOf(in Candidate candidate) => _worlds.AsSpan(candidate.Offset, candidate.Length);

    public void Add(Fingerprint fingerprint, long parent, int ordinal, ReadOnlySpan<int> world)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(16, Count * 2));
        }

        if (_worlds.Length < _used + world.Length)
        {
            Array.Resize(ref _worlds, Math.Max((_used + world.Length) * 2, 256));
        }

        world.CopyTo(_worlds.AsSpan(_used));
        _items[Count++] = new Candidate(fingerprint, parent, ordinal, _used, world.Length);
        _used += world.Length;
    }

    public void Clear()
    {
        Count = 0;
        _used = 0;
    }
}

/// <summary>What one thread found in a batch, by chunk and shard.</summary>
internal sealed class Candidates
{
    private readonly Dictionary<int, (long Parent, int Ordinal, int Label, int Detail)> _failures = [];
    private CandidateList[] _lists = [];
    private bool[] _has = [];
    private int _shards;

    public void EnsureBatch(int chunks, int shards)
    {
        _shards = shards;
        if (_lists.Length < chunks * shards)
        {
            var old = _lists.Length;
            Array.Resize(ref _lists, chunks * shards);
            for (var i = old; i < _lists.Length; i++)
            {
                _lists[i] = new CandidateList();
            }

            Array.Resize(ref _has, chunks);
        }
    }

    /// <summary>Whether this thread worked on a chunk.</summary>
    public bool Has(int chunk) => chunk < _has.Length && _has[chunk];

    public CandidateList Of(int chunk, int shard) => _lists[(chunk * _shards) + shard];

    public void Begin(int chunk) => _has[chunk] = true;

    public void Fail(int chunk, long parent, int ordinal, int label, int detail) =>
        _failures.TryAdd(chunk, (parent, ordinal, label, detail));

    /// <summary>The first step of a chunk that failed.</summary>
    public (long Parent, int Ordinal, int Label, int Detail)? FailureOf(int chunk) =>
        _failures.TryGetValue(chunk, out var failure) ? failure : null;

    public void Clear()
    {
        for (var chunk = 0; chunk < _has.Length; chunk++)
        {
            if (_has[chunk])
            {
                _has[chunk] = false;
                for (var shard = 0; shard < _shards; shard++)
                {
                    Of(chunk, shard).Clear();
                }
            }
        }

        _failures.Clear();
    }
}
