using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.ChandyLamport;

/// <summary>What one process records: its own state, and that of each channel that comes in.</summary>
/// <param name="State">The balance.</param>
/// <param name="Channels">The messages on their way, in order, by sender; a channel without any is not in the map.</param>
/// <param name="Open">The channels whose state is still being recorded.</param>
/// <param name="Before">
/// Of Lai and Yang: on each open channel, how many messages came before the own state was recorded.
/// </param>
/// <param name="Sent">
/// Of Lai and Yang: on each open channel whose marker came, how many messages it says were sent before.
/// </param>
[MemoryPackable]
public sealed partial record LocalSnapshot(
    long State, Map<NodeId, Seq<long>> Channels, Set<NodeId> Open, Map<NodeId, long> Before, Map<NodeId, long> Sent)
{
    public static LocalSnapshot Begin(long state, Set<NodeId> open) => new(state, default, open, default, default);

    public bool IsComplete => Open.IsEmpty;

    public long InFlight => Channels.Values.Sum(channel => channel.Sum());

    /// <summary>The state of a channel is known.</summary>
    public LocalSnapshot Close(NodeId channel) =>
        this with { Open = Open.Remove(channel), Before = Before.Remove(channel), Sent = Sent.Remove(channel) };

    public LocalSnapshot Record(NodeId channel, long amount) =>
        this with { Channels = Channels.Set(channel, Channels.FindOr(channel, []).Add(amount)) };
}

/// <summary>A global state as it was recorded, or the parts of it that are in.</summary>
/// <param name="Id">Which.</param>
/// <param name="Parts">By process.</param>
[MemoryPackable]
public sealed partial record GlobalSnapshot(SnapshotId Id, Map<NodeId, LocalSnapshot> Parts)
{
    /// <summary>All the money of the recorded state.</summary>
    public long Total => InAccounts + InFlight;

    public long InAccounts => Parts.Values.Sum(part => part.State);

    public long InFlight => Parts.Values.Sum(part => part.InFlight);
}

/// <summary>What an account says of itself.</summary>
/// <param name="Balance">Now.</param>
/// <param name="Snapshots">The complete ones that were begun here, as far as they are kept.</param>
public sealed record AccountStatement(long Balance, Seq<GlobalSnapshot> Snapshots);

/// <summary>How a process watches for the end of a computation of work.</summary>
/// <param name="From">The number of the first snapshot that it took for that.</param>
/// <param name="Found">The snapshot that found no work; null while none did.</param>
[MemoryPackable]
public sealed partial record Watch(int From, SnapshotId? Found);

/// <summary>A computation was found to be over.</summary>
/// <param name="By">The snapshot that says so.</param>
/// <param name="Looks">How many snapshots it took, of those that were begun since the user asked.</param>
public sealed record WorkDone(SnapshotId By, int Looks);
