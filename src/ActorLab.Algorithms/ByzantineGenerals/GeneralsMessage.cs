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
[MemoryPackUnion(1, typeof(Signed))]
public abstract partial record GeneralsMessage
{
    /// <summary>
    /// An oral message (section 3): its receiver knows who sent it (A2), and has nothing but the sender's word for the rest.
    /// </summary>
    [MemoryPackable]
    public sealed partial record Oral(RelayPath Path, string Order) : GeneralsMessage;

    /// <summary>
    /// A signed message (section 4): everybody on the path signed the order and the signatures before his own, which nobody
    /// else can do (A4).
    /// </summary>
    /// <param name="Path">Whose signatures they are, the commander's first.</param>
    /// <param name="Order">What the commander signed.</param>
    /// <param name="Signatures">In base64, one for each on the path.</param>
    [MemoryPackable]
    public sealed partial record Signed(RelayPath Path, string Order, Seq<string> Signatures) : GeneralsMessage
    {
        /// <summary>As the paper writes it: <c>attack:n1:n2</c>.</summary>
        public override string ToString() => $"{Order}:{Path}";
    }

    /// <summary>The path and the order of either kind.</summary>
    [MemoryPackIgnore]
    public (RelayPath Path, string Order) Saying => this switch
    {
        Oral(var path, var order) => (path, order),
        Signed(var path, var order, _) => (path, order),
        _ => throw new InvalidOperationException($"{GetType().Name} says nothing."),
    };
}
