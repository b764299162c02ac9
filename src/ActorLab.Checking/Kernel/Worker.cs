namespace ActorLab.Checking.Kernel;

/// <summary>
/// What one thread needs to expand worlds and to judge them. Steps are taken out of one world while the tables are being
/// fetched in which those out of the world before are looked up.
/// </summary>
internal sealed class Worker(StateSpace space, bool[] asked, bool symmetry)
{
    private const int ShardBits = Explorer.ShardBits;

    private readonly Representative? _representative =
        symmetry || space.HasNormalForm ? new Representative(space, symmetry) : null;

    private readonly Mirror? _mirror = symmetry ? new Mirror(space) : null;
    private readonly RoundCheck? _rounds = space is RoleSpace { RoundsCommute: true } roles ? new RoundCheck(roles) : null;
    private Successors _taken = new(space);
    private Successors _waiting = new(space);
    private byte[] _bytes = [];
    private int[] _world = new int[64];
    private int _length;

    public Candidates Candidates { get; } = new();

    public Verifier Verifier { get; } = new(space, asked);

    /// <summary>Whether a step led to a world that was known to lie outside the constraint.</summary>
    public bool LeavesConstraint { get; private set; }

    /// <summary>Begins to read the worlds of a block.</summary>
    public WorldReader Read(WorldBlock block) => block.Read(ref _bytes);

    public void Next(ref WorldReader reader) => _length = reader.Next(ref _world);

    public void StartFromNothing()
    {
        Span<int> nothing = new int[space.Slots];
        _taken.From(nothing, Successors.Of(space, nothing));
        space.Starts(_taken);
    }

    /// <summary>Takes the steps out of the world read last; false if something had to be learned.</summary>
    public bool Steps(bool learn)
    {
        var world = _world.AsSpan(0, _length);
        _taken.From(world, Successors.Of(space, world));
        return space.Steps(world, _taken, learn);
    }

    /// <summary>
    /// Whether what fewer worlds rely on is true of this one, where they do: that steps and claims are the same with names
    /// exchanged, that the order of messages makes no difference. False if something had to be learned to tell.
    /// </summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public bool Confirms(bool learn)
    {
        var world = _world.AsSpan(0, _length);
        return _mirror?.IsTrue(world, _taken, Verifier, learn) != false && _rounds?.IsTrue(world, Verifier, learn) != false;
    }

    /// <summary>At how many worlds the order of messages was tried.</summary>
    public long RoundsTried => _rounds?.Tried ?? 0;

    /// <summary>Makes ready for a batch.</summary>
    /// <param name="distinct">How many worlds are known.</param>
    public void Begin(long distinct) => _rounds?.Thin(distinct);

    /// <summary>Asks for the places in the tables at which the steps taken last will be looked up.</summary>
    public void Prefetch(Shard[] known)
    {
        for (var step = 0; _representative is null && step < _taken.Count; step++)
        {
            var fingerprint = _taken.FingerprintAt(step);
            known[fingerprint.Low >> (64 - ShardBits)].Worlds.Prefetch(fingerprint);
        }
    }

    /// <summary>The steps taken last wait, and those that waited are <see cref="Route"/>'s.</summary>
    public void Swap() => (_taken, _waiting) = (_waiting, _taken);

    /// <summary>Hands those of the steps that lead to unknown worlds to their shards.</summary>
    /// <returns>How many steps there were; -1 if something had to be learned, and nothing was handed over.</returns>
    public long Route(int chunk, long parent, bool learn, Shard[]? known = null)
    {
        var (successors, count) = (_taken, _taken.Count);
        if (_representative is not null && !_representative.Prepare(successors, learn))
        {
            return -1;
        }

        Candidates.Begin(chunk);
        for (var step = 0; step < count; step++)
        {
            if (successors.HasFailedAt(step))
            {
                Candidates.Fail(chunk, parent, step, successors.LabelAt(step), successors.DetailAt(step));
                continue;
            }

            var fingerprint = _representative?.FingerprintAt(step) ?? successors.FingerprintAt(step);
            var shard = (int)(fingerprint.Low >> (64 - ShardBits));
            if (known is not null && known[shard].Worlds.Find(fingerprint) is var found and not WorldSet.Absent)
            {
                if (found == WorldSet.Outside)
                {
                    LeavesConstraint = true;
                }

                continue;
            }

            var world = _representative is null ? successors.Build(step) : _representative.WorldAt(step);
            Candidates.Of(chunk, shard).Add(fingerprint, parent, step, world);
        }

        return count;
    }
}
