namespace ActorLab.Core;

/// <summary>The shapes of partitions, as the links they cut. Each is a pure function of the nodes.</summary>
public static class Partition
{
    /// <summary>Groups that hear only themselves. A node in no group is a group of its own.</summary>
    public static Set<Link> Split(Set<NodeId> nodes, Seq<Set<NodeId>> groups) =>
        Cuts(nodes, (a, b) => !groups.Any(group => group.Contains(a) && group.Contains(b)));

    /// <summary>One node hears nobody, and nobody hears it.</summary>
    public static Set<Link> Isolate(Set<NodeId> nodes, NodeId alone) => Cuts(nodes, (a, b) => a == alone || b == alone);

    /// <summary>Two halves that only the bridge connects, which hears both.</summary>
    public static Set<Link> Bridge(Set<NodeId> nodes, NodeId bridge)
    {
        var others = nodes.Remove(bridge);
        var half = others.Take((others.Count + 1) / 2).ToSet();
        return Cuts(others, (a, b) => half.Contains(a) != half.Contains(b));
    }

    /// <summary>
    /// Each node hears a majority, itself included, and no two nodes hear the same one: on a ring, each hears the nearest
    /// on both sides.
    /// </summary>
    public static Set<Link> MajorityRing(Set<NodeId> nodes)
    {
        var ring = nodes.ToSeq();
        var reach = ((nodes.Count / 2) + 1) / 2; // 2 * reach + 1 is a majority
        return Cuts(nodes, (a, b) =>
        {
            var apart = Math.Abs(IndexOf(ring, a) - IndexOf(ring, b));
            return Math.Min(apart, ring.Count - apart) > reach;
        });
    }

    private static int IndexOf(Seq<NodeId> ring, NodeId node) => ring.Span.IndexOf(node);

    private static Set<Link> Cuts(Set<NodeId> nodes, Func<NodeId, NodeId, bool> cut) =>
        nodes.SelectMany(_ => nodes, (from, to) => new Link(from, to))
            .Where(link => link.From != link.To && cut(link.From, link.To))
            .ToSet();
}
