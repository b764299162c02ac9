using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>The actions that fairness speaks of: which labels belong to each, and what a set of worlds says of them.</summary>
internal sealed class FairActions
{
    private readonly StateGraph _graph;
    private readonly int[][] _actionsOf;
    private readonly List<bool> _isStrong = [];
    private readonly int[] _enabledIn;
    private readonly int[] _lastSeen;
    private readonly bool[] _taken;

    public FairActions(StateGraph graph, Seq<Fairness> fairness)
    {
        _graph = graph;
        var numbers = new Dictionary<(int, object), int>();
        var used = new bool[graph.Labels];
        for (var world = 0; world < graph.Count; world++)
        {
            for (var (edge, last) = graph.EdgesOf(world); edge < last; edge++)
            {
                used[graph[edge].Label] = true;
            }

            foreach (var label in graph.ExcludedFrom(world))
            {
                used[label] = true;
            }
        }

        _actionsOf = new int[graph.Labels][];
        for (var label = 0; label < graph.Labels; label++)
        {
            var actions = new List<int>();
            for (var i = 0; i < fairness.Count && used[label]; i++)
            {
                if (fairness[i].ActionOf(graph.LabelOf(label)) is not { } action)
                {
                    continue;
                }

                if (!numbers.TryGetValue((i, action), out var number))
                {
                    number = numbers.Count;
                    numbers.Add((i, action), number);
                    _isStrong.Add(fairness[i].IsStrong);
                }

                actions.Add(number);
            }

            _actionsOf[label] = [.. actions];
        }

        _enabledIn = new int[_isStrong.Count];
        _lastSeen = new int[_isStrong.Count];
        _taken = new bool[_isStrong.Count];
    }

    /// <summary>How many actions there are.</summary>
    public int Count => _isStrong.Count;

    public bool IsStrong(int action) => _isStrong[action];

    /// <summary>The actions that a step counts for; none if it changes nothing.</summary>
    public ReadOnlySpan<int> Of(int world, Edge edge) => edge.Target == world ? [] : _actionsOf[edge.Label];

    /// <summary>Whether it is enabled; a step that the constraint excludes is.</summary>
    public bool IsEnabled(int action, int world)
    {
        foreach (var label in _graph.ExcludedFrom(world))
        {
            if (_actionsOf[label].Contains(action))
            {
                return true;
            }
        }

        for (var (edge, last) = _graph.EdgesOf(world); edge < last; edge++)
        {
            if (Of(world, _graph[edge]).Contains(action))
            {
                return true;
            }
        }

        return false;
    }

    public bool IsAnyEnabled(int world)
    {
        foreach (var label in _graph.ExcludedFrom(world))
        {
            if (_actionsOf[label].Length > 0)
            {
                return true;
            }
        }

        for (var (edge, last) = _graph.EdgesOf(world); edge < last; edge++)
        {
            if (!Of(world, _graph[edge]).IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a run through all states of a set, for ever, can be fair, and if not, which actions are in the way: for each
    /// of them, all these states enable it (weak) or some do (strong), and no step between them takes it.
    /// </summary>
    /// <param name="product">Whose states they are.</param>
    /// <param name="states">All states of the set.</param>
    /// <param name="setOf">Of each state of the product the set it is in.</param>
    /// <param name="set">The set.</param>
    public List<int> Unfair(Product product, ReadOnlySpan<int> states, int[] setOf, int set)
    {
        Look(product, states);
        Array.Clear(_taken);
        foreach (var state in Count > 0 ? states : [])
        {
            var cursor = 0;
            while (product.Next(state, ref cursor, out var next, out var edge))
            {
                if (edge.Ordinal >= 0 && setOf[next] == set)
                {
                    foreach (var action in Of(product.WorldOf(state), edge))
                    {
                        _taken[action] = true;
                    }
                }
            }
        }

        var count = states.Length;
        return [.. Enumerable.Range(0, Count).Where(action =>
            !_taken[action] && (_isStrong[action] ? _enabledIn[action] > 0 : _enabledIn[action] == count))];
    }

    /// <summary>The actions of which a fair run through all of some states must take a step, or visit a state without it.</summary>
    public List<int> AskedFor(Product product, ReadOnlySpan<int> states)
    {
        Look(product, states);
        return [.. Enumerable.Range(0, Count).Where(action => _enabledIn[action] > 0)];
    }

    /// <summary>Counts for each action the states that enable it.</summary>
    private void Look(Product product, ReadOnlySpan<int> states)
    {
        Array.Clear(_enabledIn);
        Array.Fill(_lastSeen, -1);
        for (var i = 0; i < states.Length && Count > 0; i++)
        {
            var world = product.WorldOf(states[i]);
            for (var (edge, last) = _graph.EdgesOf(world); edge < last; edge++)
            {
                See(Of(world, _graph[edge]), i);
            }

            foreach (var label in _graph.ExcludedFrom(world))
            {
                See(_actionsOf[label], i);
            }
        }
    }

    private void See(ReadOnlySpan<int> actions, int world)
    {
        foreach (var action in actions)
        {
            _enabledIn[action] += _lastSeen[action] == world ? 0 : 1;
            _lastSeen[action] = world;
        }
    }
}
