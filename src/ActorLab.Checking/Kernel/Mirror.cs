namespace ActorLab.Checking.Kernel;

/// <summary>
/// Looks at a world with names exchanged: the same steps must be possible, with the names exchanged, and the same be true.
/// Tried are all exchanges of two neighbours, of which all other renamings are made, and one more that differs from world to
/// world; each world that is explored. For one thread.
/// </summary>
internal sealed class Mirror(StateSpace space)
{
    private readonly int[] _neighbours = [.. Permutations.OfNeighbours(space.Interchangeable)];
    private readonly Successors _successors = new(space);
    private int[] _world = new int[64];
    private int[] _next = new int[64];
    private Fingerprint[] _expected = new Fingerprint[64];
    private Fingerprint[] _found = new Fingerprint[64];

    /// <summary>Whether all is the same; false if something had to be learned to tell.</summary>
    /// <param name="world">The world.</param>
    /// <param name="steps">The steps out of it.</param>
    /// <param name="verifier">Of the same thread.</param>
    /// <param name="learn">Whether it may be learned.</param>
    /// <exception cref="ArgumentException">Something differs.</exception>
    public bool IsTrue(ReadOnlySpan<int> world, Successors steps, Verifier verifier, bool learn)
    {
        foreach (var renaming in _neighbours)
        {
            if (!IsTrue(renaming, world, steps, verifier, learn))
            {
                return false;
            }
        }

        var another = 1 + (int)(Successors.Of(space, world).Low % (ulong)(space.Renamings - 1));
        return IsTrue(another, world, steps, verifier, learn);
    }

    private bool IsTrue(int renaming, ReadOnlySpan<int> world, Successors steps, Verifier verifier, bool learn)
    {
        Fit(ref _world, world.Length);
        var renamed = _world.AsSpan(0, world.Length);
        if (!space.Rename(renaming, world, renamed, learn))
        {
            return false;
        }

        _successors.From(renamed, Successors.Of(space, renamed));
        if (!space.Steps(renamed, _successors, learn))
        {
            return false;
        }

        if (!TryFingerprints(renaming, steps, learn, out var expected))
        {
            return false;
        }

        TryFingerprints(0, _successors, learn, out var found);
        Require(
            _expected.AsSpan(0, expected).SequenceEqual(_found.AsSpan(0, found)),
            "from a world with its interchangeable nodes renamed other steps are possible");
        Require(verifier.IsInside(world) == verifier.IsInside(renamed), "its constraint changes when interchangeable nodes are renamed");
        for (var property = 0; property < verifier.Properties; property++)
        {
            Require(
                verifier.Decides(property, world, out _) == verifier.Decides(property, renamed, out _),
                $"{space.Properties[property].Name} changes when interchangeable nodes are renamed");
        }

        return true;
    }

    /// <summary>Of the worlds that steps lead to, renamed, in order; by renaming 0 as they are.</summary>
    private bool TryFingerprints(int renaming, Successors steps, bool learn, out int count)
    {
        ref var into = ref renaming == 0 ? ref _found : ref _expected;
        if (into.Length < steps.Count)
        {
            Array.Resize(ref into, steps.Count * 2);
        }

        count = 0;
        for (var step = 0; step < steps.Count; step++)
        {
            if (steps.HasFailedAt(step))
            {
                continue;
            }

            if (renaming == 0)
            {
                into[count++] = steps.FingerprintAt(step);
                continue;
            }

            var world = steps.Build(step);
            Fit(ref _next, world.Length);
            var renamed = _next.AsSpan(0, world.Length);
            if (!space.Rename(renaming, world, renamed, learn))
            {
                return false;
            }

            into[count++] = Successors.Of(space, renamed);
        }

        into.AsSpan(0, count).Sort(static (one, other) =>
            one.High.CompareTo(other.High) is var high and not 0 ? high : one.Low.CompareTo(other.Low));
        return true;
    }

    private static void Fit(ref int[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new int[length * 2];
        }
    }

    private void Require(bool isSame, string difference)
    {
        if (!isSame)
        {
            throw new ArgumentException($"{space.Name} is not symmetric: {difference}.");
        }
    }
}
