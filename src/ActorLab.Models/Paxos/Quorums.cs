using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>The quorums of some acceptors: the constant Quorum of the originals.</summary>
internal static class Quorums
{
    /// <summary>Sets their size.</summary>
    public static readonly ScenarioParameter Parameter = new(
        "quorum", "how many acceptors are a quorum, more than half of them; 0 for just more than half", 0, 0, 5);

    /// <summary>All sets of a size.</summary>
    /// <param name="acceptors">Who they are.</param>
    /// <param name="size">Of a quorum, or 0 for the least that is more than half.</param>
    /// <param name="mayMiss">Two quorums need not have an acceptor in common: the originals' assumption does not hold.</param>
    /// <exception cref="FormatException">There is no such quorum.</exception>
    public static IReadOnlyList<int[]> Of(int[] acceptors, int size = 0, bool mayMiss = false)
    {
        size = size == 0 ? (acceptors.Length / 2) + 1 : size;
        if (size > acceptors.Length)
        {
            throw new FormatException($"quorum={size} is more than the {acceptors.Length} acceptors that there are.");
        }

        if (2 * size <= acceptors.Length && !mayMiss)
        {
            throw new FormatException(
                $"quorum={size} of {acceptors.Length} acceptors is too small: two quorums must have an acceptor in common, "
                + $"so choose {(acceptors.Length / 2) + 1} to {acceptors.Length}.");
        }

        return [.. Enumerable.Range(0, 1 << acceptors.Length)
            .Select(bits => acceptors.Where((_, i) => (bits >> i & 1) == 1).ToArray())
            .Where(set => set.Length == size)];
    }
}
