using ActorLab.Algorithms.Paxos;
using ActorLab.Core;
using MemoryPack;
using static ActorLab.Algorithms.MultiPaxos.MultiPaxosMessage;

namespace ActorLab.Algorithms.MultiPaxos;

/// <summary>What an acceptor must remember even if it fails and then restarts (section 2.2), for all slots.</summary>
/// <param name="Promised">The highest number it answered, the same for all slots; null before the first.</param>
/// <param name="Votes">
/// The highest-numbered proposal that it accepted in each slot, in the order of slots. Where it accepted nothing there is
/// nothing: it may have been down for long while others accepted, and a gap takes no room.
/// </param>
[MemoryPackable]
public sealed partial record AcceptorDisk(Ballot? Promised, Seq<Vote> Votes) : IDeltaDisk<AcceptorDisk, AcceptorDelta>
{
    public AcceptorDelta DeltaSince(AcceptorDisk earlier) => new(Promised, NewSince(earlier.Votes));

    public AcceptorDisk Apply(AcceptorDelta delta)
    {
        var disk = this with { Promised = delta.Promised };
        foreach (var vote in delta.Votes)
        {
            disk = disk.With(vote);
        }

        return disk;
    }

    /// <summary>The vote in a slot; null where there is none.</summary>
    public Vote? VoteIn(long slot) => PlaceOf(slot) is var place && HasVote(place, slot) ? Votes[place] : null;

    internal AcceptorDisk With(Vote vote)
    {
        var place = PlaceOf(vote.Slot);
        return this with
        {
            Votes = place == Votes.Count ? Votes.Add(vote)
                : HasVote(place, vote.Slot) ? Votes.SetItem(place, vote)
                : Votes.Take(place).Add(vote).AddRange(Votes.Skip(place)),
        };
    }

    /// <summary>The votes from a slot on.</summary>
    internal Seq<Vote> From(long slot) => Votes.Skip(PlaceOf(slot));

    /// <summary>
    /// The votes that are not among earlier ones. Nearly always they are at the end, which is seen at once.
    /// </summary>
    internal Seq<Vote> NewSince(Seq<Vote> earlier)
    {
        if (Votes.Take(earlier.Count) == earlier)
        {
            return Votes.Skip(earlier.Count);
        }

        var (changed, before) = (Seq<Vote>.Empty, 0);
        foreach (var vote in Votes)
        {
            while (before < earlier.Count && earlier[before].Slot < vote.Slot)
            {
                before++;
            }

            changed = before < earlier.Count && earlier[before] == vote ? changed : changed.Add(vote);
        }

        return changed;
    }

    private bool HasVote(int place, long slot) => place < Votes.Count && Votes[place].Slot == slot;

    /// <summary>Where the first vote is whose slot is not lower; behind all where there is none.</summary>
    private int PlaceOf(long slot)
    {
        var (low, high) = (0, Votes.Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = Votes[middle].Slot < slot ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

/// <summary>One change of an acceptor's disk: the promise after it, and the new votes.</summary>
[MemoryPackable]
public sealed partial record AcceptorDelta(Ballot? Promised, Seq<Vote> Votes);

public sealed record AcceptorState(AcceptorDisk Disk) : IOnDisk<AcceptorDisk>;

/// <summary>Phases 1(b) and 2(b), for all slots.</summary>
/// <param name="options">The same for all roles.</param>
public class Acceptor(MultiPaxosOptions options) : IRole<AcceptorState, AcceptorDisk, MultiPaxosMessage>
{
    /// <summary>No ledger is longer.</summary>
    public const int MostSlots = int.MaxValue;

    public AcceptorDisk EmptyDisk { get; } = new(null, default);

    public virtual AcceptorState Boot(AcceptorDisk disk, Turn<MultiPaxosMessage> turn) => new(disk);

    public AcceptorState Receive(
        AcceptorState state, Address sender, MultiPaxosMessage message, Turn<MultiPaxosMessage> turn)
    {
        var disk = state.Disk;
        switch (message)
        {
            // Phase 1(b). The same number again is its own leader's, which asks for the next page or was not heard.
            case Prepare(var number, var from) when disk.Promised is null || number >= disk.Promised:
                turn.Tell(sender, PromiseOf(disk, number, from));
                return number == disk.Promised ? state : new AcceptorState(disk with { Promised = number });

            case Accept(_, var slot, _) when slot is < 1 or > MostSlots:
                return state; // No leader is there.

            case Accept(var number, var slot, var command) when MayAccept(disk, number): // phase 2(b)
                turn.Tell(sender, new Accepted(number, slot));
                var vote = new Vote(slot, number, command);
                return disk.VoteIn(slot) == vote ? state
                    : new AcceptorState(disk.With(vote) with { Promised = Higher(disk.Promised, number) });

            case Renew(var number, var round) when disk.Promised is null || number >= disk.Promised:
                turn.Tell(sender, new Renewed(number, round));
                return state;

            case Prepare or Accept or Renew: // Ignoring is safe; an answer saves the leader time (section 2.2).
                turn.Tell(sender, new Rejected(disk.Promised!.Value));
                return state;

            default: // Nobody says anything else to an acceptor.
                return state;
        }
    }

    /// <summary>P1a: it accepts unless it has promised a higher number.</summary>
    protected virtual bool MayAccept(AcceptorDisk disk, Ballot number) => disk.Promised is null || number >= disk.Promised;

    private static Ballot Higher(Ballot? one, Ballot other) => one is { } promised && promised > other ? promised : other;

    private Promise PromiseOf(AcceptorDisk disk, Ballot number, long from)
    {
        var (votes, bytes) = (Seq<Vote>.Empty, 0L);
        foreach (var vote in disk.From(from))
        {
            bytes += vote.Command.Bytes;
            if (bytes > options.MaxPageBytes && !votes.IsEmpty)
            {
                return new Promise(number, votes, More: true);
            }

            votes = votes.Add(vote);
        }

        return new Promise(number, votes, More: false);
    }
}
