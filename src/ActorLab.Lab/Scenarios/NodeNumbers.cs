using System.Globalization;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>Nodes as a parameter of a scenario says them: the digits of their numbers, 135 for n1, n3 and n5.</summary>
internal static class NodeNumbers
{
    /// <exception cref="FormatException">It names none, or one twice: a sentence.</exception>
    public static Set<NodeId> Read(string parameter, int digits)
    {
        var text = digits.ToString(CultureInfo.InvariantCulture);
        return digits < 1
                ? throw new FormatException($"{parameter}={text} names no nodes: write their numbers, such as {parameter}=123 for n1, n2 and n3.")
            : text.GroupBy(digit => digit).FirstOrDefault(same => same.Count() > 1) is { } twice
                ? throw new FormatException($"{parameter}={text} names n{twice.Key} twice: write the number of each node once, such as {parameter}=123 for n1, n2 and n3.")
            : text.Select(digit => new NodeId($"n{digit}")).ToSet();
    }
}
