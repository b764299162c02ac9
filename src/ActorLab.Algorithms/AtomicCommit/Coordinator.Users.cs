using ActorLab.Core;
using static ActorLab.Algorithms.AtomicCommit.CommitMessage;

namespace ActorLab.Algorithms.AtomicCommit;

/// <content>The operations of users.</content>
public partial class Coordinator
{
    private CoordinatorState TakeOperation(CoordinatorState state, Invoke invoke, Turn<CommitMessage> turn)
    {
        turn.Report(new HistoryEvent.Invoked(invoke.Operation, invoke.Command));
        if (RefusalOf(invoke.Command) is { } refusal)
        {
            turn.Report(new HistoryEvent.Completed(invoke.Operation, Outcome.Failed, null, refusal));
            return state;
        }

        return invoke.Command is CommitCommand.Transfer transfer
            ? Begin(state, invoke.Operation, transfer, turn)
            : Ask(state, invoke, turn);
    }

    private string? RefusalOf(CommitCommand command) =>
        command.Refusal() ?? command.Stray(participants);

    private Timer LedgersFor(long operation) => Timer.Fixed($"ledgers {operation}", options.Ledgers);

    private CoordinatorState Ask(CoordinatorState state, Invoke invoke, Turn<CommitMessage> turn)
    {
        turn.Tell(participants.Select(Participant.On), new LedgerRequest(invoke.Operation));
        turn.Start(LedgersFor(invoke.Operation));
        return state with { Questions = state.Questions.Set(invoke.Operation, new Question(invoke.Command, default)) };
    }

    private CoordinatorState HearLedger(CoordinatorState state, NodeId participant, LedgerIs told, Turn<CommitMessage> turn)
    {
        if (!state.Questions.TryGetValue(told.Operation, out var question) || !participants.Contains(participant))
        {
            return state; // It is answered without, or it was not asked.
        }

        var heard = question with { Heard = question.Heard.Set(participant, told.Ledger) };
        var after = state with { Questions = state.Questions.Set(told.Operation, heard) };
        return heard.Heard.Count < participants.Count ? after : Answer(after, told.Operation, turn);
    }

    private CoordinatorState EndQuestion(CoordinatorState state, Timer timer, Turn<CommitMessage> turn)
    {
        foreach (var (operation, _) in state.Questions)
        {
            if (LedgersFor(operation).Name == timer.Name)
            {
                return Answer(state, operation, turn);
            }
        }

        return state;
    }

    private CoordinatorState Answer(CoordinatorState state, long operation, Turn<CommitMessage> turn)
    {
        var (command, heard) = state.Questions[operation];
        var silent = participants.Except(heard.Keys);
        CommitReply reply = command is CommitCommand.Accounts
            ? new CommitReply.Ledgers(heard, silent)
            : new CommitReply.Open(
                state.Open.ToMap(one => one.Key, one => one.Value.Participants.Except(one.Value.Yes)),
                state.Disk.Committed,
                heard.Where(one => !one.Value.InDoubt.IsEmpty).ToMap(one => one.Key, one => one.Value.InDoubt),
                silent);
        turn.Cancel(LedgersFor(operation));
        turn.Report(new HistoryEvent.Completed(operation, Outcome.Ok, reply, ""));
        return state with { Questions = state.Questions.Remove(operation) };
    }
}
