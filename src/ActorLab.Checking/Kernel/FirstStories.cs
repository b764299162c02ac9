namespace ActorLab.Checking.Kernel;

/// <summary>
/// Of all shortest ways to what is broken, the one that takes the first step it can, at every world in turn: so a story does
/// not depend on fingerprints, and scenarios can say by the order of their choices what to show first. A second search, on one
/// thread, in the plain order of a queue; for violations that are near.
/// </summary>
internal sealed class FirstStories
{
    private const int MostWorlds = 500_000;

    private readonly StateSpace _space;
    private readonly Verifier _verifier;
    private readonly Representative? _representative;
    private readonly Successors _successors;
    private readonly HashSet<int> _wanted;
    private readonly HashSet<Fingerprint> _seen = [];
    private readonly Queue<(int Number, int[] World)> _queue = new();
    private readonly List<(int Parent, int Ordinal)> _origins = [];
    private bool _wantsFailure;

    /// <param name="space">The space; all that is met is learned already, or is learned now.</param>
    /// <param name="asked">Which of its properties are judged.</param>
    /// <param name="symmetry">Whether worlds count modulo renaming.</param>
    /// <param name="properties">The properties that are broken.</param>
    /// <param name="failure">Whether a step fails.</param>
    public FirstStories(StateSpace space, IReadOnlyList<bool> asked, bool symmetry, IEnumerable<int> properties, bool failure)
    {
        _space = space;
        _verifier = new Verifier(space, asked);
        _representative = symmetry || space.HasNormalForm ? new Representative(space, symmetry) : null;
        _successors = new Successors(space);
        _wanted = [.. properties];
        _wantsFailure = failure;
    }

    /// <summary>The ordinals of the way to a world that breaks each property, as far as found.</summary>
    public Dictionary<int, List<int>> Broken { get; } = [];

    /// <summary>
    /// The ordinals of the way to the first step that fails, that step last, and the number of its label; null if it was not
    /// found.
    /// </summary>
    public (List<int> Path, int Label)? Failed { get; private set; }

    /// <param name="cancellation">Ends the search; then stories are those that the exploration found.</param>
    public void Search(CancellationToken cancellation)
    {
        Span<int> nothing = new int[_space.Slots];
        _successors.From(nothing, Successors.Of(_space, nothing));
        _space.Starts(_successors);
        Take(-1);
        while (!cancellation.IsCancellationRequested && (_wanted.Count > 0 || _wantsFailure) && _seen.Count <= MostWorlds && _queue.TryDequeue(out var next))
        {
            _successors.From(next.World, Successors.Of(_space, next.World));
            _space.Steps(next.World, _successors, learn: true);
            Take(next.Number);
        }
    }

    private void Take(int parent)
    {
        _representative?.Prepare(_successors, learn: true);
        for (var step = 0; step < _successors.Count; step++)
        {
            if (_successors.HasFailedAt(step))
            {
                if (_wantsFailure)
                {
                    _wantsFailure = false;
                    Failed = ([.. PathTo(parent), step], _successors.LabelAt(step));
                }
            }
            else if (_seen.Add(_representative?.FingerprintAt(step) ?? _successors.FingerprintAt(step)))
            {
                var world = _representative is null ? _successors.Build(step) : _representative.WorldAt(step);
                if (_verifier.IsInside(world))
                {
                    _origins.Add((parent, step));
                    _queue.Enqueue((_origins.Count - 1, world.ToArray()));
                    Judge(world);
                }
            }
        }
    }

    private void Judge(ReadOnlySpan<int> world)
    {
        foreach (var property in _wanted)
        {
            if (_verifier.Decides(property, world, out _))
            {
                _wanted.Remove(property);
                Broken.Add(property, PathTo(_origins.Count - 1));
            }
        }
    }

    private List<int> PathTo(int number)
    {
        var path = new List<int>();
        for (; number >= 0; number = _origins[number].Parent)
        {
            path.Add(_origins[number].Ordinal);
        }

        path.Reverse();
        return path;
    }
}
