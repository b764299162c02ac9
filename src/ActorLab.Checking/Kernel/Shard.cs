namespace ActorLab.Checking.Kernel;

/// <summary>A share of the worlds, chosen by their fingerprints: the table, and the worlds not yet explored.</summary>
/// <param name="keeps">Whether all worlds are kept.</param>
internal sealed class Shard(bool keeps) : IDisposable
{
    private const int PrefetchAhead = 12;
    private List<(int Property, long Number, string? Error)> _decisions = [];

    public WorldSet Worlds { get; } = new();

    public Frontier Frontier { get; } = new(keeps);

    /// <summary>Whether a step, and not only a start, led outside the constraint.</summary>
    public bool LeavesConstraint { get; private set; }

    public long Bytes => Worlds.Bytes + Frontier.Bytes;

    /// <summary>Adds those candidates that are new, in order. What lies outside the constraint decides nothing.</summary>
    public void Add(CandidateList candidates, Verifier verifier, (long World, string? Error)?[] alreadyDecided)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (i + PrefetchAhead < candidates.Count)
            {
                Worlds.Prefetch(candidates[i + PrefetchAhead].Fingerprint);
            }

            ref readonly var candidate = ref candidates[i];
            if (Worlds.Find(candidate.Fingerprint) is var found and not WorldSet.Absent)
            {
                LeavesConstraint |= found == WorldSet.Outside && candidate.Parent != Explorer.NoParent;
                continue;
            }

            var world = candidates.WorldOf(candidate);
            var inside = verifier.IsInside(world);
            if (inside)
            {
                Judge(world, verifier, alreadyDecided);
                Frontier.Add(Worlds.Count, world);
            }

            LeavesConstraint |= !inside && candidate.Parent != Explorer.NoParent;

            Worlds.Add(candidate.Fingerprint, !inside, candidate.Parent, candidate.Ordinal);
        }
    }

    public List<(int Property, long Number, string? Error)> TakeDecisions()
    {
        var taken = _decisions;
        _decisions = [];
        return taken;
    }

    public void Dispose()
    {
        Worlds.Dispose();
        Frontier.Dispose();
    }

    /// <summary>Judges a world that gets the next number.</summary>
    private void Judge(ReadOnlySpan<int> world, Verifier verifier, (long World, string? Error)?[] alreadyDecided)
    {
        for (var property = 0; property < verifier.Properties; property++)
        {
            if (alreadyDecided[property] is null && !IsDecided(property) && verifier.Decides(property, world, out var error))
            {
                _decisions.Add((property, Worlds.Count, error));
            }
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
}
