using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>
/// Through whom an order came: the commander first, who said it last at the end. <c>u:w</c> reads "w says that u said".
/// </summary>
[MemoryPackable]
public readonly partial record struct RelayPath(Seq<NodeId> Generals) : IComparable<RelayPath>
{
    public int Count => Generals.Count;

    /// <summary>Who gave the order.</summary>
    public NodeId Commander => Generals[0];

    /// <summary>Who said it last.</summary>
    public NodeId Speaker => Generals.Last;

    public static RelayPath Of(params ReadOnlySpan<NodeId> generals) => new(Seq.Of(generals));

    /// <summary>The path of what this general says that he heard on this one.</summary>
    public RelayPath Then(NodeId general) => new(Generals.Add(general));

    public int CompareTo(RelayPath other)
    {
        for (var i = 0; i < Math.Min(Count, other.Count); i++)
        {
            if (Generals[i].CompareTo(other.Generals[i]) is var order and not 0)
            {
                return order;
            }
        }

        return Count.CompareTo(other.Count);
    }

    public override string ToString() => string.Join(':', Generals);
}

/// <summary>What generals say to each other.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Oral))]
public abstract partial record GeneralsMessage
{
    /// <summary>
    /// An oral message (section 3): its receiver knows who sent it (A2), and has nothing but the sender's word for the rest.
    /// </summary>
    [MemoryPackable]
    public sealed partial record Oral(RelayPath Path, string Order) : GeneralsMessage;
}
