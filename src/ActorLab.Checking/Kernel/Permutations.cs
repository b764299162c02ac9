namespace ActorLab.Checking.Kernel;

/// <summary>All orders of some items.</summary>
internal static class Permutations
{
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
