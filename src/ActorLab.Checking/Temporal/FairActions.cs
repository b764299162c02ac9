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

    /// <summary>
    /// Whether a run through all of some states, for ever, can be fair, and if not, which actions are in the way: for each
    /// of them, all these states enable it (weak) or some do (strong), and no step between them takes it.
    /// </summary>
    /// <param name="worlds">The worlds of the states.</param>
    /// <param name="taken">Tells of the steps between the states: the world before and the edge.</param>
    public List<int> Unfair(IReadOnlyList<int> worlds, IEnumerable<(int World, Edge Edge)> taken)
    {
        Array.Clear(_enabledIn);
        Array.Clear(_taken);
        Array.Fill(_lastSeen, -1);
        for (var i = 0; i < worlds.Count && Count > 0; i++)
        {
            for (var (edge, last) = _graph.EdgesOf(worlds[i]); edge < last; edge++)
            {
                See(Of(worlds[i], _graph[edge]), i);
            }

            foreach (var label in _graph.ExcludedFrom(worlds[i]))
            {
                See(_actionsOf[label], i);
            }
        }

        foreach (var (world, edge) in Count > 0 ? taken : [])
        {
            foreach (var action in Of(world, edge))
            {
                _taken[action] = true;
            }
        }

        return [.. Enumerable.Range(0, Count).Where(action =>
            !_taken[action] && (_isStrong[action] ? _enabledIn[action] > 0 : _enabledIn[action] == worlds.Count))];
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
