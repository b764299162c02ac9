namespace ActorLab.Checking.Kernel;

/// <summary>Takes a strongly connected component.</summary>
/// <param name="states">Its states; valid until the call returns.</param>
internal delegate void ComponentVisitor(ReadOnlySpan<int> states);

/// <summary>Strongly connected components by Tarjan's algorithm (1972), without recursion and in flat arrays.</summary>
internal sealed class Components(Product product)
{
    private const int Closed = int.MaxValue;

    /// <summary>When each state was entered, from 1; 0 before.</summary>
    private readonly int[] _index = new int[product.Count];
    private readonly int[] _low = new int[product.Count];
    private int[] _open = new int[1024];
    private int _opened;
    private (int State, int Cursor)[] _path = new (int, int)[1024];
    private int _depth;
    private int _entered;

    /// <summary>Finds the components among some states.</summary>
    /// <param name="states">The states.</param>
    /// <param name="setOf">Of each state of the product the set that it is in.</param>
    /// <param name="set">The set of these states: others do not count.</param>
    /// <param name="visit">May move the states of its component to other sets.</param>
    public void Visit(ReadOnlySpan<int> states, int[] setOf, int set, ComponentVisitor visit)
    {
        foreach (var state in states)
        {
            _index[state] = 0;
        }

        _entered = 0;
        foreach (var root in states)
        {
            if (_index[root] == 0)
            {
                Enter(root);
                Search(setOf, set, visit);
            }
        }
    }

    private void Search(int[] setOf, int set, ComponentVisitor visit)
    {
        while (_depth > 0)
        {
            ref var top = ref _path[_depth - 1];
            var state = top.State;
            if (product.Next(state, ref top.Cursor, out var next, out _))
            {
                if (_index[next] == 0 && setOf[next] == set)
                {
                    Enter(next);
                }
                else if (setOf[next] == set && _low[next] != Closed)
                {
                    _low[state] = Math.Min(_low[state], _index[next]);
                }

                continue;
            }

            _depth--;
            if (_depth > 0)
            {
                var below = _path[_depth - 1].State;
                _low[below] = Math.Min(_low[below], _low[state]);
            }

            if (_low[state] == _index[state])
            {
                Close(state, visit);
            }
        }
    }

    private void Enter(int state)
    {
        _index[state] = _low[state] = ++_entered;
        if (_entered % 1024 == 0)
        {
            product.Cancellation.ThrowIfCancellationRequested();
        }

        if (_opened == _open.Length)
        {
            Array.Resize(ref _open, _opened * 2);
        }

        if (_depth == _path.Length)
        {
            Array.Resize(ref _path, _depth * 2);
        }

        _open[_opened++] = state;
        _path[_depth++] = (state, 0);
    }

    private void Close(int root, ComponentVisitor visit)
    {
        var first = _opened;
        do
        {
            _low[_open[--first]] = Closed;
        }
        while (_open[first] != root);
        var component = _open.AsSpan(first, _opened - first);
        _opened = first;
        visit(component);
    }
}
