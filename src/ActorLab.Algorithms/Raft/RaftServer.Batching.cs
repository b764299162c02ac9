using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <content>
/// Batching: thesis 10.2.2. Whatever a round of replication costs, it costs the same for one command and for many. Clients that
/// wait for their answers fall into two groups, of which one is under way while the other waits: a leader that waits a moment
/// for those it has just answered makes one of them. What is gathered is in no log yet, as a message that is still under way.
/// </content>
public partial class RaftServer
{
    private readonly Timer _linger = Timer.Fixed("linger", options.Linger);

    /// <summary>Takes a command of a client: into the log at once, or into the next batch.</summary>
    private RaftState Gather(RaftState state, LogCommand command, Turn<RaftMessage> turn)
    {
        var leads = state.Leadership!;
        var idle = leads.Expected == 0 && state.CommitIndex == state.Log.LastIndex;
        if (Options.Linger == TimeSpan.Zero || idle)
        {
            return Propose(state, command, turn);
        }

        var gathered = leads.Gathered.Add(command);
        var after = state with
        {
            Leadership = leads with { Gathered = gathered, UncommittedBytes = leads.UncommittedBytes + command.Bytes },
        };
        return leads.Expected > 0 && gathered.Count >= leads.Expected ? SendGathered(after, turn) : after;
    }

    /// <summary>All that was in the log is committed: those who were answered may soon ask again, and others wait already.</summary>
    private RaftState GatherNext(RaftState before, RaftState state, Turn<RaftMessage> turn)
    {
        if (Options.Linger == TimeSpan.Zero || state.Leadership is not { } leads || state.CommitIndex < state.Log.LastIndex)
        {
            return state;
        }

        var answered = 0;
        for (var i = before.CommitIndex + 1; i <= state.CommitIndex; i++)
        {
            answered += state.Log[i].Command is LogCommand.Operation or LogCommand.OpenSession ? 1 : 0;
        }

        var expected = answered + leads.Gathered.Count;
        if (answered == 0 || expected == 1)
        {
            return SendGathered(state, turn); // nobody to wait for, or one client alone, which will find the leader idle
        }

        turn.Start(_linger);
        return state with { Leadership = leads with { Expected = expected } };
    }

    private RaftState SendGathered(RaftState state, Turn<RaftMessage> turn)
    {
        var leads = state.Leadership!;
        StopGathering(state, turn);
        var sent = state with { Leadership = leads with { Gathered = default, Expected = 0 } };
        return leads.Gathered.IsEmpty
            ? sent
            : Append(sent, leads.Gathered.Select(command => new LogEntry(state.CurrentTerm, command)).ToSeq(), turn);
    }

    private void StopGathering(RaftState state, Turn<RaftMessage> turn)
    {
        if (state.Leadership!.Expected > 0)
        {
            turn.Cancel(_linger);
        }
    }
}
