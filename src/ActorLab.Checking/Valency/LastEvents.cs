using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// Lemma 3 of Fischer, Lynch and Paterson, for every bivalent world C and every event e applicable in it: whether e(E) has a
/// bivalent world, with E the worlds that can be reached from C without applying e.
/// </summary>
/// <remarks>
/// E goes by steps with other labels. A step after which e is not applicable any more made its receiver ignore it: then e
/// changes nothing and counts as applied. A step whose world was shifted to a normal form renames events, so that no claim
/// goes across it.
/// </remarks>
internal sealed class LastEvents
{
    private readonly StateGraph _graph;
    private readonly StepsInto _stepsInto;
    private readonly ReachableDecisions _decisions;
    private readonly Distances _distances;
    private readonly List<int>[] _worldsOf;

    /// <summary>Of a world the last event looked at that is applicable in it, plus one.</summary>
    private readonly int[] _applicable;

    /// <summary>Of a world the last event looked at that leads to a bivalent world from E, plus one.</summary>
    private readonly int[] _found;

    /// <summary>Of a world the last event looked at of which not all of E is known, plus one.</summary>
    private readonly int[] _hidden;

    private (int World, int Event)? _example;
    private (int World, int Event)? _missing;

    public LastEvents(StateGraph graph, StepsInto stepsInto, ReachableDecisions decisions, Distances distances)
    {
        _graph = graph;
        _stepsInto = stepsInto;
        _decisions = decisions;
        _distances = distances;
        (_applicable, _found, _hidden) = (new int[graph.Count], new int[graph.Count], new int[graph.Count]);
        _worldsOf = [.. Enumerable.Range(0, graph.Labels).Select(_ => new List<int>())];
        for (var world = 0; world < graph.Count; world++)
        {
            foreach (var label in LabelsOf(world).Distinct())
            {
                _worldsOf[label].Add(world);
            }
        }
    }

    /// <param name="tell">Tells a path.</param>
    public Lemma3 Judge(Func<List<int>, Story> tell)
    {
        var (pairs, found, unknown) = (0L, 0L, 0L);
        for (var label = 0; label < _worldsOf.Length; label++)
        {
            if (_worldsOf[label].Count == 0)
            {
                continue;
            }

            _graph.Cancellation.ThrowIfCancellationRequested();
            var mark = label + 1;
            _worldsOf[label].ForEach(world => _applicable[world] = mark);
            Close(label, _found, LeadsToBivalence);
            Close(label, _hidden, IsHidden);
            foreach (var world in _worldsOf[label].Where(_decisions.IsBivalent))
            {
                pairs++;
                found += _found[world] == mark ? 1 : 0;
                unknown += _found[world] != mark && _hidden[world] == mark ? 1 : 0;
                Remember(world, label);
            }
        }

        return new Lemma3(pairs, found, unknown, TellExample(tell), TellMissing(tell));
    }

    private IEnumerable<int> LabelsOf(int world)
    {
        var labels = new List<int>(_graph.ExcludedFrom(world).ToArray());
        for (var (edge, last) = _graph.EdgesOf(world); edge < last; edge++)
        {
            labels.Add(_graph[edge].Label);
        }

        return labels;
    }

    /// <summary>Marks the worlds of an event from which a world like this can be reached within E.</summary>
    private void Close(int label, int[] marks, Func<int, int, bool> isLike)
    {
        var queue = new Queue<int>();
        foreach (var world in _worldsOf[label].Where(world => isLike(world, label)))
        {
            marks[world] = label + 1;
            queue.Enqueue(world);
        }

        while (queue.TryDequeue(out var world))
        {
            var before = _stepsInto.WorldsBefore(world);
            var edges = _stepsInto.EdgesInto(world);
            for (var i = 0; i < before.Length; i++)
            {
                if (marks[before[i]] != label + 1 && _applicable[before[i]] == label + 1 && IsWithout(_graph[edges[i]], label))
                {
                    marks[before[i]] = label + 1;
                    queue.Enqueue(before[i]);
                }
            }
        }
    }

    private bool IsWithout(Edge edge, int label) => edge.Label != label && !Renames(edge, label);

    /// <summary>Whether the label may mean another event after a step: the name of a timer has no number to shift.</summary>
    private bool Renames(Edge edge, int label) => edge.IsShifted && _graph.LabelOf(label).Kind != StepKind.Expire;

    /// <summary>Whether applying the event here, or having it ignored by a step from here, leads to a bivalent world.</summary>
    private bool LeadsToBivalence(int world, int label)
    {
        for (var (edge, last) = _graph.EdgesOf(world); edge < last; edge++)
        {
            if (Applies(_graph[edge], label) && _decisions.IsBivalent(_graph[edge].Target))
            {
                return true;
            }
        }

        return false;
    }

    private bool Applies(Edge edge, int label) =>
        edge.Label == label || (!Renames(edge, label) && _applicable[edge.Target] != label + 1);

    private bool IsHidden(int world, int label)
    {
        for (var (edge, last) = _graph.EdgesOf(world); edge < last; edge++)
        {
            if (Renames(_graph[edge], label) && _graph[edge].Label != label)
            {
                return true;
            }
        }

        return !_graph.ExcludedFrom(world).IsEmpty;
    }

    private void Remember(int world, int label)
    {
        bool IsNearer((int World, int Event)? known) =>
            known is null || _distances.RankOf(world) < _distances.RankOf(known.Value.World);
        if (_found[world] == label + 1)
        {
            if (!LeadsToBivalence(world, label) && IsNearer(_example))
            {
                _example = (world, label);
            }
        }
        else if (_hidden[world] != label + 1 && IsNearer(_missing))
        {
            _missing = (world, label);
        }
    }

    private LastEvent? TellExample(Func<List<int>, Story> tell)
    {
        if (_example is not var (from, label))
        {
            return null;
        }

        _worldsOf[label].ForEach(world => _applicable[world] = label + 1);
        var (way, end) = _distances.WayOn(
            from, edge => IsWithout(edge, label) && _applicable[edge.Target] == label + 1,
            world => LeadsToBivalence(world, label))!.Value;
        var (last, stop) = _graph.EdgesOf(end);
        while (last < stop && !(Applies(_graph[last], label) && _decisions.IsBivalent(_graph[last].Target)))
        {
            last++;
        }

        var path = _distances.PathTo(from);
        return new LastEvent(TextOf(label), tell([.. path, .. way, _graph[last].Ordinal]), path.Count - 1);
    }

    private LastEventMissing? TellMissing(Func<List<int>, Story> tell)
    {
        if (_missing is not var (from, label))
        {
            return null;
        }

        _worldsOf[label].ForEach(world => _applicable[world] = label + 1);
        (Edge Step, int One, int Other)? neighbours = null;
        var way = _distances.WayOn(
            from, edge => IsWithout(edge, label) && _applicable[edge.Target] == label + 1,
            world => (neighbours = Neighbours(world, label)) is not null);
        var path = _distances.PathTo(from);
        return new LastEventMissing(
            TextOf(label), tell([.. path, .. way?.Path ?? []]), path.Count - 1,
            neighbours is { } found ? TextOf(found.Step.Label) : "",
            neighbours is { } one ? _decisions.NameOf(one.One) : "",
            neighbours is { } other ? _decisions.NameOf(other.Other) : "",
            neighbours is { } step && _graph.LabelOf(step.Step.Label).Process == _graph.LabelOf(label).Process);
    }

    /// <summary>A step out of a world such that the event leads to opposed worlds before and after it.</summary>
    private (Edge Step, int One, int Other)? Neighbours(int world, int label)
    {
        for (var (edge, last) = _graph.EdgesOf(world); edge < last; edge++)
        {
            var step = _graph[edge];
            if (!IsWithout(step, label))
            {
                continue;
            }

            var after = _applicable[step.Target] == label + 1 ? TargetsOf(step.Target, label) : [step.Target];
            foreach (var one in TargetsOf(world, label))
            {
                if (after.Where(other => _decisions.AreOpposed(one, other)).Select(other => (int?)other).FirstOrDefault() is { } other)
                {
                    return (step, one, other);
                }
            }
        }

        return null;
    }

    private List<int> TargetsOf(int world, int label)
    {
        var targets = new List<int>();
        for (var (edge, last) = _graph.EdgesOf(world); edge < last; edge++)
        {
            if (_graph[edge].Label == label)
            {
                targets.Add(_graph[edge].Target);
            }
        }

        return targets;
    }

    private string TextOf(int label) => _graph.LabelOf(label) switch
    {
        { Kind: StepKind.Deliver, Detail: Input.Deliver deliver } step =>
            $"{step.Process} receives {Canonical.Text(deliver.Message)} from {deliver.Sender}",
        { Kind: StepKind.Operation, Detail: Input.Deliver deliver } step =>
            $"{step.Process} is asked for {Canonical.Text(deliver.Message)}",
        { Kind: StepKind.Expire } step => $"{step.Process}: timer {step.Name} expires",
        var step => step.ToString(),
    };
}
