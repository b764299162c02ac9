using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>Turns ordinals back into a story, by taking the same steps again. Learns on the way.</summary>
internal sealed class Storyteller(StateSpace space)
{
    private readonly Successors _successors = new(space);
    private readonly List<int[]> _worlds = [];

    /// <summary>The worlds of the story told last: the start, and the one after each step that did not fail.</summary>
    public IReadOnlyList<int[]> Worlds => _worlds;

    /// <summary>Tells a path of what the exploration numbered: of representatives, if it went by them.</summary>
    /// <param name="space">The space that was explored.</param>
    /// <param name="fresh">
    /// A space of the same that has seen nothing. The steps out of a world stand in the order in which their messages got
    /// numbers, and that depends on what was explored first: a story counts as one who takes no step but its own.
    /// </param>
    /// <param name="symmetry">Whether worlds counted modulo renaming.</param>
    /// <param name="path">The ordinals.</param>
    /// <param name="loopsTo">The number of steps after which the cycle begins; null where the story ends.</param>
    public static Story Tell(StateSpace space, StateSpace fresh, bool symmetry, List<int> path, int? loopsTo = null)
    {
        var explored = new Storyteller(space);
        var isConcrete = !symmetry && !space.HasNormalForm;
        var concrete = isConcrete ? path : explored.Concrete(path, new Representative(space, symmetry));
        var steps = explored.Named(concrete);
        return new Storyteller(fresh).Tell(concrete, loopsTo, steps);
    }

    /// <summary>Tells a path of the worlds as they are.</summary>
    /// <param name="path">The ordinal of the start, then those of the steps; -1 for a world that repeats itself.</param>
    /// <param name="loopsTo">The number of steps after which the cycle begins; null where the story ends.</param>
    /// <exception cref="InvalidOperationException">There is no such step, or the cycle does not close.</exception>
    public Story Tell(IReadOnlyList<int> path, int? loopsTo = null) => Tell(path, loopsTo, null);

    private Story Tell(IReadOnlyList<int> path, int? loopsTo, List<NamedStep>? names)
    {
        var ordinals = path.ToArray();
        var boots = Seq<StoryStep>.Empty;
        var steps = Seq<StoryStep>.Empty;
        int[] world = [];
        int[]? cycle = null;
        _worlds.Clear();
        for (var i = 0; i < path.Count; i++)
        {
            cycle = i - 1 == loopsTo ? world : cycle;
            if (i > 0 && path[i] < 0)
            {
                steps = steps.Add(StoryStep.Stutter);
                _worlds.Add(world);
                continue;
            }

            StepsOut(i == 0 ? null : world);
            var ordinal = ordinals[i] = names is null ? path[i] : OrdinalOf(names[i]);
            if (ordinal >= _successors.Count)
            {
                throw new InvalidOperationException(
                    $"Step {i} cannot be taken again: of {_successors.Count} steps it is number {ordinal}.");
            }

            var (label, detail) = (_successors.LabelAt(ordinal), _successors.DetailAt(ordinal));
            var next = _successors.HasFailedAt(ordinal) ? [] : _successors.Build(ordinal).ToArray();
            if (i == 0)
            {
                boots = space.TellStart(detail, next);
            }
            else
            {
                steps = steps.Add(space.Tell(label, detail, world, next));
            }

            world = next;
            if (!_successors.HasFailedAt(ordinal))
            {
                _worlds.Add(world);
            }
        }

        return loopsTo is null || (cycle is not null && IsSame(cycle, world))
            ? new Story(boots, steps) { Ordinals = Seq.ToSeq(ordinals), LoopsTo = loopsTo }
            : throw new InvalidOperationException($"The steps from number {loopsTo + 1} on form no cycle.");
    }

    /// <summary>Whether two worlds are the same, modulo the shift where there is one.</summary>
    private bool IsSame(int[] one, int[] other)
    {
        var normal = new Representative(space, symmetry: false);
        var (first, second) = (new int[64], new int[64]);
        return RepresentativeOf(one, normal, ref first).AsSpan().SequenceEqual(RepresentativeOf(other, normal, ref second));
    }

    /// <summary>The steps of a path by their labels: those of one label always stand in one order.</summary>
    private List<NamedStep> Named(IReadOnlyList<int> path)
    {
        var names = new List<NamedStep>();
        int[]? world = null;
        foreach (var ordinal in path)
        {
            if (ordinal < 0 && world is not null)
            {
                names.Add(default);
                continue;
            }

            StepsOut(world);
            var number = _successors.LabelAt(ordinal);
            names.Add(new NamedStep(
                space.LabelOf(number), Enumerable.Range(0, ordinal).Count(step => _successors.LabelAt(step) == number)));
            world = _successors.HasFailedAt(ordinal) ? [] : _successors.Build(ordinal).ToArray();
        }

        return names;
    }

    /// <summary>The ordinal of a step among those that were just made ready.</summary>
    private int OrdinalOf(NamedStep name)
    {
        var same = Enumerable.Range(0, _successors.Count)
            .Where(step => space.LabelOf(_successors.LabelAt(step)).Equals(name.Label)).Skip(name.Before).Take(1).ToList();
        return same is [var ordinal] ? ordinal : throw new InvalidOperationException(
            $"{space.Name} is not deterministic: the step {name.Label} cannot be taken again.");
    }

    /// <summary>
    /// A path of representatives, as a path of worlds that really follow each other: at each step the first one that
    /// leads to a world with the same representative, if there are several one of the same name, process and sender.
    /// </summary>
    public List<int> Concrete(IReadOnlyList<int> path, Representative representative)
    {
        var concrete = new List<int>();
        int[]? world = null;
        int[]? standIn = null;
        var buffer = new int[64];
        foreach (var ordinal in path)
        {
            if (ordinal < 0 && world is not null)
            {
                concrete.Add(ordinal);
                continue;
            }

            StepsOut(standIn);
            if (_successors.HasFailedAt(ordinal))
            {
                var name = space.LabelOf(_successors.LabelAt(ordinal)).Name;
                StepsOut(world);
                concrete.Add(Enumerable.Range(0, _successors.Count).First(step =>
                    _successors.HasFailedAt(step) && space.LabelOf(_successors.LabelAt(step)).Name == name));
                break;
            }

            var label = space.LabelOf(_successors.LabelAt(ordinal));
            var target = RepresentativeOf(_successors.Build(ordinal), representative, ref buffer);
            StepsOut(world);
            var (found, isSame) = (-1, false);
            int[] next = [];
            for (var step = 0; step < _successors.Count && !isSame; step++)
            {
                if (_successors.HasFailedAt(step))
                {
                    continue;
                }

                var candidate = _successors.Build(step).ToArray();
                if (RepresentativeOf(candidate, representative, ref buffer).AsSpan().SequenceEqual(target))
                {
                    isSame = world is null || IsSame(label, space.LabelOf(_successors.LabelAt(step)));
                    (found, next) = found < 0 || isSame ? (step, candidate) : (found, next);
                }
            }

            if (found < 0)
            {
                throw new InvalidOperationException(
                    $"{space.Name} does not commute with its symmetry or normalisation: a step out of a representative has no "
                    + "counterpart in the world that it stands for.");
            }

            concrete.Add(found);
            (world, standIn) = (next, target);
        }

        return concrete;
    }

    /// <summary>Whether labels are the same but for numbers that were shifted.</summary>
    private static bool IsSame(StepLabel one, StepLabel other) =>
        (one.Kind, one.Process, one.Name) == (other.Kind, other.Process, other.Name)
        && (one.Detail as Input.Deliver)?.Sender == (other.Detail as Input.Deliver)?.Sender;

    private static int[] RepresentativeOf(ReadOnlySpan<int> world, Representative representative, ref int[] buffer)
    {
        representative.Of(world, ref buffer, learn: true);
        return buffer[..world.Length];
    }

    private void StepsOut(int[]? world)
    {
        if (world is null)
        {
            Span<int> nothing = new int[space.Slots];
            _successors.From(nothing, Successors.Of(space, nothing));
            space.Starts(_successors);
        }
        else
        {
            _successors.From(world, Successors.Of(space, world));
            space.Steps(world, _successors, learn: true);
        }
    }

    /// <summary>A step, whatever the numbers of its space.</summary>
    /// <param name="Label">What happens.</param>
    /// <param name="Before">How many steps with this label come before it.</param>
    private readonly record struct NamedStep(StepLabel Label, int Before);
}
