namespace ActorLab.Checking.Kernel;

/// <summary>
/// Looks at a world with names exchanged: the same steps must be possible, with the names exchanged, and the same be true.
/// Each world that is explored stands for a whole orbit, and nobody looks at the others: so all of them are tried, each once,
/// and not only those that are one exchange away. For one thread.
/// </summary>
internal sealed class Mirror(StateSpace space)
{
    private readonly Successors _successors = new(space);
    private readonly HashSet<Fingerprint> _orbit = [];
    private readonly List<bool> _decides = [];
    private int[] _world = new int[64];
    private int[] _next = new int[64];
    private Fingerprint[] _expected = new Fingerprint[64];
    private Fingerprint[] _found = new Fingerprint[64];

    /// <summary>Whether all is the same; false if something had to be learned to tell.</summary>
    /// <param name="world">The world, within the constraint.</param>
    /// <param name="steps">The steps out of it.</param>
    /// <param name="verifier">Of the same thread.</param>
    /// <param name="learn">Whether it may be learned.</param>
    /// <exception cref="ArgumentException">Something differs.</exception>
    public bool IsTrue(ReadOnlySpan<int> world, Successors steps, Verifier verifier, bool learn)
    {
        _decides.Clear();
        for (var property = 0; property < verifier.Properties; property++)
        {
            _decides.Add(verifier.Decides(property, world, out _));
        }

        _orbit.Clear();
        _orbit.Add(Successors.Of(space, world));
        for (var renaming = 1; renaming < space.Renamings; renaming++)
        {
            if (!IsTrue(renaming, world, steps, verifier, learn))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsTrue(int renaming, ReadOnlySpan<int> world, Successors steps, Verifier verifier, bool learn)
    {
        Fit(ref _world, world.Length);
        var renamed = _world.AsSpan(0, world.Length);
        if (!space.Rename(renaming, world, renamed, learn))
        {
            return false;
        }

        var fingerprint = Successors.Of(space, renamed);
        if (!_orbit.Add(fingerprint))
        {
            return !renamed.SequenceEqual(world) || IsOwnMirror(renaming, steps, learn);
        }

        _successors.From(renamed, fingerprint);
        if (!space.Steps(renamed, _successors, learn) || !TryFingerprints(renaming, steps, learn, out var expected))
        {
            return false;
        }

        TryFingerprints(0, _successors, learn, out var found);
        RequireSameSteps(expected, found);
        Require(verifier.IsInside(renamed), "its constraint changes when interchangeable nodes are renamed");
        for (var property = 0; property < verifier.Properties; property++)
        {
            Require(
                _decides[property] == verifier.Decides(property, renamed, out _),
                $"{space.Properties[property].Name} changes when interchangeable nodes are renamed");
        }

        return true;
    }

    /// <summary>Of a world that a renaming leaves as it is: whether the steps out of it are left as they are too.</summary>
    private bool IsOwnMirror(int renaming, Successors steps, bool learn)
    {
        if (!TryFingerprints(renaming, steps, learn, out var expected))
        {
            return false;
        }

        TryFingerprints(0, steps, learn, out var found);
        RequireSameSteps(expected, found);
        return true;
    }

    private void RequireSameSteps(int expected, int found) => Require(
        _expected.AsSpan(0, expected).SequenceEqual(_found.AsSpan(0, found)),
        "from a world with its interchangeable nodes renamed other steps are possible");

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
