namespace ActorLab.Checking.Kernel;

/// <summary>Strongly connected components by Tarjan's algorithm (1972), without recursion.</summary>
internal static class Components
{
    /// <param name="states">The states to look at.</param>
    /// <param name="next">The states that follow one.</param>
    /// <param name="setOf">Of each state the set that it is in: those elsewhere do not count.</param>
    /// <param name="set">The set that counts.</param>
    public static IEnumerable<List<int>> Of(List<int> states, Func<int, IEnumerable<int>> next, int[] setOf, int set)
    {
        var found = new List<List<int>>();
        var order = new Dictionary<int, (int Index, int Low)>();
        var open = new Stack<int>();
        var isOpen = new HashSet<int>();
        var path = new Stack<(int State, IEnumerator<int> Next)>();
        void Enter(int state)
        {
            order[state] = (order.Count, order.Count);
            open.Push(state);
            isOpen.Add(state);
            path.Push((state, next(state).GetEnumerator()));
        }

        foreach (var root in states.Where(root => !order.ContainsKey(root)))
        {
            Enter(root);
            while (path.TryPeek(out var top))
            {
                if (top.Next.MoveNext())
                {
                    var other = top.Next.Current;
                    if (setOf[other] != set)
                    {
                        continue;
                    }

                    if (!order.TryGetValue(other, out var known))
                    {
                        Enter(other);
                    }
                    else if (isOpen.Contains(other))
                    {
                        Lower(order, top.State, known.Index);
                    }

                    continue;
                }

                path.Pop().Next.Dispose();
                if (path.TryPeek(out var below))
                {
                    Lower(order, below.State, order[top.State].Low);
                }

                if (order[top.State].Low == order[top.State].Index)
                {
                    found.Add(Close(top.State, open, isOpen));
                }
            }
        }

        return found;
    }

    private static void Lower(Dictionary<int, (int Index, int Low)> order, int state, int low)
    {
        var (index, known) = order[state];
        order[state] = (index, Math.Min(known, low));
    }

    private static List<int> Close(int root, Stack<int> open, HashSet<int> isOpen)
    {
        var component = new List<int>();
        int state;
        do
        {
            state = open.Pop();
            isOpen.Remove(state);
            component.Add(state);
        }
        while (state != root);
        return component;
    }
}
