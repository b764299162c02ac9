using System.Text.RegularExpressions;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>What the text of a fault says of links: simulator and nodes write them as <c>n1&gt;n2</c>.</summary>
internal static partial class FaultText
{
    /// <summary>
    /// The links that carry nothing from here on, or nothing by turns; null where the fault leaves them as they are.
    /// </summary>
    public static Set<Link>? CutsOf(string text) =>
        text.StartsWith("cut", StringComparison.OrdinalIgnoreCase) || text.StartsWith("flap", StringComparison.OrdinalIgnoreCase)
            ? Arrow().Matches(text)
                .Select(match => new Link(new NodeId(match.Groups[1].Value), new NodeId(match.Groups[2].Value))).ToSet()
        : text.StartsWith("no cut", StringComparison.Ordinal) || text.StartsWith("heal", StringComparison.OrdinalIgnoreCase)
            ? Set<Link>.Empty
        : null;

    [GeneratedRegex(@"([A-Za-z0-9_.-]+)>([A-Za-z0-9_.-]+)")]
    private static partial Regex Arrow();
}
