using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.ChandyLamport;

/// <summary>Several snapshots may be under way: each is known by who began it, and as his how-many-th.</summary>
[MemoryPackable]
public readonly partial record struct SnapshotId(NodeId Initiator, int Number) : IComparable<SnapshotId>
{
    public int CompareTo(SnapshotId other) =>
        Initiator.CompareTo(other.Initiator) is var by and not 0 ? by : Number.CompareTo(other.Number);

    public override string ToString() => $"{Initiator}#{Number}";
}

/// <summary>What accounts say to each other, and hear from their users.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Transfer))]
[MemoryPackUnion(1, typeof(Marker))]
[MemoryPackUnion(2, typeof(Recorded))]
[MemoryPackUnion(3, typeof(Send))]
[MemoryPackUnion(4, typeof(Spend))]
[MemoryPackUnion(5, typeof(Take))]
[MemoryPackUnion(6, typeof(Load))]
[MemoryPackUnion(7, typeof(Show))]
[MemoryPackUnion(8, typeof(Work))]
[MemoryPackUnion(9, typeof(Detect))]
public abstract partial record BankMessage
{
    /// <summary>A message of the underlying computation: money on its way.</summary>
    /// <param name="Amount">More than 0.</param>
    /// <param name="Colour">
    /// Of Lai and Yang: how many snapshots of each initiator the sender had recorded. Else empty.
    /// </param>
    [MemoryPackable]
    public sealed partial record Transfer(long Amount, Map<NodeId, int> Colour) : BankMessage
    {
        public override string ToString() => Colour.IsEmpty ? $"{Amount}" : $"{Amount} {Colour}";
    }

    /// <summary>Divides what was sent before the sender's recording from what was sent after it.</summary>
    /// <param name="Snapshot">Which recording.</param>
    /// <param name="Sent">Of Lai and Yang, where order does not divide: how many transfers went before. Else 0.</param>
    [MemoryPackable]
    public sealed partial record Marker(SnapshotId Snapshot, long Sent) : BankMessage
    {
        public override string ToString() => Sent == 0 ? $"marker {Snapshot}" : $"marker {Snapshot} after {Sent}";
    }

    /// <summary>An account's part of a snapshot, for the initiator who collects them (section 3.3).</summary>
    [MemoryPackable]
    public sealed partial record Recorded(SnapshotId Snapshot, LocalSnapshot Part) : BankMessage;

    /// <summary>From a user: send money along a channel.</summary>
    [MemoryPackable]
    public sealed partial record Send(long Operation, NodeId To, long Amount) : BankMessage;

    /// <summary>From a user: use money up. Where money stands for work, that is work done.</summary>
    [MemoryPackable]
    public sealed partial record Spend(long Operation, long Amount) : BankMessage;

    /// <summary>From a user: record a global state.</summary>
    [MemoryPackable]
    public sealed partial record Take(long Operation) : BankMessage;

    /// <summary>From a user: send money round by itself.</summary>
    /// <param name="Operation">The user's number for it.</param>
    /// <param name="Rate">So many transfers a second; 0 stops it.</param>
    [MemoryPackable]
    public sealed partial record Load(long Operation, int Rate) : BankMessage;

    /// <summary>From a user: the balance, and the snapshots that were begun here.</summary>
    [MemoryPackable]
    public sealed partial record Show(long Operation) : BankMessage;

    /// <summary>From a user, of a computation of work: here is some.</summary>
    [MemoryPackable]
    public sealed partial record Work(long Operation, long Tasks) : BankMessage;

    /// <summary>From a user, of a computation of work: tell me when it is over.</summary>
    [MemoryPackable]
    public sealed partial record Detect(long Operation) : BankMessage;
}
