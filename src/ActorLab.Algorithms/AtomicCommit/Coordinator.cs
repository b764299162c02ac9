using ActorLab.Core;
using static ActorLab.Algorithms.AtomicCommit.CommitMessage;

namespace ActorLab.Algorithms.AtomicCommit;

/// <summary>
/// The coordinator of section 7.4, with presumed abort: it forces its Commit to the disk before anybody hears of it, and
/// nothing else.
/// </summary>
/// <param name="participants">The nodes that have accounts.</param>
/// <param name="options">The same on all nodes.</param>
public partial class Coordinator(Set<NodeId> participants, CommitOptions options)
    : IRole<CoordinatorState, CoordinatorDisk, CommitMessage>
{
    public const string RoleName = "coordinator";

    /// <summary>
    /// A note of the turn that takes the last Yes; a host may crash the node in it before the disk is written.
    /// </summary>
    public const string VotesPoint = "all have voted Yes";

    /// <summary>
    /// A note of the same turn; a host may crash the node in it behind the write, before any message leaves.
    /// </summary>
    public const string DecisionPoint = "decides to commit";

    private readonly Timer _resend = Timer.Fixed("resend", options.Resend);

    public CoordinatorDisk EmptyDisk { get; } = new(0, default);

    /// <summary>
    /// Section 7.4, recovery: what it committed it says again; what it did not log is aborted, without a word.
    /// </summary>
    public virtual CoordinatorState Boot(CoordinatorDisk disk, Turn<CommitMessage> turn)
    {
        TellCommitted(disk, turn);
        return new CoordinatorState(disk with { Incarnation = disk.Incarnation + 1 }, 0, default, default);
    }

    public CoordinatorState Receive(
        CoordinatorState state, Address sender, CommitMessage message, Turn<CommitMessage> turn) =>
        message switch
        {
            Invoke invoke when sender == Address.Outside => TakeOperation(state, invoke, turn),
            Vote vote => CountVote(state, sender.Node, vote, turn),
            Acknowledge(var transaction) => HearAcknowledgement(state, sender.Node, transaction, turn),
            DecisionRequest(var transaction) => AnswerRequest(state, sender, transaction, turn),
            LedgerIs ledger => HearLedger(state, sender.Node, ledger, turn),
            _ => state, // Nobody says anything else to a coordinator: of what is not meant for it nothing follows.
        };

    public virtual CoordinatorState Expire(CoordinatorState state, Timer timer, Turn<CommitMessage> turn)
    {
        if (timer.Name == _resend.Name)
        {
            TellCommitted(state.Disk, turn);
            return state;
        }

        foreach (var (transaction, _) in state.Open)
        {
            if (VotesOf(transaction).Name == timer.Name)
            {
                return Abort(state, transaction, null, "not all participants voted in time", turn);
            }
        }

        return EndQuestion(state, timer, turn);
    }

    /// <summary>AC3: every participant has voted Yes.</summary>
    protected virtual bool IsUnanimous(Voting voting) => voting.Yes == voting.Participants;

    /// <summary>
    /// Whether the decision is still to come. Only of what it neither decides nor committed may a coordinator say that it is
    /// aborted.
    /// </summary>
    protected virtual bool IsOpen(CoordinatorState state, TransactionId transaction) => state.Open.ContainsKey(transaction);

    /// <summary>Who must acknowledge a Commit after this one has; nobody left, and it may be forgotten.</summary>
    protected virtual Set<NodeId> Unacknowledged(Set<NodeId> before, NodeId participant) => before.Remove(participant);

    private Timer VotesOf(TransactionId transaction) =>
        Timer.Between($"votes {transaction}", options.VotesEarliest, options.VotesLatest);

    /// <summary>Phase 1: asks every participant for its vote.</summary>
    private CoordinatorState Begin(
        CoordinatorState state, long operation, CommitCommand.Transfer transfer, Turn<CommitMessage> turn)
    {
        var transaction = new TransactionId(turn.Self.Node, state.Disk.Incarnation, state.Number + 1);
        var changes = transfer.Changes();
        var voting = new Voting(operation, changes.Keys.ToSet(), []);
        var after = state with { Number = transaction.Number, Open = state.Open.Set(transaction, voting) };
        var oldest = after.Open.Keys.Concat(after.Disk.Committed.Keys).Min();
        foreach (var (node, there) in changes)
        {
            turn.Tell(Participant.On(node), new VoteRequest(transaction, there, voting.Participants, oldest));
        }

        turn.Start(VotesOf(transaction));
        return after;
    }

    private CoordinatorState CountVote(CoordinatorState state, NodeId voter, Vote vote, Turn<CommitMessage> turn)
    {
        if (!state.Open.TryGetValue(vote.Transaction, out var voting) || !voting.Participants.Contains(voter))
        {
            return state; // It is decided; who is in doubt asks.
        }

        if (!vote.Yes)
        {
            return Abort(state, vote.Transaction, voter, vote.Why, turn);
        }

        var counted = voting with { Yes = voting.Yes.Add(voter) };
        return IsUnanimous(counted)
            ? Commit(state, vote.Transaction, counted, turn)
            : state with { Open = state.Open.Set(vote.Transaction, counted) };
    }

    /// <summary>
    /// Phase 2 after a Yes of all. The decision is made when it is on the disk; only then does a message leave.
    /// </summary>
    protected CoordinatorState Commit(
        CoordinatorState state, TransactionId transaction, Voting voting, Turn<CommitMessage> turn)
    {
        turn.Note(VotesPoint);
        turn.Note(DecisionPoint);
        turn.Cancel(VotesOf(transaction));
        foreach (var node in voting.Participants)
        {
            turn.Tell(Participant.On(node), new Decide(transaction, Decision.Commit));
        }

        if (state.Disk.Committed.IsEmpty && !options.Patient)
        {
            turn.Start(_resend);
        }

        turn.Report(new HistoryEvent.Completed(voting.Operation, Outcome.Ok, new CommitReply.Committed(transaction), ""));
        return state with
        {
            Open = state.Open.Remove(transaction),
            Disk = state.Disk with { Committed = state.Disk.Committed.Set(transaction, voting.Participants) },
        };
    }

    /// <summary>Phase 2 otherwise. Nothing is written: whoever asks later is told the same by presumption.</summary>
    private CoordinatorState Abort(
        CoordinatorState state, TransactionId transaction, NodeId? refused, string why, Turn<CommitMessage> turn)
    {
        var voting = state.Open[transaction];
        turn.Cancel(VotesOf(transaction));
        foreach (var node in voting.Participants)
        {
            if (node != refused)
            {
                turn.Tell(Participant.On(node), new Decide(transaction, Decision.Abort));
            }
        }

        turn.Report(new HistoryEvent.Completed(
            voting.Operation, Outcome.Failed, null, $"The transfer is aborted, nothing is moved: {why}."));
        return state with { Open = state.Open.Remove(transaction) };
    }

    private CoordinatorState HearAcknowledgement(
        CoordinatorState state, NodeId participant, TransactionId transaction, Turn<CommitMessage> turn)
    {
        if (!state.Disk.Committed.TryGetValue(transaction, out var waits) || !waits.Contains(participant))
        {
            return state;
        }

        var left = Unacknowledged(waits, participant);
        var committed = left.IsEmpty
            ? state.Disk.Committed.Remove(transaction)
            : state.Disk.Committed.Set(transaction, left);
        if (committed.IsEmpty)
        {
            turn.Cancel(_resend);
        }

        return state with { Disk = state.Disk with { Committed = committed } };
    }

    /// <summary>
    /// Presumed abort: what is not open and not among the committed was aborted, or all know that it was not.
    /// </summary>
    private CoordinatorState AnswerRequest(
        CoordinatorState state, Address sender, TransactionId transaction, Turn<CommitMessage> turn)
    {
        if (transaction.Coordinator == turn.Self.Node && !IsOpen(state, transaction))
        {
            turn.Tell(sender, new Decide(
                transaction, state.Disk.Committed.ContainsKey(transaction) ? Decision.Commit : Decision.Abort));
        }

        return state;
    }

    private void TellCommitted(CoordinatorDisk disk, Turn<CommitMessage> turn)
    {
        foreach (var (transaction, waits) in disk.Committed)
        {
            foreach (var node in waits)
            {
                turn.Tell(Participant.On(node), new Decide(transaction, Decision.Commit));
            }
        }

        if (!disk.Committed.IsEmpty && !options.Patient)
        {
            turn.Start(_resend);
        }
    }
}
