namespace ActorLab.Cluster;

/// <summary>The dice of a role on the cluster: random, and written down.</summary>
internal sealed class RecordedDice(Random random) : IChoices
{
    private List<(int Chosen, int Options)>? _taken;

    public IReadOnlyList<(int Chosen, int Options)> Taken => _taken ?? (IReadOnlyList<(int, int)>)[];

    public int Next(int options)
    {
        var chosen = random.Next(options);
        (_taken ??= []).Add((chosen, options));
        return chosen;
    }

    public void Clear() => _taken = null;
}
