using ActorLab.Core;
using static ActorLab.Algorithms.ChandyLamport.BankMessage;

namespace ActorLab.Algorithms.ChandyLamport;

/// <summary>
/// The two rules of section 3.2. Channels lose nothing and keep order, so that a marker divides what its sender sent before
/// it recorded its state from what it sent after.
/// </summary>
public class ChandyLamportProcess(AccountOptions options) : Account(options)
{
    /// <summary>A message is part of the state of its channel where that is still being recorded.</summary>
    protected override AccountState Arrive(AccountState state, NodeId channel, Transfer transfer, Turn<BankMessage> turn)
    {
        foreach (var (snapshot, part) in state.Disk.Parts)
        {
            if (part.Open.Contains(channel))
            {
                state = WithPart(state, snapshot, InChannel(part, channel, transfer.Amount));
            }
        }

        return Credit(state, transfer.Amount);
    }

    /// <summary>Marker-Receiving Rule.</summary>
    protected override AccountState Arrive(AccountState state, NodeId channel, Marker marker, Turn<BankMessage> turn)
    {
        if (!state.Disk.Parts.TryGetValue(marker.Snapshot, out var part))
        {
            return Record(state, marker.Snapshot, channel, turn); // and the state of the channel is the empty sequence
        }

        Invariant.Require(part.Open.Contains(channel), "a channel carries one marker of a snapshot");
        return HandIn(WithPart(state, marker.Snapshot, part.Close(channel)), marker.Snapshot, turn);
    }

    /// <summary>Marker-Sending Rule: one marker along each outgoing channel, before any further message on it.</summary>
    protected override AccountState Record(
        AccountState state, SnapshotId snapshot, NodeId? markerCameOn, Turn<BankMessage> turn)
    {
        turn.Note(NoteOf(snapshot));
        SendMarkers(snapshot, turn);
        var open = markerCameOn is { } channel ? Options.Incoming.Remove(channel) : Options.Incoming;
        return HandIn(WithPart(state, snapshot, LocalSnapshot.Begin(state.Disk.Balance, open)), snapshot, turn);
    }

    protected virtual LocalSnapshot InChannel(LocalSnapshot part, NodeId channel, long amount) =>
        part.Record(channel, amount);

    protected virtual void SendMarkers(SnapshotId snapshot, Turn<BankMessage> turn) =>
        turn.Tell(Options.Outgoing.Select(At), new Marker(snapshot, 0));
}
