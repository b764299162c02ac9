namespace ActorLab.Lab;

/// <summary>An order of events in which causes come before effects, else by time.</summary>
/// <param name="count">How many events there are.</param>
/// <param name="rank">Which of two that may both come next does.</param>
internal sealed class CausalOrder(int count, Func<int, (long At, int Ring, long Index)> rank)
{
    private readonly List<int>?[] _effects = new List<int>?[count];
    private readonly int[] _waitsFor = new int[count];

    public void Add(int cause, int effect)
    {
        (_effects[cause] ??= []).Add(effect);
        _waitsFor[effect]++;
    }

    /// <param name="isKept">Whether all causes come before their effects; not so where they form a circle.</param>
    public List<int> Sorted(out bool isKept)
    {
        var ready = new PriorityQueue<int, (long, int, long)>();
        var rest = new PriorityQueue<int, (long, int, long)>();
        var isDone = new bool[count];
        for (var place = 0; place < count; place++)
        {
            (_waitsFor[place] == 0 ? ready : rest).Enqueue(place, rank(place));
        }

        var sorted = new List<int>(count);
        isKept = true;
        while (sorted.Count < count)
        {
            if (!ready.TryDequeue(out var next, out _))
            {
                next = rest.Dequeue();
                isKept &= isDone[next];
            }

            if (isDone[next])
            {
                continue;
            }

            isDone[next] = true;
            sorted.Add(next);
            foreach (var effect in _effects[next] ?? [])
            {
                if (--_waitsFor[effect] == 0)
                {
                    ready.Enqueue(effect, rank(effect));
                }
            }
        }

        return sorted;
    }
}
