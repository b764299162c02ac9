using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Paxos;
using ActorLab.Core;
using static ActorLab.Algorithms.MultiPaxos.MultiPaxosMessage;

namespace ActorLab.Algorithms.MultiPaxos;

/// <summary>
/// A proposer of "Paxos Made Simple" (Lamport, 2001), section 3: one of them is distinguished and leads, the others wait in
/// case it fails. The files follow the paper: Ballots (phase 1 for all instances at once), Slots (phase 2 for each command,
/// and what a new leader finishes), Clients (requests and reads).
/// </summary>
/// <param name="places">Where all roles are.</param>
/// <param name="options">The same for all roles.</param>
public partial class Leader(MultiPaxosPlaces places, MultiPaxosOptions options)
    : IRole<LeaderState, LeaderDisk, MultiPaxosMessage>
{
    private static readonly KvStore Store = KvStore.Instance;

    /// <summary>
    /// Runs while it does not lead: nobody was heard to lead for so long, or a ballot of its own found no majority.
    /// </summary>
    private readonly Timer _silence = Timer.Between("silence", options.LeaderTimeoutEarliest, options.LeaderTimeoutLatest);

    private readonly Timer _heartbeat = Timer.Fixed("heartbeat", options.HeartbeatInterval);
    private readonly Timer _quorum = Timer.Fixed("quorum", options.LeaderTimeoutLatest);

    public LeaderDisk EmptyDisk { get; } = new(0);

    protected MultiPaxosPlaces Places => places;

    protected MultiPaxosOptions Options => options;

    /// <summary>Any two majorities have an acceptor in common (section 2.2).</summary>
    protected virtual int Majority => places.Majority;

    public virtual LeaderState Boot(LeaderDisk disk, Turn<MultiPaxosMessage> turn)
    {
        Invariant.Require(places.Leaders.Contains(turn.Self.Node), "A leader is where the scenario places one");
        turn.Start(_silence);
        turn.Tell(places.LearnerPlaces, new HowFar());
        return new LeaderState(disk);
    }

    public LeaderState Receive(
        LeaderState state, Address sender, MultiPaxosMessage message, Turn<MultiPaxosMessage> turn) =>
        TellClients(state, Handle(state, sender, message, turn), turn);

    public LeaderState Expire(LeaderState state, Timer timer, Turn<MultiPaxosMessage> turn) => TellClients(
        state,
        timer.Name switch
        {
            "silence" => BeginBallot(state, turn),
            "heartbeat" => Beat(state, turn),
            "quorum" => CheckQuorum(state, turn),
            _ => throw new InvalidOperationException($"A leader has no timer {timer.Name}."),
        },
        turn);

    private LeaderState Handle(
        LeaderState state, Address sender, MultiPaxosMessage message, Turn<MultiPaxosMessage> turn) => message switch
        {
            // A majority is one of acceptors.
            Promise or Accepted or Renewed when !places.AcceptorPlaces.Contains(sender) => state,
            Promise promise => HearPromise(state, sender, promise, turn),
            Accepted accepted => HearAccepted(state, sender, accepted, turn),
            Rejected rejected => HearNumber(state, rejected.Promised, turn),
            Renewed renewed => HearRenewed(state, sender, renewed, turn),
            Heartbeat heartbeat => HearLeader(state, heartbeat, turn),
            Learned learned => HearLedger(state, sender, learned),
            Ask ask => Recall(state, sender, ask, turn),
            Stand when sender == Address.Outside => BeginBallot(state, turn),
            Request request => TakeRequest(state, sender, request, turn),
            OpenSession open => TakeSession(state, sender, open, turn),
            Read read => TakeRead(state, sender, read, turn),
            FindLeader => SayLeader(state, sender, turn),
            _ => state, // what only others hear
        };

    /// <summary>A heartbeat of whoever leads; one that was deposed meanwhile counts for nothing.</summary>
    private LeaderState HearLeader(LeaderState state, Heartbeat heartbeat, Turn<MultiPaxosMessage> turn)
    {
        if (state.Highest > heartbeat.Number || heartbeat.Number.Proposer == turn.Self.Node)
        {
            return state;
        }

        var follower = HearNumber(state, heartbeat.Number, turn);
        turn.Start(_silence);
        return follower with
        {
            Preparation = null,
            LeaderId = heartbeat.Number.Proposer,
            SettledThrough = Math.Max(follower.SettledThrough, heartbeat.SettledThrough),
        };
    }

    /// <summary>
    /// Somebody uses a higher number: a ballot below it is abandoned (end of section 2.2). Clients are told at once, for
    /// nobody here can say any more whether their commands will be chosen.
    /// </summary>
    private LeaderState HearNumber(LeaderState state, Ballot number, Turn<MultiPaxosMessage> turn) =>
        state.Highest is { } highest && number <= highest ? state
        : state.Phase == LeaderPhase.Leading ? StepDown(state with { Highest = number }, turn)
        : state with { Highest = number, LeaderId = null, Preparation = null };

    private LeaderState StepDown(LeaderState state, Turn<MultiPaxosMessage> turn)
    {
        turn.Cancel(_heartbeat);
        turn.Cancel(_quorum);
        turn.Start(_silence);
        SendClientsAway(state, turn);
        return state with { LeaderId = null, Leadership = null };
    }

    /// <summary>A leader that a majority of acceptors does not answer leads nobody: another one may lead them.</summary>
    private LeaderState CheckQuorum(LeaderState state, Turn<MultiPaxosMessage> turn)
    {
        if (state.Leadership is not { } leads)
        {
            return state;
        }

        var confirmed = leads.ConfirmedRound(Majority);
        if (confirmed <= leads.CheckedRound)
        {
            turn.Note("no majority of acceptors answers");
            return StepDown(state, turn);
        }

        turn.Start(_quorum);
        return state with { Leadership = leads with { CheckedRound = confirmed } };
    }

    private LeaderState TellClients(LeaderState before, LeaderState after, Turn<MultiPaxosMessage> turn)
    {
        if (before.LeaderId != after.LeaderId || (after.LeaderId is not null && before.Highest != after.Highest))
        {
            turn.Tell(places.ClientsOf(turn.Self.Node), LeaderKnownTo(after));
        }

        return after;
    }

    private LeaderState SayLeader(LeaderState state, Address client, Turn<MultiPaxosMessage> turn)
    {
        turn.Tell(client, LeaderKnownTo(state));
        return state;
    }

    private LeaderIs LeaderKnownTo(LeaderState state) => new(places.TermOf(state.Highest), state.LeaderId);
}
