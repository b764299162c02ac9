namespace ActorLab.Checking.Kernel;

/// <summary>A share of the worlds, chosen by their fingerprints: the table, and the worlds not yet explored.</summary>
/// <param name="keeps">Whether all worlds are kept.</param>
internal sealed class Shard(bool keeps) : IDisposable
{
    private const int PrefetchAhead = 12;
    private readonly List<(int Property, long Number, string? Error)> _decisions = [];

    public WorldSet Worlds { get; } = new();

    public Frontier Frontier { get; } = new(keeps);

    public long Bytes => Worlds.Bytes + Frontier.Bytes;

    /// <summary>Adds those candidates that are new, in order.</summary>
    public void Add(CandidateList candidates, Verifier verifier, (long World, string? Error)?[] alreadyDecided)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (i + PrefetchAhead < candidates.Count)
            {
                Worlds.Prefetch(candidates[i + PrefetchAhead].Fingerprint);
            }

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

            if (inside)
            {
                Frontier.Add(Worlds.Count, world);
            }

            Worlds.Add(candidate.Fingerprint, !inside, candidate.Parent, candidate.Ordinal);
        }
    }

    public List<(int Property, long Number, string? Error)> TakeDecisions()
    {
        var taken = _decisions.Where(decision => decision.Number >= 0).ToList();
        _decisions.Clear();
        return taken;
    }

    public void Dispose()
    {
        Worlds.Dispose();
        Frontier.Dispose();
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
