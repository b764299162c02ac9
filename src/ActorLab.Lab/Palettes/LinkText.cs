using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>How users write groups and directions.</summary>
public static class LinkText
{
    /// <summary>Reads <c>n1,n2|n3</c>.</summary>
    /// <exception cref="BadInput">An unknown node, a node in two groups or in none, or an empty group.</exception>
    public static Seq<Set<NodeId>> Groups(string text, Set<NodeId> nodes)
    {
        var groups = Seq<Set<NodeId>>.Empty;
        var seen = Set<NodeId>.Empty;
        foreach (var part in text.Split('|'))
        {
            var group = Set<NodeId>.Empty;
            foreach (var name in part.Split(','))
            {
                var node = Node(name, nodes);
                if (seen.Contains(node))
                {
                    throw new BadInput($"{node} stands in \"{SafeText.Shorten(text, 100)}\" twice; a node is in one group.");
                }

                seen = seen.Add(node);
                group = group.Add(node);
            }

            groups = groups.Add(group);
        }

        var leftOut = nodes.Where(node => !seen.Contains(node)).ToList();
        return leftOut.Count == 0
            ? groups
            : throw new BadInput($"split must name every node; left out: {string.Join(", ", leftOut)}.");
    }

    /// <summary>Reads <c>n1>n2,n3>n2</c>.</summary>
    /// <exception cref="BadInput">Another form, an unknown node, or a link from a node to itself.</exception>
    public static Set<Link> Links(string text, Set<NodeId> nodes)
    {
        var links = Set<Link>.Empty;
        foreach (var part in text.Split(','))
        {
            try
            {
                var link = Link.Parse(SafeText.Shorten(part.Replace(" ", "", StringComparison.Ordinal), 200));
                links = links.Add(new Link(Node(link.From.Name, nodes), Node(link.To.Name, nodes)));
            }
            catch (FormatException error)
            {
                throw new BadInput($"{error.Message} (A shell wants quotes round it.)");
            }
        }

        return links;
    }

    /// <summary>Reads <c>n1,n2</c>.</summary>
    /// <exception cref="BadInput">An unknown node.</exception>
    public static Seq<NodeId> Nodes(string text, Set<NodeId> nodes) =>
        [.. text.Split(',').Select(name => Node(name, nodes)).Distinct()];

    /// <summary>Directions drawn one by one from a seed.</summary>
    public static Set<Link> Random(Set<NodeId> nodes, long seed, double share)
    {
        var dice = new System.Random((int)(seed % int.MaxValue));
        return nodes.SelectMany(_ => nodes, (from, to) => new Link(from, to))
            .Where(link => link.From != link.To && dice.NextDouble() < share)
            .ToSet();
    }

    /// <summary>Directions drawn anew each time, never none and never the same twice in a row: those of one seed after the other.</summary>
    /// <param name="nodes">Two or more.</param>
    /// <param name="seed">The first.</param>
    /// <param name="share">More than 0 and less than 1, or there is nothing to draw.</param>
    public static IEnumerable<Set<Link>> RandomTurns(Set<NodeId> nodes, long seed, double share)
    {
        var last = Set<Link>.Empty;
        for (var next = seed; ; next = unchecked(next + 1))
        {
            var cuts = Random(nodes, next, share);
            if (!cuts.IsEmpty && cuts != last)
            {
                last = cuts;
                yield return cuts;
            }
        }
    }

    public static string Show(Seq<Set<NodeId>> groups) => string.Join("|", groups.Select(group => string.Join(",", group)));

    private static NodeId Node(string name, Set<NodeId> nodes)
    {
        var node = new NodeId(name.Trim());
        return nodes.Contains(node) ? node : throw new BadInput(Suggest.Unknown("node", node.Name, nodes.Select(n => n.Name)));
    }
}
