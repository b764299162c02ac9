namespace ActorLab.Checking.Kernel;

/// <summary>What one thread needs to expand worlds and to judge them.</summary>
internal sealed class Worker(StateSpace space, bool[] asked, bool symmetry)
{
    private const int ShardBits = Explorer.ShardBits;
    private readonly Successors _successors = new(space);
    private readonly Representative? _representative =
        symmetry || space.HasNormalForm ? new Representative(space, symmetry) : null;

    private int[] _world = new int[64];
    private int _length;

    public Candidates Candidates { get; } = new();

    public Verifier Verifier { get; } = new(space, asked);

    public void Read(WorldBlock block, byte[] bytes, int index) => _length = block.Read(bytes, index, ref _world);

    public void StartFromNothing()
    {
        Span<int> nothing = new int[space.Slots];
        _successors.From(nothing, Successors.Of(space, nothing));
        space.Starts(_successors);
    }

    /// <summary>Takes the steps out of the world read last; false if something had to be learned.</summary>
    public bool Steps(bool learn)
    {
        var world = _world.AsSpan(0, _length);
        _successors.From(world, Successors.Of(space, world));
        return space.Steps(world, _successors, learn);
    }

    /// <summary>Hands the steps that lead to unknown worlds to their shards.</summary>
    /// <returns>How many steps there were; -1 if something had to be learned, and nothing was handed over.</returns>
    public long Route(int chunk, long parent, bool learn, Shard[]? known = null)
    {
        var count = _successors.Count;
        Candidates.Begin(chunk);
        if (_representative is not null)
        {
            if (!_representative.Prepare(_successors, learn))
            {
                return -1;
            }
        }
        else if (known is not null)
        {
            for (var step = 0; step < count; step++)
            {
                var fingerprint = _successors.FingerprintAt(step);
                known[fingerprint.Low >> (64 - ShardBits)].Worlds.Prefetch(fingerprint);
            }
        }

        for (var step = 0; step < count; step++)
        {
            if (_successors.HasFailedAt(step))
            {
                Candidates.Fail(chunk, parent, step, _successors.LabelAt(step), _successors.DetailAt(step));
                continue;
            }

            var fingerprint = _representative?.FingerprintAt(step) ?? _successors.FingerprintAt(step);
            var shard = (int)(fingerprint.Low >> (64 - ShardBits));
            if (known is not null && known[shard].Worlds.Find(fingerprint) != WorldSet.Absent)
            {
                continue;
            }

            var world = _representative is null ? _successors.Build(step) : _representative.WorldAt(step);
            Candidates.Of(chunk, shard).Add(fingerprint, parent, step, world);
        }

        return count;
    }
}
