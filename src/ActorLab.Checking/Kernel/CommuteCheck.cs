namespace ActorLab.Checking.Kernel;

/// <summary>
/// Whether renaming and shifting commute with steps and change nothing that is said of worlds, on the first few hundred of
/// them: if they do not, a count modulo them would mean nothing. Shifts also on a long walk, for numbers grow slowly.
/// </summary>
internal static class CommuteCheck
{
    private const int Worlds = 300;

    /// <param name="space">A space of its own: what is learned here must not number what the exploration numbers.</param>
    /// <param name="symmetry">Whether to rename; shifts are checked wherever the space has a normal form.</param>
    /// <param name="cancellation">Ends the check early; the exploration that follows then ends at once.</param>
    /// <exception cref="ArgumentException">They do not commute.</exception>
    public static void Run(StateSpace space, bool symmetry, CancellationToken cancellation)
    {
        var successors = new Successors(space);
        var queue = new Queue<int[]>();
        var seen = new HashSet<Fingerprint>();
        Span<int> nothing = new int[space.Slots];
        successors.From(nothing, Successors.Of(space, nothing));
        space.Starts(successors);
        var starts = Fingerprints(successors);
        Enqueue(successors, queue, seen);
        var first = queue.FirstOrDefault(); // There is none where every boot throws.
        foreach (var start in symmetry ? queue.ToArray() : [])
        {
            foreach (var renaming in Permutations.OfNeighbours(space.Interchangeable))
            {
                Require(
                    starts.Contains(Successors.Of(space, Renamed(space, renaming, start))),
                    $"{space.Name} is not symmetric: a start is no start any more when its interchangeable nodes are renamed.");
            }
        }

        for (var count = 0; count < Worlds && !cancellation.IsCancellationRequested && queue.TryDequeue(out var world); count++)
        {
            Judge(space, world, successors, symmetry);
            StepsOut(space, world, successors);
            Enqueue(successors, queue, seen);
        }

        if (space.HasNormalForm && first is not null)
        {
            Walk(space, first, successors, cancellation);
        }
    }

    /// <summary>
    /// Out of one world the first step, out of the next the second and so on, round and round among those that the constraint
    /// allows. The steps that lead out of the constraint are judged all the same: they are generated.
    /// </summary>
    private static void Walk(StateSpace space, int[] world, Successors successors, CancellationToken cancellation)
    {
        var verifier = new Verifier(space, [.. space.Properties.Select(_ => false)]);
        for (var count = 0; count < Worlds && !cancellation.IsCancellationRequested; count++)
        {
            Judge(space, world, successors, symmetry: false);
            var next = StepsOut(space, world, successors)
                .Where(one => !one.AsSpan().SequenceEqual(world) && verifier.IsInside(one)).ToList();
            if (next.Count == 0)
            {
                return;
            }

            world = next[count % next.Count];
        }
    }

    private static void Judge(StateSpace space, int[] world, Successors successors, bool symmetry)
    {
        if (symmetry)
        {
            RequireSameSteps(space, world, successors);
            RequireSameClaims(space, world);
        }

        if (space.HasNormalForm)
        {
            var next = StepsOut(space, world, successors);
            var expected = next.Select(one => Successors.Of(space, Normal(space, one))).Order(Comparer).ToList();
            var normal = Normal(space, world);
            var shifted = StepsOut(space, normal, successors);
            Require(
                shifted.Select(one => Successors.Of(space, Normal(space, one))).Order(Comparer).SequenceEqual(expected),
                $"The normalisation of {space.Name} does not commute with its steps: from a shifted world other steps are "
                + "possible than from the world itself.");
            var claim = new Claims(space, withFormulas: !symmetry).Difference(world, normal);
            Require(
                claim is null,
                $"{space.Name} cannot be looked at modulo a shift: {claim} changes when its numbers are shifted.");
        }
    }

    /// <summary>
    /// Whether the steps out of a world with names exchanged are those out of the world itself. Neighbours are exchanged: what
    /// commutes with that commutes with all renamings.
    /// </summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static void RequireSameSteps(StateSpace space, int[] world, Successors successors)
    {
        var next = StepsOut(space, world, successors);
        foreach (var renaming in Permutations.OfNeighbours(space.Interchangeable))
        {
            var expected = next.Select(one => Successors.Of(space, Renamed(space, renaming, one))).Order(Comparer).ToList();
            StepsOut(space, Renamed(space, renaming, world), successors);
            Require(
                Fingerprints(successors).Order(Comparer).SequenceEqual(expected),
                $"{space.Name} is not symmetric: from a world with its interchangeable nodes renamed other steps are possible.");
        }
    }

    /// <summary>Whether constraint and properties say the same of a world with names exchanged.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void RequireSameClaims(StateSpace space, int[] world)
    {
        // Symmetry and formulas do not go together: those of the space are not asked for.
        var claims = new Claims(space, withFormulas: false);
        foreach (var renaming in Permutations.OfNeighbours(space.Interchangeable))
        {
            var claim = claims.Difference(world, Renamed(space, renaming, world));
            Require(claim is null, $"{space.Name} is not symmetric: {claim} changes when interchangeable nodes are renamed.");
        }
    }

    private static Comparer<Fingerprint> Comparer { get; } = Comparer<Fingerprint>.Create((one, other) =>
        one.High.CompareTo(other.High) is var high and not 0 ? high : one.Low.CompareTo(other.Low));

    private static int[] Renamed(StateSpace space, int renaming, int[] world)
    {
        var renamed = new int[world.Length];
        space.Rename(renaming, world, renamed, learn: true);
        return renamed;
    }

    private static int[] Normal(StateSpace space, int[] world)
    {
        var normal = new int[world.Length];
        space.Normalise(world, normal, learn: true);
        return normal;
    }

    private static List<int[]> StepsOut(StateSpace space, int[] world, Successors successors)
    {
        successors.From(world, Successors.Of(space, world));
        space.Steps(world, successors, learn: true);
        return [.. Enumerable.Range(0, successors.Count).Where(step => !successors.HasFailedAt(step))
            .Select(step => successors.Build(step).ToArray())];
    }

    private static List<Fingerprint> Fingerprints(Successors successors) =>
    [
        .. Enumerable.Range(0, successors.Count).Where(step => !successors.HasFailedAt(step)).Select(successors.FingerprintAt),
    ];

    private static void Enqueue(Successors successors, Queue<int[]> queue, HashSet<Fingerprint> seen)
    {
        for (var step = 0; step < successors.Count; step++)
        {
            if (!successors.HasFailedAt(step) && seen.Add(successors.FingerprintAt(step)))
            {
                queue.Enqueue(successors.Build(step).ToArray());
            }
        }
    }

    private static void Require(bool commutes, string sentence)
    {
        if (!commutes)
        {
            throw new ArgumentException(sentence);
        }
    }
}
