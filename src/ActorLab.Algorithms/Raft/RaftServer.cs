using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <summary>
/// A server of the Raft consensus algorithm: Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm
/// (Extended Version)", 2014; with PreVote, CheckQuorum, sessions and reads of Ongaro's thesis, 2014. The files follow
/// the paper: Election (5.2, 5.4.1), Replication (5.3), Commit (5.3, 5.4.2), Clients and Reads (8).
/// </summary>
/// <param name="members">The nodes of all servers, this one included.</param>
/// <param name="options">The same for all.</param>
public partial class RaftServer(Set<NodeId> members, RaftOptions options) : IRole<RaftState, RaftDisk, RaftMessage>
{
    public const string RoleName = "server";
    public const string ClientRoleName = "client";

    private static readonly KvStore Store = KvStore.Instance;

    /// <summary>Armed by every word of the leader; while it runs, the leader is known and no vote is given away.</summary>
    private readonly Timer _lease = Timer.Fixed("lease", options.ElectionTimeoutEarliest);

    /// <summary>The random rest of the election timeout, once the lease is over.</summary>
    private readonly Timer _afterLease = Timer.Between(
        "election", TimeSpan.Zero, options.ElectionTimeoutLatest - options.ElectionTimeoutEarliest);

    /// <summary>A whole election timeout: at the start, and for the next try after an election that nobody won.</summary>
    private readonly Timer _election = Timer.Between(
        "election", options.ElectionTimeoutEarliest, options.ElectionTimeoutLatest);

    private readonly Timer _heartbeat = Timer.Fixed("heartbeat", options.HeartbeatInterval);

    /// <summary>The members until an entry of the log says otherwise.</summary>
    private readonly LogCommand.Configure _bootstrap = new(members, []);

    /// <summary>An election timeout, by which a round of catching up is quick or slow.</summary>
    private readonly Timer _catchUp = Timer.Fixed("catch-up", options.ElectionTimeoutLatest);

    /// <summary>How long a leader waits for the next one to take over.</summary>
    private readonly Timer _handover = Timer.Fixed("handover", options.ElectionTimeoutLatest);

    /// <summary>How long a server waits for what the leader makes of a change.</summary>
    private readonly Timer _patience = Timer.Fixed("patience", options.ElectionTimeoutLatest * (3 * CatchUpRounds));

    private readonly Timer _quorum = Timer.Fixed("quorum", options.ElectionTimeoutLatest);

    public RaftDisk EmptyDisk => RaftDisk.Empty;

    protected RaftOptions Options => options;

    public virtual RaftState Boot(RaftDisk disk, Turn<RaftMessage> turn)
    {
        disk = disk == EmptyDisk ? Options.FirstDisks.FindOr(turn.Self.Node, disk) : disk;
        turn.Start(_election);
        return Configured(Restore(new RaftState(disk), disk.Snapshot), disk.Log.LastIndex);
    }

    public RaftState Receive(RaftState state, Address sender, RaftMessage message, Turn<RaftMessage> turn) =>
        TellClient(state, Handle(state, sender, message, turn), turn);

    public RaftState Expire(RaftState state, Timer timer, Turn<RaftMessage> turn) => TellClient(
        state,
        timer.Name switch
        {
            "lease" => LeaderIsSilent(state, turn),
            "election" => StandForElection(state, turn),
            "heartbeat" => SendHeartbeats(state, turn),
            "quorum" => CheckQuorum(state, turn),
            "linger" => SendGathered(state, turn),
            "catch-up" => RoundIsSlow(state, turn),
            "handover" => AbortHandover(state, turn),
            "patience" => GiveUpChanges(state, turn),
            _ => throw new InvalidOperationException($"A Raft server has no timer {timer.Name}."),
        },
        turn);

    private RaftState Handle(RaftState state, Address sender, RaftMessage message, Turn<RaftMessage> turn)
    {
        if (IsPeer(state, sender, turn))
        {
            var current = TermOf(message) > state.CurrentTerm && !IgnoresVote(state, message)
                ? BecomeFollower(state, TermOf(message), turn) // section 5.1: update to the larger term, revert to follower
                : state;
            return message switch
            {
                RaftMessage.RequestPreVote ask => AnswerPreVote(state, sender, ask, turn),
                RaftMessage.RequestPreVoteReply answer => CountPreVote(current, sender, answer, turn),
                RaftMessage.RequestVote ask => AnswerVote(current, sender, ask, turn),
                RaftMessage.RequestVoteReply answer => CountVote(current, sender, answer, turn),
                RaftMessage.AppendEntries append => AnswerAppend(current, sender, append, turn),
                RaftMessage.AppendEntriesReply answer => HearFollower(current, sender, answer, turn),
                RaftMessage.InstallSnapshot piece => AnswerSnapshot(current, sender, piece, turn),
                RaftMessage.InstallSnapshotReply answer => HearInstalled(current, sender, answer, turn),
                RaftMessage.TimeoutNow now => StandAtOnce(current, now, turn),
                RaftMessage.ReadIndex ask => TakeReadIndex(current, sender, ask, turn),
                RaftMessage.ReadIndexReply answer => HearReadIndex(current, answer, turn),
                RaftMessage.ManageFor manage => TakeForwarded(state, sender, manage, turn),
                RaftMessage.Managed managed => Finish(state, managed.Operation, managed.Outcome, managed.Says, turn),
                _ => state, // no peer says anything else
            };
        }

        return message switch
        {
            RaftMessage.RequestVoteReply own when sender == turn.Self => CountVote(state, sender, own, turn),
            RaftMessage.Persisted persisted when sender == turn.Self => CountOwnCopy(state, persisted, turn),
            RaftMessage.Elect when sender == Address.Outside => ElectNow(state, turn),
            RaftMessage.Manage manage when sender == Address.Outside => TakeChange(state, manage, turn),
            RaftMessage.Request request => TakeRequest(state, sender, request, turn),
            RaftMessage.OpenSession open => TakeSession(state, sender, open, turn),
            RaftMessage.Read read => TakeRead(state, sender, read, turn),
            RaftMessage.FindLeader => SayLeader(state, sender, turn),
            _ => state, // from no member of this cluster: nothing of it counts
        };
    }

    /// <summary>
    /// Members or not: servers heed each other without consulting their own configurations, which may be old (thesis 4.1).
    /// Whoever is no server of the scenario is not heard.
    /// </summary>
    private bool IsPeer(RaftState state, Address sender, Turn<RaftMessage> turn) =>
        sender.Role == RoleName && sender.Node != turn.Self.Node
        && (Options.Servers.IsEmpty
            ? members.Contains(sender.Node) || state.Configuration.Voters.Contains(sender.Node)
                || state.Configuration.Learners.Contains(sender.Node)
            : Options.Servers.Contains(sender.Node));

    /// <summary>The term that a message makes its receiver update to; 0 for a message that does not.</summary>
    private static long TermOf(RaftMessage message) => message switch
    {
        RaftMessage.AppendEntries append => append.Term,
        RaftMessage.AppendEntriesReply reply => reply.Term,
        RaftMessage.InstallSnapshot piece => piece.Term,
        RaftMessage.TimeoutNow now => now.Term,
        RaftMessage.ReadIndex ask => ask.Term,
        RaftMessage.ReadIndexReply reply => reply.Term,
        RaftMessage.InstallSnapshotReply reply => reply.Term,
        RaftMessage.RequestVote vote => vote.Term,
        RaftMessage.RequestVoteReply reply => reply.Term,
        RaftMessage.RequestPreVoteReply reply => reply.Term,
        _ => 0,
    };

    /// <summary>
    /// Section 5.1. Also how a leader ends: it tells the clients that wait for it, so that they ask the next one.
    /// </summary>
    private RaftState BecomeFollower(RaftState state, long term, Turn<RaftMessage> turn)
    {
        Invariant.Require(term >= state.CurrentTerm, "Terms only grow");
        if (state.Role == ServerRole.Leader)
        {
            turn.Note($"steps down from term {state.CurrentTerm}");
            SendClientsAway(state, term, turn);
            state = CloseChanges(state, term, turn);
            turn.Cancel(_heartbeat);
            turn.Cancel(_quorum);
            StopGathering(state, turn);
            turn.Start(_election);
        }
        else if (state.LeaderId is not null)
        {
            turn.Cancel(_lease);
            turn.Start(_election);
        }

        return state with
        {
            Disk = term > state.CurrentTerm ? state.Disk with { CurrentTerm = term, VotedFor = null } : state.Disk,
            Role = ServerRole.Follower,
            LeaderId = null,
            Candidacy = null,
            Leadership = null,
            Incoming = null,
        };
    }

    /// <summary>Who votes, as of the latest configuration in the log.</summary>
    private static Set<NodeId> Members(RaftState state) => state.Configuration.Voters;

    private static int Majority(RaftState state) => (Members(state).Count / 2) + 1;

    private static Address ServerOn(NodeId node) => new(node, RoleName);

    /// <summary>Tells every other member the same.</summary>
    private static void TellOthers(RaftState state, RaftMessage message, Turn<RaftMessage> turn)
    {
        foreach (var member in Members(state))
        {
            if (member != turn.Self.Node)
            {
                turn.Tell(ServerOn(member), message);
            }
        }
    }

    /// <summary>The client on this node need not poll to learn of a new leader, or of none.</summary>
    private RaftState TellClient(RaftState before, RaftState after, Turn<RaftMessage> turn)
    {
        if (Options.HasClients
            && (before.LeaderId != after.LeaderId || (after.LeaderId is not null && before.CurrentTerm != after.CurrentTerm)))
        {
            SayLeader(after, new Address(turn.Self.Node, ClientRoleName), turn);
        }

        return after.Reads.Count > 0 && (before.LeaderId != after.LeaderId || before.CurrentTerm != after.CurrentTerm)
            ? SendReadsAway(after, turn)
            : after;
    }

    private static RaftState SayLeader(RaftState state, Address client, Turn<RaftMessage> turn)
    {
        turn.Tell(client, new RaftMessage.LeaderIs(state.CurrentTerm, state.LeaderId) { IsOutside = IsOutside(state, turn) });
        return state;
    }
}
