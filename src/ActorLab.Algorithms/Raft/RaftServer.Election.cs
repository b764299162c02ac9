using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <content>
/// Leader election: section 5.2, the restriction of 5.4.1, PreVote (thesis 9.6), leases against disruption (4.2.3).
/// </content>
public partial class RaftServer
{
    /// <summary>
    /// No word from the leader for the least election timeout: from now on this server votes, and after the random rest
    /// of the timeout it stands itself.
    /// </summary>
    private RaftState LeaderIsSilent(RaftState state, Turn<RaftMessage> turn)
    {
        turn.Start(_afterLease);
        return state with { LeaderId = null };
    }

    /// <summary>
    /// The election timeout elapsed: for a follower, a failed pre-candidate, and a candidate of a split vote.
    /// </summary>
    private RaftState StandForElection(RaftState state, Turn<RaftMessage> turn)
    {
        Invariant.Require(state.Role != ServerRole.Leader, "A leader has no election timeout");
        if (!MayStand(state, turn))
        {
            return state; // the word of a leader arms the timeout again
        }

        turn.Start(_election); // drawn anew, so that split votes are rare and resolved quickly
        return Options.PreVote ? AskPreVotes(state, turn) : BecomeCandidate(state, disruptive: false, turn);
    }

    private RaftState ElectNow(RaftState state, Turn<RaftMessage> turn)
    {
        if (state.Role == ServerRole.Leader)
        {
            turn.Note($"leads term {state.CurrentTerm} already");
            return state;
        }

        if (!MayStand(state, turn))
        {
            turn.Note("is no member, and does not stand");
            return state;
        }

        turn.Note("was told to stand for election");
        turn.Cancel(_lease);
        turn.Start(_election);
        return BecomeCandidate(state, disruptive: true, turn);
    }

    private RaftState AskPreVotes(RaftState state, Turn<RaftMessage> turn)
    {
        var asking = state with
        {
            Role = ServerRole.PreCandidate,
            LeaderId = null,
            Candidacy = new Candidacy([turn.Self.Node], []),
        };
        if (Won(asking))
        {
            return BecomeCandidate(asking, disruptive: false, turn);
        }

        TellOthers(
            asking, new RaftMessage.RequestPreVote(asking.CurrentTerm + 1, asking.Log.LastIndex, asking.Log.LastTerm), turn);
        return asking;
    }

    /// <summary>Changes nothing: a question whether it would vote. It says no while it hears a leader.</summary>
    private RaftState AnswerPreVote(
        RaftState state, Address sender, RaftMessage.RequestPreVote ask, Turn<RaftMessage> turn)
    {
        var granted = !HearsLeader(state) && ask.NextTerm > state.CurrentTerm
            && IsUpToDate(state, ask.LastLogIndex, ask.LastLogTerm);
        turn.Tell(sender, new RaftMessage.RequestPreVoteReply(state.CurrentTerm, ask.NextTerm, granted));
        return state;
    }

    private RaftState CountPreVote(
        RaftState state, Address sender, RaftMessage.RequestPreVoteReply answer, Turn<RaftMessage> turn)
    {
        if (state.Role != ServerRole.PreCandidate || answer.NextTerm != state.CurrentTerm + 1)
        {
            return state; // an answer to an earlier question
        }

        var counted = Count(state, sender, answer.VoteGranted);
        return Won(counted) ? BecomeCandidate(counted, disruptive: false, turn) : Lost(counted, turn);
    }

    /// <summary>
    /// Section 5.2: increments its term, votes for itself, and asks the others in parallel. Its own vote is a message too:
    /// it leaves when the disk has the vote, so nobody leads a term that it could forget.
    /// </summary>
    private RaftState BecomeCandidate(RaftState state, bool disruptive, Turn<RaftMessage> turn)
    {
        var self = turn.Self.Node;
        var candidate = state with
        {
            Disk = state.Disk with { CurrentTerm = state.CurrentTerm + 1, VotedFor = self },
            Role = ServerRole.Candidate,
            LeaderId = null,
            Candidacy = new Candidacy([], []),
            Incoming = null, // what the leader of another term had to send
        };
        turn.Note($"stands for election in term {candidate.CurrentTerm}");
        turn.Tell(turn.Self, new RaftMessage.RequestVoteReply(candidate.CurrentTerm, true));
        var log = candidate.Log;
        TellOthers(
            candidate, new RaftMessage.RequestVote(candidate.CurrentTerm, log.LastIndex, log.LastTerm, disruptive), turn);
        return candidate;
    }

    /// <summary>
    /// Figure 2, RequestVote, receiver implementation. The term is already the sender's, if that was larger.
    /// </summary>
    private RaftState AnswerVote(RaftState state, Address sender, RaftMessage.RequestVote ask, Turn<RaftMessage> turn)
    {
        if (IgnoresVote(state, ask))
        {
            return state; // thesis 4.2.3: neither its term nor a vote for who disturbs a leader that works
        }

        var granted = ask.Term == state.CurrentTerm
            && (state.Disk.VotedFor is null || state.Disk.VotedFor == sender.Node)
            && IsUpToDate(state, ask.LastLogIndex, ask.LastLogTerm);
        turn.Tell(sender, new RaftMessage.RequestVoteReply(state.CurrentTerm, granted));
        if (!granted)
        {
            return state;
        }

        Invariant.Require(state.Role is ServerRole.Follower or ServerRole.PreCandidate, "Leaders and candidates have voted");
        if (state.LeaderId is null)
        {
            turn.Start(_election); // section 5.2: granting a vote is as good as hearing a leader
        }

        return state.Disk.VotedFor == sender.Node
            ? state
            : state with
            {
                Disk = RecordVote(state.Disk, sender.Node),
                Role = ServerRole.Follower,
                Candidacy = null,
            };
    }

    /// <summary>Figure 2 has votedFor on the disk: a server that forgot it could give two votes in one term.</summary>
    protected virtual RaftDisk RecordVote(RaftDisk disk, NodeId candidate) => disk with { VotedFor = candidate };

    private RaftState CountVote(RaftState state, Address sender, RaftMessage.RequestVoteReply answer, Turn<RaftMessage> turn)
    {
        if (state.Role != ServerRole.Candidate || answer.Term != state.CurrentTerm)
        {
            return state; // a vote of an earlier term, or one more than needed
        }

        var counted = Count(state, sender, answer.VoteGranted);
        return Won(counted) ? BecomeLeader(counted, turn) : Lost(counted, turn);
    }

    private static RaftState Count(RaftState state, Address voter, bool granted) => state with
    {
        Candidacy = granted
            ? state.Candidacy! with { Granted = state.Candidacy.Granted.Add(voter.Node) }
            : state.Candidacy! with { Refused = state.Candidacy.Refused.Add(voter.Node) },
    };

    private static bool Won(RaftState state) => VotersAmong(state, state.Candidacy!.Granted) >= Majority(state);

    /// <summary>Learners and servers of other configurations may answer too; their votes do not count.</summary>
    private static int VotersAmong(RaftState state, Set<NodeId> nodes)
    {
        var voters = 0;
        foreach (var node in nodes)
        {
            voters += Members(state).Contains(node) ? 1 : 0;
        }

        return voters;
    }

    /// <summary>With a majority against it, it waits as a follower for the next leader, or the next try.</summary>
    private RaftState Lost(RaftState state, Turn<RaftMessage> turn) =>
        VotersAmong(state, state.Candidacy!.Refused) >= Majority(state) ? BecomeFollower(state, state.CurrentTerm, turn) : state;

    /// <summary>
    /// Section 5.4.1: the log whose last entry has the later term, or the longer one of the same last term.
    /// </summary>
    protected virtual bool IsUpToDate(RaftState voter, long lastLogIndex, long lastLogTerm) =>
        lastLogTerm > voter.Log.LastTerm
        || (lastLogTerm == voter.Log.LastTerm && lastLogIndex >= voter.Log.LastIndex);

    private bool HearsLeader(RaftState state) => Options.CheckQuorum && state.LeaderId is not null;

    private bool IgnoresVote(RaftState state, RaftMessage message) =>
        message is RaftMessage.RequestVote { Disruptive: false } ask && ask.Term > state.CurrentTerm && HearsLeader(state);

    /// <summary>
    /// Section 5.2: once a candidate wins, it becomes leader, and at once says so; section 8: with a no-op.
    /// </summary>
    private RaftState BecomeLeader(RaftState state, Turn<RaftMessage> turn)
    {
        turn.Note($"leads term {state.CurrentTerm}");
        turn.Cancel(_election);
        turn.Start(_heartbeat);
        if (Options.CheckQuorum)
        {
            turn.Start(_quorum);
        }

        var last = state.Log.LastIndex;
        var others = Members(state).Union(state.Configuration.Learners).Remove(turn.Self.Node);
        var followers = others.ToMap(member => member, _ => NewFollower(state.Log));
        var leader = state with
        {
            Role = ServerRole.Leader,
            LeaderId = turn.Self.Node,
            Candidacy = null,
            Leadership = new Leadership(
                followers, FirstIndex: last + 1, DurableIndex: last, UncommittedBytes: 0, Round: 0, ConfirmedRound: 0,
                Reads: default),
        };
        return GoOnWithLearners(Propose(leader, LogCommand.NoOp.Instance, turn), null, turn);
    }

    /// <summary>
    /// Thesis 6.2: a leader that does not hear from a majority makes way, and lets its clients look elsewhere.
    /// </summary>
    private RaftState CheckQuorum(RaftState state, Turn<RaftMessage> turn)
    {
        var leadership = state.Leadership!;
        var active = Members(state).Contains(turn.Self.Node) ? 1 : 0;
        var followers = leadership.Followers;
        foreach (var (node, progress) in leadership.Followers)
        {
            if (progress.Active)
            {
                active += Members(state).Contains(node) ? 1 : 0;
                followers = followers.Set(node, progress with { Active = false });
            }
        }

        if (active < Majority(state))
        {
            turn.Note($"hears {active} of {Members(state).Count} servers, itself included");
            return BecomeFollower(state, state.CurrentTerm, turn);
        }

        turn.Start(_quorum);
        return state with { Leadership = leadership with { Followers = followers } };
    }
}
