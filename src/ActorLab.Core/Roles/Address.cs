using MemoryPack;

namespace ActorLab.Core;

/// <summary>
/// A node and a role on it, written <c>n1/acceptor</c>. Messages go to addresses; crashes and partitions act on nodes.
/// </summary>
[MemoryPackable]
public readonly partial record struct Address(NodeId Node, [property: SharedText] string Role) : IComparable<Address>
{
    /// <summary>The sender of what comes from outside the scenario: the operations of its users.</summary>
    public static readonly Address Outside = new(new NodeId(""), "outside");

    public int CompareTo(Address other) =>
        Node.CompareTo(other.Node) is var byNode and not 0 ? byNode : string.CompareOrdinal(Role, other.Role);

    public override string ToString() => Node.Name is null or "" ? Role : Role is null or "" ? Node.Name : $"{Node}/{Role}";

    /// <summary>Reads <c>n1/acceptor</c>.</summary>
    /// <exception cref="FormatException">The text has no single slash with something on either side.</exception>
    public static Address Parse(string text) =>
        text.Split('/') is [{ Length: > 0 } node, { Length: > 0 } role]
            ? new Address(new NodeId(node), role)
            : throw new FormatException($"'{text}' is not an address; write it as node/role, for example n1/acceptor.");
}
