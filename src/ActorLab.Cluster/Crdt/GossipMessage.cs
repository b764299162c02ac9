using MemoryPack;

namespace ActorLab.Cluster.Crdt;

/// <summary>An update by the node that took it, and its number there.</summary>
[MemoryPackable]
public readonly partial record struct UpdateId(NodeId Node, long Number) : IComparable<UpdateId>
{
    public int CompareTo(UpdateId other) =>
        Node.CompareTo(other.Node) is var byNode and not 0 ? byNode : Number.CompareTo(other.Number);

    public override string ToString() => $"{Node}#{Number}";
}

/// <summary>What replicas say to each other, and users to them.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Gossip))]
[MemoryPackUnion(1, typeof(Update))]
public abstract partial record GossipMessage
{
    /// <summary>All that a replica holds.</summary>
    /// <param name="Replica">Its projection: nothing in it picks a type.</param>
    /// <param name="Known">The updates in it, for the properties' sake: no update depends on it.</param>
    [MemoryPackable]
    public sealed partial record Gossip(ReplicaProjection Replica, Set<UpdateId> Known) : GossipMessage;

    /// <summary>From a user.</summary>
    /// <param name="Operation">The user's number for it.</param>
    /// <param name="What">What changes.</param>
    [MemoryPackable]
    public sealed partial record Update(long Operation, CrdtUpdate What) : GossipMessage;
}
