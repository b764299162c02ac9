using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>What the text of a fault says of links: simulator and nodes write them as <c>n1&gt;n2</c>.</summary>
internal static class FaultText
{
    private static readonly char[] Between = [' ', ',', '{', '}', '[', ']', '(', ')'];

    /// <summary>
    /// The links that carry nothing from here on, or now and then nothing where they flap; null where the fault leaves them as
    /// they are.
    /// </summary>
    /// <exception cref="FormatException">It names what is no link.</exception>
    public static Set<Link>? CutsOf(string text) =>
        Begins(text, "cut") || Begins(text, "flap")
            ? text.Split(Between).Where(word => word.Contains('>', StringComparison.Ordinal)).Select(Link.Parse).ToSet()
        : Begins(text, "no cut") || Begins(text, "heal") ? Set<Link>.Empty
        : null;

    private static bool Begins(string text, string word) => text.StartsWith(word, StringComparison.OrdinalIgnoreCase);
}
