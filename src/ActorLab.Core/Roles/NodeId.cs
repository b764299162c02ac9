using MemoryPack;

namespace ActorLab.Core;

/// <summary>The name of a node, such as <c>n1</c>: what crashes, restarts and is partitioned. Ordered ordinally.</summary>
[MemoryPackable]
public readonly partial record struct NodeId([property: SharedText] string Name) : IComparable<NodeId>
{
    public int CompareTo(NodeId other) => string.CompareOrdinal(Name, other.Name);

    public override string ToString() => Name ?? "";

    /// <summary>The nodes <c>n1</c> to <c>n{count}</c>.</summary>
    public static Set<NodeId> Range(int count) => Set.Of(Enumerable.Range(1, count).Select(i => new NodeId($"n{i}")));
}
