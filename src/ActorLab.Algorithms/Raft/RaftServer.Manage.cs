using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <content>
/// What whoever runs the servers asks of one of them: a snapshot it takes itself, everything else it asks of the leader. An
/// answer that is lost leaves the change unknown; asking again is safe.
/// </content>
public partial class RaftServer
{
    private RaftState TakeChange(RaftState state, RaftMessage.Manage manage, Turn<RaftMessage> turn)
    {
        var (operation, change) = (manage.Operation, manage.Change);
        if (operation > 0)
        {
            turn.Report(new HistoryEvent.Invoked(operation, change));
            turn.Start(_patience);
            state = state with { Managing = state.Managing.Add(operation) };
        }

        if (change is RaftChange.TakeSnapshot)
        {
            return SnapshotNow(state, operation, turn);
        }

        if (state.Role == ServerRole.Leader)
        {
            return Change(state, turn.Self, operation, change, turn);
        }

        if (state.LeaderId is { } leader)
        {
            turn.Tell(ServerOn(leader), new RaftMessage.ManageFor(operation, change));
            return state;
        }

        return Finish(
            state, operation, ChangeOutcome.Failed,
            IsOutside(state, turn) ? RaftClientProtocol.OutsideSentence(turn.Self.Node)
                : $"{turn.Self.Node} knows no leader: ask another node, or again later.",
            turn);
    }

    /// <summary>From the server that was asked.</summary>
    private RaftState TakeForwarded(RaftState state, Address asker, RaftMessage.ManageFor manage, Turn<RaftMessage> turn)
    {
        if (state.Role == ServerRole.Leader)
        {
            return Change(state, asker, manage.Operation, manage.Change, turn);
        }

        turn.Tell(asker, new RaftMessage.Managed(
            manage.Operation, ChangeOutcome.Failed, $"{turn.Self.Node} leads no more: ask again."));
        return state;
    }

    private RaftState SnapshotNow(RaftState state, long operation, Turn<RaftMessage> turn)
    {
        var (node, index) = (turn.Self.Node, state.LastApplied);
        return index == state.Log.SnapshotIndex
            ? Finish(state, operation, ChangeOutcome.Done, $"The log of {node} is compacted through {index} already.", turn)
            : Finish(
                Compact(state, SnapshotOf(state)), operation, ChangeOutcome.Done, $"The log of {node} is compacted through {index}.", turn);
    }

    /// <summary>The leader's part.</summary>
    private RaftState Change(RaftState state, Address asker, long operation, RaftChange change, Turn<RaftMessage> turn)
    {
        if (Nonsense(state, change) is { } reason)
        {
            return Answer(state, asker, operation, ChangeOutcome.Refused, reason, turn);
        }

        if (change is RaftChange.Transfer transfer)
        {
            return HandOver(state, new Handover(transfer.To, asker, operation), turn);
        }

        return WhyNotYet(state) is { } wait
            ? Answer(state, asker, operation, ChangeOutcome.Failed, wait, turn)
            : change switch
            {
                RaftChange.Add add => AddLearner(state, new OpenChange(asker, operation, add.Server, 0, 1, 0, false), turn),
                RaftChange.Remove remove => RemoveServer(state, asker, operation, remove.Server, turn),
                _ => state, // a snapshot is for the server that is asked
            };
    }

    /// <summary>Why a change makes no sense, as a sentence; null when it does.</summary>
    private string? Nonsense(RaftState state, RaftChange change)
    {
        var (voters, learners) = (state.Configuration.Voters, state.Configuration.Learners);
        var all = string.Join(", ", voters);
        return change switch
        {
            RaftChange.Add { Server: var server } =>
                voters.Contains(server) ? $"{server} is a member already."
                : !Options.Servers.IsEmpty && !Options.Servers.Contains(server)
                    ? $"{server} has no server: the servers are {string.Join(", ", Options.Servers)}."
                : null,
            RaftChange.Remove { Server: var server } =>
                !voters.Contains(server) && !learners.Contains(server) ? $"{server} is no member: the members are {all}."
                : voters.Count == 1 && voters.Contains(server)
                    ? $"{server} is the last member: without it there would be nobody to ask. Add another one first."
                : null,
            RaftChange.Transfer { To: var to } =>
                learners.Contains(to) ? $"{to} is a learner: it can lead when it has caught up and votes."
                : !voters.Contains(to) ? $"{to} is no member: the members are {all}."
                : null,
            _ => null,
        };
    }

    private RaftState Answer(
        RaftState state, Address? asker, long operation, ChangeOutcome outcome, string says, Turn<RaftMessage> turn)
    {
        if (asker is { } other && other.Node != turn.Self.Node)
        {
            turn.Tell(other, new RaftMessage.Managed(operation, outcome, says));
            return state;
        }

        return Finish(state, operation, outcome, says, turn); // where nobody asked, the number is 0
    }

    /// <summary>Tells the user, once.</summary>
    private static RaftState Finish(
        RaftState state, long operation, ChangeOutcome outcome, string says, Turn<RaftMessage> turn)
    {
        turn.Note(says);
        if (!state.Managing.Contains(operation))
        {
            return state; // nobody waits for it, or not any more
        }

        turn.Report(outcome switch
        {
            ChangeOutcome.Failed => new HistoryEvent.Completed(operation, Outcome.Failed, null, says),
            ChangeOutcome.Unknown => new HistoryEvent.Completed(operation, Outcome.Unknown, null, says),
            _ => new HistoryEvent.Completed(operation, Outcome.Ok, new ChangeReply(outcome == ChangeOutcome.Refused, says), ""),
        });
        return state with { Managing = state.Managing.Remove(operation) };
    }

    /// <summary>An answer was lost, or never came.</summary>
    private RaftState GiveUpChanges(RaftState state, Turn<RaftMessage> turn)
    {
        foreach (var operation in state.Managing)
        {
            state = Finish(
                state, operation, ChangeOutcome.Unknown,
                "The leader gave no answer in time: it is unknown whether this took effect. Ask for the status, or again.", turn);
        }

        return state;
    }

    /// <summary>A leader that steps down tells who waits for changes.</summary>
    private RaftState CloseChanges(RaftState leader, long term, Turn<RaftMessage> turn)
    {
        var node = turn.Self.Node;
        var leads = leader.Leadership!;
        if (leads.Handover is { } handover)
        {
            leader = term > leader.CurrentTerm
                ? Answer(
                    leader, handover.Asker, handover.Operation, ChangeOutcome.Done, $"{node} made way for {handover.To} in term {term}.", turn)
                : Answer(
                    leader, handover.Asker, handover.Operation, ChangeOutcome.Failed, $"{node} leads no more, and {handover.To} not yet.", turn);
            turn.Cancel(_handover);
        }

        if (leads.Change is { } change)
        {
            leader = Answer(
                leader, change.Asker, change.Operation, ChangeOutcome.Unknown,
                change.Round > 0
                    ? $"{node} leads no more: it is unknown whether the next leader knows of the learner {change.Server}. If so, it goes on"
                        + " with it: ask for the status, or again."
                    : $"{node} leads no more: it is unknown whether the next leader has the change of {change.Server}.",
                turn);
            turn.Cancel(_catchUp);
        }

        return leader;
    }
}
