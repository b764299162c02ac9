namespace ActorLab.Models;

/// <summary>The majorities of some acceptors.</summary>
internal static class Quorums
{
    /// <summary>The smallest sets that are more than half.</summary>
    public static IReadOnlyList<int[]> Of(int[] acceptors)
    {
        var size = (acceptors.Length / 2) + 1;
        return [.. Enumerable.Range(0, 1 << acceptors.Length)
            .Select(bits => acceptors.Where((_, i) => (bits >> i & 1) == 1).ToArray())
            .Where(set => set.Length == size)];
    }
}
