using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <content>
/// Cluster membership changes: thesis chapter 4, one server at a time. A server uses the latest configuration in its log,
/// whether or not it is committed.
/// </content>
public partial class RaftServer
{
    /// <summary>The members as of an index, and the entry that says so; null where the scenario does.</summary>
    private (LogCommand.Configure? Entry, long Index) ConfigurationAt(RaftState state, long index)
    {
        if (state.ConfigurationIndex <= index)
        {
            return state.ConfigurationIndex == 0 ? (null, 0) : (state.Configuration, state.ConfigurationIndex);
        }

        return FindConfiguration(state.Disk, index);
    }

    private static (LogCommand.Configure? Entry, long Index) FindConfiguration(RaftDisk disk, long index)
    {
        for (var i = index; i > disk.Log.SnapshotIndex; i--)
        {
            if (disk.Log[i].Command is LogCommand.Configure entry)
            {
                return (entry, i);
            }
        }

        // Where in the snapshot it was is not known, and no matter: it is committed.
        return (disk.Snapshot.Configuration, disk.Snapshot.Configuration is null ? 0 : disk.Log.SnapshotIndex);
    }

    /// <summary>Reads the members from the log, up to an index that is its last or behind which no entry speaks of them.</summary>
    private RaftState Configured(RaftState state, long through)
    {
        var (entry, index) = FindConfiguration(state.Disk, through);
        return state with { Configuration = entry ?? _bootstrap, ConfigurationIndex = index };
    }

    /// <summary>The log with what a leader sent: with other members, if it says so or replaces what did.</summary>
    private RaftState Adopt(RaftState state, Log log, RaftMessage.AppendEntries append)
    {
        var adopted = state with { Disk = state.Disk with { Log = log } };
        for (var i = append.Entries.Count - 1; i >= 0; i--)
        {
            if (append.Entries[i].Command is LogCommand.Configure entry)
            {
                return adopted with { Configuration = entry, ConfigurationIndex = append.PrevLogIndex + i + 1 };
            }
        }

        return state.ConfigurationIndex > append.PrevLogIndex ? Configured(adopted, log.LastIndex) : adopted;
    }

    /// <summary>
    /// Thesis 4.2.1: "if a round takes more than an election timeout, the leader goes on", at most so often for whoever waits.
    /// </summary>
    private const int CatchUpRounds = 10;

    /// <summary>
    /// Whether a leader may append a configuration. It must have committed an entry of its term: else two leaders could commit
    /// changes whose majorities do not overlap (Ongaro, "bug in single-server membership changes", raft-dev, 2015).
    /// </summary>
    protected virtual bool MayChangeMembers(RaftState leader) => leader.CommitIndex >= leader.Leadership!.FirstIndex;

    /// <summary>Why no change can begin now, as a sentence; null when one can.</summary>
    private string? WhyNotYet(RaftState state) =>
        !MayChangeMembers(state) ? "The leader has committed nothing in its term yet: ask again in a moment."
        : state.ConfigurationIndex > state.CommitIndex || state.Leadership!.Change is { Asker: not null }
            ? "Another change of the members is under way, and they change one at a time: ask again when it is done."
        : null;

    /// <summary>The leader uses a configuration from the moment on that it is in its log (thesis 4.1).</summary>
    private RaftState Configure(RaftState state, LogCommand.Configure next, OpenChange change, Turn<RaftMessage> turn)
    {
        var index = state.Log.LastIndex + 1;
        turn.Note($"members: {string.Join(", ", next.Voters)}{(next.Learners.IsEmpty ? "" : $"; learners: {string.Join(", ", next.Learners)}")}");
        var followers = state.Leadership!.Followers;
        foreach (var node in next.Voters.Union(next.Learners).Remove(turn.Self.Node))
        {
            // Who goes stays among them until the change is committed, so that it hears of it.
            followers = followers.ContainsKey(node) ? followers : followers.Set(node, NewFollower(state.Log));
        }

        return Propose(
            state with
            {
                Configuration = next,
                ConfigurationIndex = index,
                Leadership = state.Leadership with
                {
                    Followers = followers,
                    Change = change.Round == 0 ? change with { Index = index } : change,
                },
            },
            next, turn);
    }

    private static Progress NewFollower(Log log) =>
        new(NextIndex: log.LastIndex + 1, MatchIndex: 0, Round: 0, Active: false, InFlight: default);

    /// <summary>Thesis 4.2.1: a new server gets the log before it counts, for a majority with an empty one could commit nothing.</summary>
    private RaftState AddLearner(RaftState state, OpenChange change, Turn<RaftMessage> turn)
    {
        var (voters, learners) = (state.Configuration.Voters, state.Configuration.Learners);
        turn.Start(_catchUp);
        return learners.Contains(change.Server)
            ? state with { Leadership = state.Leadership! with { Change = change with { Target = state.Log.LastIndex } } }
            : Configure(
                state, new LogCommand.Configure(voters, learners.Add(change.Server)),
                change with { Target = state.Log.LastIndex + 1 }, turn);
    }

    private RaftState RemoveServer(RaftState state, Address asker, long operation, NodeId server, Turn<RaftMessage> turn) => Configure(
        state,
        new LogCommand.Configure(state.Configuration.Voters.Remove(server), state.Configuration.Learners.Remove(server)),
        new OpenChange(asker, operation, server, 0, 0, 0, false), turn);

    /// <summary>
    /// A learner has what the leader had when the round began. Where that took less than an election timeout, what it lacks
    /// now is as little, and it becomes a voter; else the next round begins.
    /// </summary>
    private RaftState CatchUp(RaftState state, NodeId node, Turn<RaftMessage> turn)
    {
        var leads = state.Leadership!;
        if (leads.Change is not { Round: > 0 } change || change.Server != node || leads.Followers[node].MatchIndex < change.Target)
        {
            return state;
        }

        if (change.Slow)
        {
            return NextRound(state, change, turn);
        }

        if (!MayChangeMembers(state) || state.ConfigurationIndex > state.CommitIndex)
        {
            return state; // the entry that made it a learner comes first
        }

        turn.Cancel(_catchUp);
        var (voters, learners) = (state.Configuration.Voters, state.Configuration.Learners);
        return Configure(
            state, new LogCommand.Configure(voters.Add(node), learners.Remove(node)), change with { Round = 0 }, turn);
    }

    /// <summary>Whoever waits is told after so many; then the leader goes on by itself, a round for each learner in turn.</summary>
    private RaftState NextRound(RaftState state, OpenChange change, Turn<RaftMessage> turn)
    {
        var leads = state.Leadership!;
        if (change.Asker is not null && change.Round < CatchUpRounds)
        {
            turn.Start(_catchUp);
            var next = change with { Round = change.Round + 1, Target = state.Log.LastIndex, Slow = false };
            return state with { Leadership = leads with { Change = next } };
        }

        turn.Cancel(_catchUp);
        var alone = state with { Leadership = leads with { Change = null } };
        return GoOnWithLearners(
            change.Asker is null ? alone : Answer(
                alone, change.Asker, change.Operation, ChangeOutcome.Unknown,
                $"{change.Server} did not catch up in {CatchUpRounds} rounds, and it is unknown when it will. It is a learner, and votes"
                    + " from then on; to call that off, remove it.",
                turn),
            change.Server, turn);
    }

    /// <summary>
    /// A server is a learner only because somebody asked for it as a voter, and the log says so. So every leader of that log
    /// goes on with it, however long it was down, and whoever led when it was added.
    /// </summary>
    /// <param name="leader">Without a change under way, or with one, which comes first.</param>
    /// <param name="last">The learner that had its turn; null for none.</param>
    /// <param name="turn">The turn.</param>
    protected virtual RaftState GoOnWithLearners(RaftState leader, NodeId? last, Turn<RaftMessage> turn)
    {
        var learners = leader.Configuration.Learners;
        if (learners.IsEmpty || leader.Leadership!.Change is not null)
        {
            return leader;
        }

        var next = learners[0];
        foreach (var learner in learners)
        {
            if (last is { } before && learner.CompareTo(before) > 0)
            {
                next = learner;
                break;
            }
        }

        turn.Start(_catchUp);
        var change = new OpenChange(null, 0, next, 0, 1, leader.Log.LastIndex, false);
        return leader with { Leadership = leader.Leadership with { Change = change } };
    }

    /// <summary>An election timeout has passed: the round is slow, and one that began slow is over.</summary>
    private RaftState RoundIsSlow(RaftState state, Turn<RaftMessage> turn)
    {
        if (state.Leadership?.Change is not { Round: > 0 } change)
        {
            return state;
        }

        turn.Start(_catchUp);
        return change.Slow
            ? NextRound(state, change, turn)
            : state with { Leadership = state.Leadership with { Change = change with { Slow = true } } };
    }

    /// <summary>
    /// The latest configuration is committed. Who is no member gets no more, and a leader that is none steps down (thesis
    /// 4.2.2), with a word to the follower that has most.
    /// </summary>
    private RaftState MembersAreCommitted(RaftState state, Turn<RaftMessage> turn)
    {
        var (leads, members) = (state.Leadership!, state.Configuration);
        foreach (var (node, progress) in leads.Followers)
        {
            if (!members.Voters.Contains(node) && !members.Learners.Contains(node))
            {
                SendHeartbeat(state, node, progress, turn); // it learns that it is out, if it has the entry
                leads = leads with { Followers = leads.Followers.Remove(node) };
            }
        }

        if (leads.Change is { Round: 0 } change && change.Index <= state.CommitIndex)
        {
            leads = leads with { Change = null };
            state = Answer(
                state, change.Asker, change.Operation, ChangeOutcome.Done, $"The members are {string.Join(", ", members.Voters)}.", turn);
        }

        state = state with { Leadership = leads };
        if (members.Voters.Contains(turn.Self.Node))
        {
            return GoOnWithLearners(state, null, turn);
        }

        var next = members.Voters.MaxBy(node => leads.Followers[node].MatchIndex);
        turn.Tell(ServerOn(next), new RaftMessage.TimeoutNow(state.CurrentTerm));
        return BecomeFollower(state, state.CurrentTerm, turn);
    }

    /// <summary>As far as it knows it is neither a voter nor a learner, and hears no leader that has it as one.</summary>
    private static bool IsOutside(RaftState state, Turn<RaftMessage> turn) =>
        state.LeaderId is null && !state.Configuration.Voters.Contains(turn.Self.Node)
        && !state.Configuration.Learners.Contains(turn.Self.Node);

    /// <summary>
    /// A voter; and who is no member by an entry that may not be committed: it could be the only one with that entry, and be
    /// needed to commit it (thesis 4.2.2). A learner and a server that is out for good leave the others in peace.
    /// </summary>
    private static bool MayStand(RaftState state, Turn<RaftMessage> turn) =>
        state.Configuration.Voters.Contains(turn.Self.Node)
        || (state.ConfigurationIndex > state.CommitIndex && !state.Configuration.Learners.Contains(turn.Self.Node));
}
