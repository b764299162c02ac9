using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Core;
using static ActorLab.Algorithms.ChandyLamport.BankMessage;

namespace ActorLab.Algorithms.LaiYang;

/// <summary>
/// Snapshots over channels that do not keep order. A process is white until it records its state and red after, and every
/// message has the colour of its sender: a red message that comes to a white process makes it record its state first. What is
/// in a channel are the white messages that come to a red process; how many white ones there are, the marker tells, which
/// may itself come at any time. Of several snapshots each has its own colour.
/// </summary>
public class LaiYangProcess(AccountOptions options) : Account(options)
{
    /// <summary>
    /// So many snapshots of one initiator may be under way that a process did not hear of; more are made up.
    /// </summary>
    public const int MostAhead = 1_000;

    public override AccountDisk EmptyDisk => base.EmptyDisk with { Ledger = Ledger.Empty };

    public override AccountState Receive(AccountState state, Address sender, BankMessage message, Turn<BankMessage> turn)
    {
        var isMadeUp = message switch
        {
            Transfer transfer => !transfer.Colour.All(colour => MayBe(state, new SnapshotId(colour.Key, colour.Value))),
            Marker marker => !MayBe(state, marker.Snapshot),
            _ => false,
        };
        return isMadeUp ? state : base.Receive(state, sender, message, turn);
    }

    protected override AccountState Arrive(AccountState state, NodeId channel, Transfer transfer, Turn<BankMessage> turn)
    {
        foreach (var (initiator, count) in transfer.Colour)
        {
            state = Redden(state, new SnapshotId(initiator, count), turn);
        }

        var ledger = state.Disk.Ledger!;
        state = state with
        {
            Disk = state.Disk with
            {
                Ledger = ledger with { Received = ledger.Received.Set(channel, ledger.Received.FindOr(channel, 0) + 1) },
            },
        };
        foreach (var (snapshot, part) in state.Disk.Parts)
        {
            if (part.Open.Contains(channel) && transfer.Colour.FindOr(snapshot.Initiator, 0) < snapshot.Number)
            {
                state = Settle(state, snapshot, channel, part.Record(channel, transfer.Amount), turn);
            }
        }

        return Credit(state, transfer.Amount);
    }

    protected override AccountState Arrive(AccountState state, NodeId channel, Marker marker, Turn<BankMessage> turn)
    {
        state = Redden(state, marker.Snapshot, turn);
        if (!state.Disk.Parts.TryGetValue(marker.Snapshot, out var part) || part.Sent.ContainsKey(channel))
        {
            return state; // A channel carries one marker of a snapshot: this is a second copy of it.
        }

        return Settle(state, marker.Snapshot, channel, part with { Sent = part.Sent.Set(channel, marker.Sent) }, turn);
    }

    protected override AccountState Record(AccountState state, SnapshotId snapshot, NodeId? markerCameOn, Turn<BankMessage> turn)
    {
        turn.Note(NoteOf(snapshot));
        var ledger = state.Disk.Ledger!;
        foreach (var to in Options.Outgoing)
        {
            turn.Tell(At(to), new Marker(snapshot, CountFor(ledger, to)));
        }

        var red = ledger with { Colour = ledger.Colour.Set(snapshot.Initiator, snapshot.Number) };
        var part = LocalSnapshot.Begin(state.Disk.Balance, Options.Incoming) with { Before = ledger.Received };
        var recorded = WithPart(state with { Disk = state.Disk with { Ledger = red } }, snapshot, part);
        return HandIn(recorded, snapshot, turn);
    }

    protected override (Transfer Transfer, AccountDisk Disk) Dress(AccountDisk disk, NodeId to, long amount)
    {
        var ledger = disk.Ledger!;
        var counted = ledger with { Sent = ledger.Sent.Set(to, ledger.Sent.FindOr(to, 0) + 1) };
        return (new Transfer(amount, ColourOf(ledger)), disk with { Ledger = counted });
    }

    protected virtual Map<NodeId, int> ColourOf(Ledger ledger) => ledger.Colour;

    protected virtual long CountFor(Ledger ledger, NodeId to) => ledger.Sent.FindOr(to, 0);

    /// <summary>Whether there may be such a snapshot. Whatever is taken for one is recorded, with those before it.</summary>
    private bool MayBe(AccountState state, SnapshotId snapshot) =>
        (long)snapshot.Number - state.Disk.Ledger!.Colour.FindOr(snapshot.Initiator, 0) is var ahead
        && (ahead <= 0 || (ahead <= MostAhead && IsAccount(snapshot.Initiator)));

    private bool IsAccount(NodeId node) =>
        Options.Incoming.Contains(node) || Options.Outgoing.Contains(node) || Options.Members.Contains(node);

    /// <summary>Records what the other had recorded: this snapshot, and those of its initiator before it.</summary>
    private AccountState Redden(AccountState state, SnapshotId snapshot, Turn<BankMessage> turn)
    {
        for (var number = state.Disk.Ledger!.Colour.FindOr(snapshot.Initiator, 0) + 1; number <= snapshot.Number; number++)
        {
            state = Record(state, snapshot with { Number = number }, null, turn);
        }

        return state;
    }

    /// <summary>The state of a channel is known once its marker came, and all the white messages of which it tells.</summary>
    protected virtual bool IsSettled(LocalSnapshot part, NodeId channel) => part.Sent.TryGetValue(channel, out var sent)
        && part.Before.FindOr(channel, 0) + part.Channels.FindOr(channel, []).Count == sent;

    private AccountState Settle(AccountState state, SnapshotId snapshot, NodeId channel, LocalSnapshot part, Turn<BankMessage> turn) =>
        HandIn(WithPart(state, snapshot, IsSettled(part, channel) ? part.Close(channel) : part), snapshot, turn);
}
