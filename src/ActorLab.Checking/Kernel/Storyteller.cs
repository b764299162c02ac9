using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>Turns ordinals back into a story, by taking the same steps again. Learns on the way.</summary>
internal sealed class Storyteller(StateSpace space)
{
    private readonly Successors _successors = new(space);

    /// <summary>Tells a path of what the exploration numbered: of representatives, if it went by them.</summary>
    public static Story Tell(StateSpace space, bool symmetry, List<int> path, int? loopsTo = null)
    {
        if (!symmetry && !space.HasNormalForm)
        {
            return new Storyteller(space).Tell(path, loopsTo);
        }

        var concrete = new Storyteller(space).Concrete(path, new Representative(space, symmetry));
        return new Storyteller(space).Tell(concrete, loopsTo);
    }

    /// <summary>Tells a path of the worlds as they are.</summary>
    /// <param name="path">The ordinal of the start, then those of the steps; -1 for a world that repeats itself.</param>
    /// <param name="loopsTo">The number of steps after which the cycle begins; null where the story ends.</param>
    /// <exception cref="InvalidOperationException">There is no such step.</exception>
    public Story Tell(IReadOnlyList<int> path, int? loopsTo = null)
    {
        var boots = Seq<StoryStep>.Empty;
        var steps = Seq<StoryStep>.Empty;
        int[] world = [];
        for (var i = 0; i < path.Count; i++)
        {
            if (i > 0 && path[i] < 0)
            {
                steps = steps.Add(StoryStep.Stutter);
                continue;
            }

            StepsOut(i == 0 ? null : world);
            var ordinal = path[i];
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
        }

        return new Story(boots, steps) { Ordinals = Seq.ToSeq(path), LoopsTo = loopsTo };
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
}
