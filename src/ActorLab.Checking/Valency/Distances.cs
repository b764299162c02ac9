namespace ActorLab.Checking.Kernel;

/// <summary>A shortest way from a start to every world of a graph, and ways from world to world.</summary>
internal sealed class Distances
{
    private readonly StateGraph _graph;
    private readonly int[] _before;
    private readonly int[] _ordinal;
    private readonly int[] _rank;

    public Distances(StateGraph graph)
    {
        _graph = graph;
        _before = new int[graph.Count];
        _ordinal = new int[graph.Count];
        _rank = new int[graph.Count];
        Array.Fill(_rank, -1);
        var order = new List<int>(graph.Count);
        void Add(int world, int before, int ordinal)
        {
            if (_rank[world] < 0)
            {
                _rank[world] = order.Count;
                _before[world] = before;
                _ordinal[world] = ordinal;
                order.Add(world);
            }
        }

        foreach (var (world, ordinal) in graph.Starts)
        {
            Add(world, -1, ordinal);
        }

        for (var i = 0; i < order.Count; i++)
        {
            for (var (edge, last) = graph.EdgesOf(order[i]); edge < last; edge++)
            {
                Add(graph[edge].Target, order[i], graph[edge].Ordinal);
            }
        }
    }

    /// <summary>The place of a world in an order in which the nearest to a start come first.</summary>
    public int RankOf(int world) => _rank[world];

    /// <summary>The ordinal of a start, and those of the steps from there to a world.</summary>
    public List<int> PathTo(int world)
    {
        var path = new List<int>();
        for (; world >= 0; world = _before[world])
        {
            path.Add(_ordinal[world]);
        }

        path.Reverse();
        return path;
    }

    /// <summary>The nearest way on from a world to one that is wanted, by allowed steps.</summary>
    /// <param name="from">The world.</param>
    /// <param name="isAllowed">Whether a step may be taken.</param>
    /// <param name="isWanted">Whether a world is wanted; the first may be.</param>
    /// <returns>The ordinals of the steps, and the world; null if there is none.</returns>
    public (List<int> Path, int World)? WayOn(int from, Func<Edge, bool> isAllowed, Func<int, bool> isWanted)
    {
        var origins = new Dictionary<int, (int Before, int Ordinal)> { [from] = (-1, -1) };
        var queue = new Queue<int>([from]);
        while (queue.TryDequeue(out var world))
        {
            if (isWanted(world))
            {
                var path = new List<int>();
                for (var at = world; origins[at].Before >= 0; at = origins[at].Before)
                {
                    path.Add(origins[at].Ordinal);
                }

                path.Reverse();
                return (path, world);
            }

            for (var (edge, last) = _graph.EdgesOf(world); edge < last; edge++)
            {
                if (isAllowed(_graph[edge]) && origins.TryAdd(_graph[edge].Target, (world, _graph[edge].Ordinal)))
                {
                    queue.Enqueue(_graph[edge].Target);
                }
            }
        }

        return null;
    }
}
