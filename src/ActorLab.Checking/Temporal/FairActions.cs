using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>The actions that fairness speaks of: which labels belong to each, and what a set of worlds says of them.</summary>
/// <remarks>
/// Where worlds are shifted to a normal form, the name of a message with a number means another message after each shift. What
/// is left in flight keeps its real number, which none can get below: so a run that is shifted again and again has taken
/// every such message out, and is fair to each.
/// </remarks>
internal sealed class FairActions
{
    private readonly StateGraph _graph;
    private readonly int[][] _actionsOf;
    private readonly List<bool> _isStrong = [];
    private readonly List<bool> _isNumbered = [];
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
                    _isNumbered.Add(graph.IsNumbered(label, fairness[i]));
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

    /// <summary>The actions that a step counts for; none if it changes nothing. To the same world by a shift is a change.</summary>
    public ReadOnlySpan<int> Of(int world, Edge edge) => edge.Target == world && !edge.IsShifted ? [] : _actionsOf[edge.Label];

    /// <summary>Whether a cycle through a step is fair to an action: it takes it, or in the end all messages of its kind.</summary>
    public bool Takes(int world, Edge edge, int action) =>
        (edge.IsShifted && _isNumbered[action]) || Of(world, edge).Contains(action);

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
        var isShifted = false;
        foreach (var state in Count > 0 ? states : [])
        {
            var cursor = 0;
            while (product.Next(state, ref cursor, out var next, out var edge))
            {
                if (edge.Ordinal >= 0 && setOf[next] == set)
                {
                    isShifted |= edge.IsShifted;
                    foreach (var action in Of(product.WorldOf(state), edge))
                    {
                        _taken[action] = true;
                    }
                }
            }
        }

        var count = states.Length;
        return [.. Enumerable.Range(0, Count).Where(action =>
            !_taken[action] && !(isShifted && _isNumbered[action])
            && (_isStrong[action] ? _enabledIn[action] > 0 : _enabledIn[action] == count))];
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
