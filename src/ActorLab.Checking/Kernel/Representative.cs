namespace ActorLab.Checking.Kernel;

/// <summary>
/// The one world that stands for all that are the same modulo normalisation and renaming: the normal form, and of its
/// orbit the smallest array. For one thread.
/// </summary>
internal sealed class Representative(StateSpace space, bool symmetry)
{
    private int[][] _worlds = [];
    private int[] _lengths = [];
    private Fingerprint[] _fingerprints = [];
    private int[] _other = new int[64];

    public Fingerprint FingerprintAt(int step) => _fingerprints[step];

    public ReadOnlySpan<int> WorldAt(int step) => _worlds[step].AsSpan(0, _lengths[step]);

    /// <summary>Finds the representatives of all steps; false if something had to be learned.</summary>
    public bool Prepare(Successors successors, bool learn)
    {
        if (_worlds.Length < successors.Count)
        {
            var old = _worlds.Length;
            Array.Resize(ref _worlds, successors.Count * 2);
            Array.Resize(ref _lengths, _worlds.Length);
            Array.Resize(ref _fingerprints, _worlds.Length);
            for (var i = old; i < _worlds.Length; i++)
            {
                _worlds[i] = new int[64];
            }
        }

        for (var step = 0; step < successors.Count; step++)
        {
            if (!successors.HasFailedAt(step))
            {
                if (!Of(successors.Build(step), ref _worlds[step], learn))
                {
                    return false;
                }

                _lengths[step] = successors.Build(step).Length;
                _fingerprints[step] = Successors.Of(space, WorldAt(step));
            }
        }

        return true;
    }

    /// <summary>The representative of one world, of the same length.</summary>
    public bool Of(ReadOnlySpan<int> world, ref int[] best, bool learn)
    {
        if (best.Length < world.Length)
        {
            best = new int[world.Length * 2];
        }

        if (_other.Length < world.Length)
        {
            _other = new int[world.Length * 2];
        }

        var smallest = best.AsSpan(0, world.Length);
        world.CopyTo(smallest);
        if (space.HasNormalForm && !space.Normalise(world, smallest, learn))
        {
            return false;
        }

        if (!symmetry)
        {
            return true;
        }

        var start = smallest.ToArray();
        var other = _other.AsSpan(0, world.Length);
        for (var renaming = 1; renaming < space.Renamings; renaming++)
        {
            if (!space.Rename(renaming, start, other, learn))
            {
                return false;
            }

            if (other.SequenceCompareTo(smallest) < 0)
            {
                other.CopyTo(smallest);
            }
        }

        return true;
    }
}
