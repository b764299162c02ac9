using System.Text;

namespace ActorLab.Simulation;

/// <summary>
/// FNV-1a, 64 bits, over UTF-8: the same in every process, which <see cref="string.GetHashCode()"/> is not.
/// </summary>
internal static class StableHash
{
    private const ulong OffsetBasis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static ulong Of(string text)
    {
        var hash = OffsetBasis;
        foreach (var one in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ one) * Prime;
        }

        return hash;
    }
}
