using System.Collections;
using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>A behaviour that goes on for ever.</summary>
/// <param name="Start">The ordinal of its start.</param>
/// <param name="Stem">The ordinals of the steps before the cycle.</param>
/// <param name="Cycle">Those of the steps of the cycle; -1 where the world just stays as it is.</param>
internal sealed record Lasso(int Start, IReadOnlyList<int> Stem, IReadOnlyList<int> Cycle);

/// <summary>
/// Finds a fair behaviour that breaks a formula: in the product of the graph with an automaton for the negation, a strongly
/// connected set that the automaton accepts and that a fair run can stay in. Strong fairness by removing the states that
/// enable what is never taken, and looking again (Emerson and Lei 1987). A world may always stay as it is: stuttering.
/// </summary>
internal sealed class LassoFinder
{
    private readonly StateGraph _graph;
    private readonly Automaton _automaton;
    private readonly FairActions _actions;
    private readonly BitArray[] _worldsOf;
    private readonly int[][] _after;
    private readonly int _width;

    /// <summary>Of each state of the product the number of the set it is looked for in; 0 for none.</summary>
    private readonly int[] _set;
    private int _sets;

    private LassoFinder(StateGraph graph, Formula formula, Seq<Fairness> fairness)
    {
        _graph = graph;
        _automaton = new Automaton(new Formula.Not(formula));
        _width = _automaton.Count;
        _actions = new FairActions(graph, fairness);
        _worldsOf = _automaton.WorldsOf(graph);
        _after = [.. Enumerable.Range(0, _width).Select(_automaton.After)];
        _set = new int[checked(graph.Count * Math.Max(1, _width))];
    }

    /// <summary>A shortest way into a fair cycle that breaks the formula; null if it holds of every fair behaviour.</summary>
    /// <exception cref="NotSupportedException">The formula cannot be checked.</exception>
    public static Lasso? Find(StateGraph graph, Formula formula, Seq<Fairness> fairness) =>
        new LassoFinder(graph, formula, fairness).Find();

    private Lasso? Find()
    {
        var reached = Reach(out var origins);
        var whole = NewSet(reached);
        var good = new HashSet<int>();
        var todo = new Stack<(int Set, List<int> States)>([(whole, reached)]);
        while (todo.TryPop(out var part))
        {
            foreach (var component in Components.Of(part.States, state => Next(state).Select(next => next.State), _set, part.Set))
            {
                var set = NewSet(component);
                switch (Judge(component, set))
                {
                    case { Count: 0 }:
                        good.Add(set);
                        break;
                    case { } unfair when unfair.All(_actions.IsStrong):
                        var rest = component.Where(state =>
                            !unfair.Any(action => _actions.IsEnabled(action, state / _width))).ToList();
                        todo.Push((NewSet(rest), rest));
                        break;
                }
            }
        }

        var entry = reached.FindIndex(state => good.Contains(_set[state]));
        return entry < 0 ? null : Tell(reached[entry], origins);
    }

    /// <summary>All states of the product that can be reached, nearest first.</summary>
    private List<int> Reach(out Dictionary<int, (int From, int Ordinal)> origins)
    {
        var reached = new List<int>();
        var known = new Dictionary<int, (int From, int Ordinal)>();
        void Add(int state, int from, int ordinal)
        {
            if (known.TryAdd(state, (from, ordinal)))
            {
                reached.Add(state);
            }
        }

        foreach (var (world, ordinal) in _graph.Starts)
        {
            foreach (var state in _automaton.Initial().Where(state => _worldsOf[state][world]))
            {
                Add((world * _width) + state, -1, ordinal);
            }
        }

        for (var i = 0; i < reached.Count; i++)
        {
            foreach (var (next, ordinal, _) in Next(reached[i]))
            {
                Add(next, reached[i], ordinal);
            }
        }

        origins = known;
        return reached;
    }

    /// <summary>The states that may follow: by a step, or by stuttering (ordinal -1).</summary>
    private IEnumerable<(int State, int Ordinal, Edge Edge)> Next(int state)
    {
        var (world, at) = (state / _width, state % _width);
        for (var (edge, last) = _graph.EdgesOf(world); edge <= last; edge++)
        {
            var step = edge < last ? _graph[edge] : new Edge(world, -1, -1);
            foreach (var next in _after[at])
            {
                if (_worldsOf[next][step.Target])
                {
                    yield return ((step.Target * _width) + next, step.Ordinal, step);
                }
            }
        }
    }

    private int NewSet(List<int> states)
    {
        _sets++;
        foreach (var state in states)
        {
            _set[state] = _sets;
        }

        return _sets;
    }

    /// <summary>The actions that keep a run within a component from being fair; null if nothing can be made of it.</summary>
    private List<int>? Judge(List<int> component, int set)
    {
        var isCycle = component.Count > 1 || Next(component[0]).Any(next => next.State == component[0]);
        if (!isCycle || !_automaton.Accepting.All(accepting => component.Any(state => accepting[state % _width])))
        {
            return null;
        }

        var worlds = component.Select(state => state / _width).Distinct().ToList();
        return _actions.Unfair(worlds, Inner(component, set));
    }

    private IEnumerable<(int World, Edge Edge)> Inner(List<int> component, int set) =>
        from state in component
        from next in Next(state)
        where next.Ordinal >= 0 && _set[next.State] == set
        select (state / _width, next.Edge);

    private Lasso Tell(int entry, Dictionary<int, (int From, int Ordinal)> origins)
    {
        var stem = new List<int>();
        var state = entry;
        for (; origins[state].From >= 0; state = origins[state].From)
        {
            stem.Add(origins[state].Ordinal);
        }

        stem.Reverse();
        return new Lasso(origins[state].Ordinal, stem, Cycle(entry));
    }

    /// <summary>A cycle that visits what each accepting set and each fair action asks for, one after the other.</summary>
    private List<int> Cycle(int entry)
    {
        var set = _set[entry];
        var cycle = new List<int>();
        var at = entry;
        foreach (var isVisit in _automaton.Accepting.Select(accepting => (Func<int, bool>)(state => accepting[state % _width])))
        {
            at = Walk(at, set, cycle, isVisit, (_, _) => false);
        }

        for (var action = 0; action < _actions.Count; action++)
        {
            var wanted = action;
            if (_actions.IsStrong(action) && !IsEnabledSomewhere(action, set))
            {
                continue;
            }

            at = Walk(
                at, set, cycle,
                state => !_actions.IsStrong(wanted) && !_actions.IsEnabled(wanted, state / _width),
                (world, edge) => _actions.Of(world, edge).Contains(wanted));
        }

        if (cycle.Count == 0)
        {
            var (next, ordinal, _) = Next(at).First(next => _set[next.State] == set);
            cycle.Add(ordinal);
            at = next;
        }

        Walk(at, set, cycle, state => state == entry, (_, _) => false);
        return cycle.All(ordinal => ordinal < 0) ? [-1] : cycle;
    }

    private bool IsEnabledSomewhere(int action, int set)
    {
        for (var state = 0; state < _set.Length; state++)
        {
            if (_set[state] == set && _actions.IsEnabled(action, state / _width))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Walks on within a set to the nearest state, or over the nearest step, that is wanted.</summary>
    private int Walk(int from, int set, List<int> path, Func<int, bool> isVisit, Func<int, Edge, bool> isStep)
    {
        if (isVisit(from))
        {
            return from;
        }

        var origins = new Dictionary<int, (int From, int Ordinal)> { [from] = (-1, -1) };
        var queue = new Queue<int>([from]);
        while (queue.TryDequeue(out var state))
        {
            foreach (var (next, ordinal, edge) in Next(state))
            {
                if (_set[next] != set)
                {
                    continue;
                }

                if (isStep(state / _width, edge) || (isVisit(next) && !origins.ContainsKey(next)))
                {
                    Append(path, origins, state);
                    path.Add(ordinal);
                    return next;
                }

                if (origins.TryAdd(next, (state, ordinal)))
                {
                    queue.Enqueue(next);
                }
            }
        }

        throw new InvalidOperationException("A strongly connected set is not connected.");
    }

    private static void Append(List<int> path, Dictionary<int, (int From, int Ordinal)> origins, int to)
    {
        var part = new List<int>();
        for (; origins[to].From >= 0; to = origins[to].From)
        {
            part.Add(origins[to].Ordinal);
        }

        part.Reverse();
        path.AddRange(part);
    }
}
