using System.Runtime.InteropServices;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// Builds a cycle within a fair, accepted, strongly connected set: it visits what each accepting set and each fair action asks
/// for, one after the other, each by the nearest way, unless it came by already.
/// </summary>
internal sealed class CycleBuilder
{
    private readonly Product _product;
    private readonly FairActions _actions;
    private readonly int[] _set;
    private readonly int _entry;
    private readonly List<(int State, Edge Edge)> _cycle = [];
    private int _at;

    /// <param name="product">The product.</param>
    /// <param name="actions">What fairness speaks of.</param>
    /// <param name="set">Of each state the set it is in.</param>
    /// <param name="entry">A state of the set: where the cycle begins and ends.</param>
    public CycleBuilder(Product product, FairActions actions, int[] set, int entry) =>
        (_product, _actions, _set, _entry, _at) = (product, actions, set, entry, entry);

    /// <summary>The ordinals of the steps of the cycle; -1 where the world just stays as it is.</summary>
    public List<int> Build()
    {
        foreach (var accepting in _product.Automaton.Accepting)
        {
            Visit(state => _product.IsIn(accepting, state), (_, _) => false);
        }

        var members = new List<int>();
        for (var state = 0; state < _set.Length; state++)
        {
            if (_set[state] == _set[_entry])
            {
                members.Add(state);
            }
        }

        foreach (var action in _actions.AskedFor(_product, CollectionsMarshal.AsSpan(members)))
        {
            Visit(
                state => !_actions.IsStrong(action) && !_actions.IsEnabled(action, _product.WorldOf(state)),
                (state, edge) => edge.Ordinal >= 0 && _actions.Takes(_product.WorldOf(state), edge, action));
        }

        if (_cycle.Count == 0)
        {
            var cursor = 0;
            while (_product.Next(_at, ref cursor, out var next, out var edge))
            {
                if (_set[next] == _set[_entry])
                {
                    _cycle.Add((_at, edge));
                    _at = next;
                    break;
                }
            }
        }

        Walk(state => state == _entry, (_, _) => false);
        List<int> ordinals = [.. _cycle.Select(step => step.Edge.Ordinal).Where(ordinal => ordinal >= 0)];
        return ordinals.Count == 0 ? [-1] : ordinals;
    }

    /// <summary>Walks to a state or over a step that is wanted, unless the cycle had one before.</summary>
    private void Visit(Func<int, bool> isState, Func<int, Edge, bool> isStep)
    {
        if (!isState(_at) && !_cycle.Any(step => isState(step.State) || isStep(step.State, step.Edge)))
        {
            Walk(isState, isStep);
        }
    }

    /// <summary>Walks on within the set to the nearest state, or over the nearest step, that is wanted.</summary>
    private void Walk(Func<int, bool> isState, Func<int, Edge, bool> isStep)
    {
        if (isState(_at))
        {
            return;
        }

        var origins = new Dictionary<int, (int From, Edge Edge)> { [_at] = (-1, default) };
        var queue = new Queue<int>([_at]);
        while (queue.TryDequeue(out var state))
        {
            var cursor = 0;
            while (_product.Next(state, ref cursor, out var next, out var edge))
            {
                if (_set[next] != _set[_entry])
                {
                    continue;
                }

                if (isStep(state, edge) || (isState(next) && !origins.ContainsKey(next)))
                {
                    Append(origins, state);
                    _cycle.Add((state, edge));
                    _at = next;
                    return;
                }

                if (origins.TryAdd(next, (state, edge)))
                {
                    queue.Enqueue(next);
                }
            }
        }

        throw new InvalidOperationException("A strongly connected set is not connected.");
    }

    private void Append(Dictionary<int, (int From, Edge Edge)> origins, int to)
    {
        var at = _cycle.Count;
        for (; origins[to].From >= 0; to = origins[to].From)
        {
            _cycle.Insert(at, (origins[to].From, origins[to].Edge));
        }
    }
}
