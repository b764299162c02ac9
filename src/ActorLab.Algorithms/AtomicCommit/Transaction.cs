using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.AtomicCommit;

/// <summary>
/// The name of a transaction, never used twice: the coordinator counts its starts on its disk, and its transactions since
/// the last one. Of one coordinator a later transaction has a greater name.
/// </summary>
/// <param name="Coordinator">The node whose coordinator decides it.</param>
/// <param name="Incarnation">How often that coordinator had started, from 1.</param>
/// <param name="Number">From 1 in each incarnation.</param>
[MemoryPackable]
public readonly partial record struct TransactionId(NodeId Coordinator, int Incarnation, int Number)
    : IComparable<TransactionId>
{
    public int CompareTo(TransactionId other) =>
        Coordinator.CompareTo(other.Coordinator) is var byNode and not 0 ? byNode
        : Incarnation.CompareTo(other.Incarnation) is var byIncarnation and not 0 ? byIncarnation
        : Number.CompareTo(other.Number);

    public override string ToString() => $"{Coordinator}.{Incarnation}.{Number}";

    public static bool operator <(TransactionId left, TransactionId right) => left.CompareTo(right) < 0;

    public static bool operator >(TransactionId left, TransactionId right) => left.CompareTo(right) > 0;

    public static bool operator <=(TransactionId left, TransactionId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(TransactionId left, TransactionId right) => left.CompareTo(right) >= 0;
}

/// <summary>What a process decides; never the one after the other.</summary>
public enum Decision
{
    Commit,
    Abort,
}

/// <summary>An account on a node, written <c>a@n1</c>.</summary>
[MemoryPackable]
public readonly partial record struct Account(string Name, NodeId Node) : IComparable<Account>
{
    /// <summary>The longest name, in characters.</summary>
    public const int MostNameCharacters = 64;

    public int CompareTo(Account other) =>
        Node.CompareTo(other.Node) is var byNode and not 0 ? byNode : string.CompareOrdinal(Name, other.Name);

    public override string ToString() => $"{Name}@{Node}";

    /// <summary>Reads <c>a@n1</c>.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static Account Parse(string text) =>
        text.Split('@') is [{ Length: > 0 and <= MostNameCharacters } name, { Length: > 0 } node]
            ? new Account(name, new NodeId(node))
            : throw new FormatException($"'{text}' is no account: write it as account@node, for example a@n1.");
}
