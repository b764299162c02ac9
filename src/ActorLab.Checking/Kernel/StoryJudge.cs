using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// Whether a story shows what it is said to show. It looks at the worlds of the story alone, by the meaning of formulas and
/// of fairness on a behaviour that is a stem and a cycle: by nothing that the search went by.
/// </summary>
internal sealed class StoryJudge
{
    private readonly StateSpace _space;
    private readonly Story _story;
    private readonly IReadOnlyList<int[]> _worlds;
    private readonly WorldView _view;

    /// <param name="space">In which the story was told.</param>
    /// <param name="story">The story.</param>
    /// <param name="worlds">Its worlds: the start, and the one after each step that did not fail.</param>
    public StoryJudge(StateSpace space, Story story, IReadOnlyList<int[]> worlds) =>
        (_space, _story, _worlds, _view) = (space, story, worlds, space.CreateView());

    /// <summary>Why the story does not break a property, in a sentence; null if it does.</summary>
    /// <param name="property">The property; null for a step that fails.</param>
    /// <param name="fairness">Of a temporal property: which steps a behaviour may not pass over for ever.</param>
    public string? WhyNot(Property? property, Seq<Fairness> fairness)
    {
        var hasFailed = _story.Steps.Concat(_story.Boots).Any(step => step.Error is not null || step.Boots.Any(boot => boot.Error is not null));
        return property switch
        {
            null => hasFailed ? null : "no step of it fails",
            _ when hasFailed => "a step of it fails",
            Property.Always always => Holds(always.Holds, _worlds[^1]) == true ? $"{property.Name} holds in its last world" : null,
            Property.Sometimes sometimes =>
                Holds(sometimes.Reached, _worlds[^1]) is not null ? $"{property.Name} can be told of its last world" : null,
            Property.Temporal when _story.LoopsTo is null => "it has no cycle, and so it shows nothing of what happens for ever",
            Property.Temporal temporal => WhyNotForEver(temporal, fairness),
            _ => $"nobody can judge {property.Name}",
        };
    }

    private string? WhyNotForEver(Property.Temporal property, Seq<Fairness> fairness)
    {
        try
        {
            return Holding(property.Formula)[0] ? $"{property.Name} holds of it"
                : Unfair(fairness) is { } action ? $"it is not fair: {action} could happen again and again, and never does"
                : null;
        }
        catch (Exception error) when (error is not (OutOfMemoryException or NotSupportedException))
        {
            return null; // what a world cannot be asked breaks the property, as in the search
        }
    }

    /// <summary>Null where the predicate throws.</summary>
    private bool? Holds(Func<IWorld, bool> holds, int[] world)
    {
        try
        {
            return Look(holds, world);
        }
        catch (Exception)
        {
            return null;
        }
    }

    private bool Look(Func<IWorld, bool> holds, int[] world)
    {
        _view.Show(world);
        return holds(_view);
    }

    /// <summary>Of each place in the story whether the formula holds of the behaviour from there on.</summary>
    private bool[] Holding(Formula formula)
    {
        var places = _story.Steps.Count; // the last world is the first of the cycle again
        switch (formula)
        {
            case Formula.Now now:
                return [.. Enumerable.Range(0, places).Select(place => Look(now.Holds, _worlds[place]))];
            case Formula.Not not:
                return [.. Holding(not.Of).Select(holds => !holds)];
            case Formula.And and:
                return [.. Holding(and.Left).Zip(Holding(and.Right), (left, right) => left && right)];
            case Formula.Or or:
                return [.. Holding(or.Left).Zip(Holding(or.Right), (left, right) => left || right)];
            case Formula.Always always:
                return [.. InTheEnd(Holding(new Formula.Not(always.Of))).Select(breaks => !breaks)];
            case Formula.Eventually eventually:
                return InTheEnd(Holding(eventually.Of));
            default:
                throw new NotSupportedException($"{formula.GetType().Name} is no part of formulas.");
        }
    }

    private bool[] InTheEnd(bool[] now)
    {
        var cycle = _story.LoopsTo!.Value;
        var holds = (bool[])now.Clone();
        Array.Fill(holds, now.Skip(cycle).Contains(true), cycle, now.Length - cycle);
        for (var place = cycle - 1; place >= 0; place--)
        {
            holds[place] |= holds[place + 1];
        }

        return holds;
    }

    /// <summary>
    /// An action that the cycle may not pass over and does; null if the cycle is fair. It looks at worlds with their real numbers:
    /// where the cycle closes modulo a shift only, a message with a number is another one the next time, and none stays for ever.
    /// </summary>
    private object? Unfair(Seq<Fairness> fairness)
    {
        var successors = new Successors(_space);
        var cycle = _worlds.Skip(_story.LoopsTo!.Value).ToList();
        var isShifted = !cycle[0].AsSpan().SequenceEqual(cycle[^1]);
        var places = cycle.SkipLast(1).Zip(cycle.Skip(1), (world, next) => StepsOf(world, next, successors)).ToList();
        foreach (var demand in fairness)
        {
            object? ActionOf((int Label, bool Moves, bool IsTaken) step) =>
                step.Moves && !(isShifted && _space.IsNumbered(step.Label, demand)) ? demand.ActionOf(_space.LabelOf(step.Label)) : null;
            var enabled = places.Select(steps => steps.Select(ActionOf).OfType<object>().ToHashSet()).ToList();
            var taken = places.SelectMany(steps => steps.Where(step => step.IsTaken).Select(ActionOf)).OfType<object>().ToHashSet();
            var passed = enabled.SelectMany(actions => actions).Distinct().Where(action => !taken.Contains(action));
            if (passed.FirstOrDefault(action => demand.IsStrong || enabled.TrueForAll(actions => actions.Contains(action))) is { } unfair)
            {
                return unfair;
            }
        }

        return null;
    }

    /// <summary>The steps out of a world: what they are called, whether they change it, whether they lead to the next one.</summary>
    private List<(int Label, bool Moves, bool IsTaken)> StepsOf(int[] world, int[] next, Successors successors)
    {
        successors.From(world, Successors.Of(_space, world));
        _space.Steps(world, successors, learn: true);
        var steps = new List<(int, bool, bool)>();
        for (var step = 0; step < successors.Count; step++)
        {
            if (!successors.HasFailedAt(step))
            {
                var target = successors.Build(step);
                steps.Add((successors.LabelAt(step), !target.SequenceEqual(world), target.SequenceEqual(next)));
            }
        }

        return steps;
    }
}
