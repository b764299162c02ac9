namespace ActorLab.Checking.Kernel;

/// <summary>A share of the worlds, chosen by their fingerprints: the table, and the worlds not yet explored.</summary>
internal sealed class Shard
{
    private readonly List<(int Property, long Number, string? Error)> _decisions = [];
    private readonly List<WorldBlock> _kept = [];
    private List<WorldBlock> _next = [];
    private long _blockBytes;

    public WorldSet Worlds { get; } = new();

    public long Bytes => Worlds.Bytes + _blockBytes;

    /// <summary>How many worlds of the next level there are.</summary>
    public long Waiting => _next.Sum(block => (long)block.Count);

    /// <summary>The blocks of all worlds, where they are kept.</summary>
    public IReadOnlyList<WorldBlock> Kept => _kept;

    /// <summary>Adds those candidates that are new, in order.</summary>
    public void Add(
        CandidateList candidates, int shard, Verifier verifier, (long World, string? Error)?[] alreadyDecided)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            ref readonly var candidate = ref candidates[i];
            if (Worlds.Find(candidate.Fingerprint) != WorldSet.Absent)
            {
                continue;
            }

            var world = candidates.WorldOf(candidate);
            var inside = verifier.IsInside(world);
            for (var property = 0; property < verifier.Properties; property++)
            {
                if (alreadyDecided[property] is null && !IsDecided(property) && verifier.Decides(property, world, out var error))
                {
                    _decisions.Add((property, inside ? Worlds.Count : -1, error));
                }
            }

            Worlds.Add(candidate.Fingerprint, !inside, candidate.Parent, candidate.Ordinal);
            if (inside)
            {
                Append(world);
            }
        }
    }

    public List<(int Property, long Number, string? Error)> TakeDecisions()
    {
        var taken = _decisions.Where(decision => decision.Number >= 0).ToList();
        _decisions.Clear();
        return taken;
    }

    /// <summary>The blocks that wait, which become the level that is explored.</summary>
    public List<WorldBlock> TakeLevel(bool keep)
    {
        var level = _next;
        _next = [];
        if (keep)
        {
            _kept.AddRange(level);
        }
        else
        {
            _blockBytes = 0;
        }

        return level;
    }

    public void SpillTo(SpillFile file)
    {
        foreach (var block in _next.Where(block => block.IsFull))
        {
            var before = block.Bytes;
            block.MoveTo(file);
            _blockBytes += block.Bytes - before;
        }
    }

    private bool IsDecided(int property)
    {
        foreach (var decision in _decisions)
        {
            if (decision.Property == property)
            {
                return true;
            }
        }

        return false;
    }

    private void Append(ReadOnlySpan<int> world)
    {
        if (_next.Count == 0 || _next[^1].IsFull)
        {
            _next.Add(new WorldBlock(Worlds.Count - 1));
        }

        var block = _next[^1];
        block.Add(world);
        if (block.IsFull)
        {
            block.Close();
            _blockBytes += block.Bytes;
        }
    }
}
