using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Paxos;
using ActorLab.Core;
using static ActorLab.Algorithms.MultiPaxos.MultiPaxosMessage;

namespace ActorLab.Algorithms.MultiPaxos;

/// <content>Phase 1, once for all instances of the consensus algorithm: section 3.</content>
public partial class Leader
{
    /// <summary>
    /// Phase 1(a): a number never used before, for all slots that are not settled. Should it find no majority, or a higher
    /// number be in use, the random wait begins anew.
    /// </summary>
    private LeaderState BeginBallot(LeaderState state, Turn<MultiPaxosMessage> turn)
    {
        if (state.Phase == LeaderPhase.Leading)
        {
            return state;
        }

        var round = Math.Max(state.Disk.Round, state.Highest?.Round ?? 0) + 1;
        var number = NumberOf(round, turn.Self);
        var from = FirstToPrepare(state);
        turn.Tell(Places.AcceptorPlaces, new Prepare(number, from));
        turn.Tell(Places.LearnerPlaces, new HowFar()); // should this ballot fail, the next may begin later
        turn.Start(_silence);
        return state with
        {
            Disk = new LeaderDisk(round),
            Highest = number,
            LeaderId = null,
            Preparation = new Preparation(from, [], default),
        };
    }

    /// <summary>Different proposers choose their numbers from disjoint sets (section 2.5).</summary>
    protected virtual Ballot NumberOf(int round, Address self) => new(round, self.Node);

    /// <summary>
    /// "The new leader, being a learner in all instances, should know most of the commands that have already been chosen"
    /// (section 3): it begins with the first that a majority of the ledgers may lack.
    /// </summary>
    protected virtual long FirstToPrepare(LeaderState state) => state.SettledThrough + 1;

    private LeaderState HearPromise(
        LeaderState state, Address acceptor, Promise promise, Turn<MultiPaxosMessage> turn)
    {
        if (state.Preparation is not { } preparation || promise.Number != state.Highest)
        {
            return state; // for an older ballot, or beyond the majority
        }

        var votes = preparation.Votes;
        foreach (var vote in promise.Votes)
        {
            votes = votes.Find(vote.Slot) is { } known && known.Number >= vote.Number ? votes : votes.Set(vote.Slot, vote);
        }

        if (promise.More)
        {
            turn.Tell(acceptor, new Prepare(promise.Number, promise.Votes.Last.Slot + 1));
            return state with { Preparation = preparation with { Votes = votes } };
        }

        var heard = preparation with { Votes = votes, Promised = preparation.Promised.Add(acceptor) };
        return heard.Promised.Count >= Majority
            ? Lead(state with { Preparation = null }, heard, turn)
            : state with { Preparation = heard };
    }

    /// <summary>
    /// Section 3: phase 2 in every slot of which it was told, and no-ops in the gaps between, "to allow commands" behind
    /// them "to be executed". After that come the commands of clients.
    /// </summary>
    private LeaderState Lead(LeaderState state, Preparation phase1, Turn<MultiPaxosMessage> turn)
    {
        var first = Math.Max(phase1.From, state.SettledThrough + 1);
        var next = first;
        foreach (var (slot, _) in phase1.Votes)
        {
            if (slot - next > Options.MaxOpenSlots)
            {
                break; // Made up: a leader is so far at most beyond what is settled, and in each settled slot a majority voted.
            }

            next = Math.Max(next, slot + 1);
        }

        turn.Cancel(_silence);
        turn.Start(_heartbeat);
        turn.Start(_quorum);
        turn.Note($"leads ballot {state.Highest} from slot {next} on");
        var leader = state with
        {
            LeaderId = turn.Self.Node,
            Leadership = new Leadership(first, default, 0, first - 1, 0, default, 0, default, first),
        };
        for (var slot = first; slot < next; slot++)
        {
            leader = CommandFor(slot, next - 1, phase1.Votes.Find(slot)) is { } command
                ? Propose(leader, command, turn)
                : leader with { Leadership = leader.Leadership! with { NextSlot = slot + 1 } };
        }

        SendHeartbeats(leader, turn);
        return leader;
    }

    /// <summary>
    /// Phase 2(a), P2c: the value of the highest-numbered proposal that was told; a no-op where there was none. Null for
    /// nothing at all, which only mutants say.
    /// </summary>
    /// <param name="slot">Where.</param>
    /// <param name="last">The last slot of which it was told.</param>
    /// <param name="highest">The highest-numbered proposal that it was told of that slot; null for none.</param>
    protected virtual LogCommand? CommandFor(long slot, long last, Vote? highest) =>
        highest?.Command ?? LogCommand.NoOp.Instance;
}
