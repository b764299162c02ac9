namespace ActorLab.Checking.Kernel;

/// <summary>All orders of some items.</summary>
internal static class Permutations
{
    /// <summary>How many there are; <see cref="int.MaxValue"/> where that is too many to count.</summary>
    public static int Count(int items)
    {
        var count = 1L;
        for (var i = 2; i <= items && count < int.MaxValue; i++)
        {
            count *= i;
        }

        return (int)Math.Min(count, int.MaxValue);
    }

    /// <summary>
    /// Of the orders of so many items in lexicographic order, the numbers of those that exchange two neighbours: all others are
    /// made of them.
    /// </summary>
    public static IEnumerable<int> OfNeighbours(int items) =>
        Enumerable.Range(1, Math.Max(0, items - 1)).Select(Count).Reverse();

    /// <summary>In lexicographic order of positions, the identity first; one empty order of no items.</summary>
    public static IEnumerable<T[]> Of<T>(T[] items)
    {
        if (items.Length <= 1)
        {
            yield return items;
            yield break;
        }

        for (var first = 0; first < items.Length; first++)
        {
            foreach (var rest in Of(items.Where((_, i) => i != first).ToArray()))
            {
                yield return [items[first], .. rest];
            }
        }
    }
}
