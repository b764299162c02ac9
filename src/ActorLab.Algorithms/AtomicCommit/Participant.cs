using ActorLab.Core;
using static ActorLab.Algorithms.AtomicCommit.CommitMessage;

namespace ActorLab.Algorithms.AtomicCommit;

/// <summary>A participant of section 7.4, with cooperative termination; it guards accounts with holds.</summary>
/// <param name="options">The same on all nodes.</param>
public class Participant(CommitOptions options) : IRole<ParticipantState, ParticipantDisk, CommitMessage>
{
    public const string RoleName = "participant";

    private readonly Timer _doubt = Timer.Between("doubt", options.DoubtEarliest, options.DoubtLatest);

    public static Address On(NodeId node) => new(node, RoleName);

    /// <summary>
    /// Who decides a transaction. Only he asks for votes; others who have a part in it may tell what he decided.
    /// </summary>
    private static Address CoordinatorOf(TransactionId transaction) => new(transaction.Coordinator, Coordinator.RoleName);

    public ParticipantDisk EmptyDisk { get; } = new(
        Enumerable.Range(0, options.AccountsEach).ToMap(NameOf, _ => options.Funds), default, default, default);

    /// <summary>Accounts are called a, b, c and so on.</summary>
    public static string NameOf(int account) => $"{(char)('a' + account)}";

    /// <summary>Section 7.4, recovery: what it voted Yes on and knows no decision of, it must ask for.</summary>
    public virtual ParticipantState Boot(ParticipantDisk disk, Turn<CommitMessage> turn)
    {
        if (!disk.Prepared.IsEmpty)
        {
            StartDoubt(turn);
        }

        return new ParticipantState(disk);
    }

    public ParticipantState Receive(ParticipantState state, Address sender, CommitMessage message, Turn<CommitMessage> turn)
    {
        switch (message)
        {
            case VoteRequest request
                when sender == CoordinatorOf(request.Transaction) && request.Oldest.Coordinator == sender.Node:
                return TakeVoteRequest(new ParticipantState(state.Disk.ForgetBefore(request.Oldest)), sender, request, turn);

            case Decide(var transaction, var decision) when sender.Role == RoleName || sender == CoordinatorOf(transaction):
                return TakeDecision(state, transaction, decision, turn);

            case DecisionRequest(var transaction) when sender.Role == RoleName:
                return AnswerRequest(state, sender, transaction, turn);

            case LedgerRequest(var operation):
                var disk = state.Disk;
                var holds = disk.Balances.Keys.ToMap(account => account, disk.HeldOf);
                turn.Tell(sender, new LedgerIs(operation, new Ledger(
                    disk.Balances, holds.RemoveAll(holds.Where(hold => hold.Value == 0).Select(hold => hold.Key)),
                    disk.Prepared.Keys.ToSet())));
                return state;

            default: // Nobody else says such a thing to a participant: nothing follows of it, least of all on its disk.
                return state;
        }
    }

    /// <summary>In doubt for too long: it asks everybody who may know, and goes on waiting.</summary>
    public virtual ParticipantState Expire(ParticipantState state, Timer timer, Turn<CommitMessage> turn)
    {
        foreach (var (transaction, prepared) in state.Disk.Prepared)
        {
            turn.Tell(CoordinatorOf(transaction), new DecisionRequest(transaction));
            foreach (var node in options.Cooperative ? prepared.Participants.Remove(turn.Self.Node) : [])
            {
                turn.Tell(On(node), new DecisionRequest(transaction));
            }
        }

        StartDoubt(turn);
        return state;
    }

    /// <summary>
    /// Why not; null when all changes can be made whatever comes of the other transactions it voted Yes on.
    /// </summary>
    protected virtual string? WhyNot(ParticipantDisk disk, Map<string, long> changes, NodeId self)
    {
        foreach (var (account, change) in changes)
        {
            if (!disk.Balances.TryGetValue(account, out var balance))
            {
                return $"{self} has no account '{account}'";
            }

            var free = balance - disk.HeldOf(account);
            if (free + change < 0)
            {
                return $"{account}@{self} has {free} free, and it takes {-change}";
            }
        }

        return null;
    }

    /// <summary>What a No leaves on the disk: a vote is never taken back.</summary>
    protected virtual ParticipantDisk Refuse(ParticipantDisk disk, TransactionId transaction) =>
        disk.Decide(transaction, Decision.Abort);

    /// <summary>The decision of a participant that is told, or decides before it voted.</summary>
    protected ParticipantState Decide(
        ParticipantState state, TransactionId transaction, Decision decision, Turn<CommitMessage> turn)
    {
        var disk = state.Disk.Decide(transaction, decision);
        if (disk.Prepared.IsEmpty && !state.Disk.Prepared.IsEmpty)
        {
            turn.Cancel(_doubt);
        }

        if (decision == Decision.Commit)
        {
            turn.Tell(CoordinatorOf(transaction), new Acknowledge(transaction));
        }

        return new ParticipantState(disk);
    }

    private void StartDoubt(Turn<CommitMessage> turn)
    {
        if (!options.Patient)
        {
            turn.Start(_doubt);
        }
    }

    /// <summary>
    /// Phase 1. A Yes is on the disk before it leaves; with a No the participant has aborted for its part.
    /// </summary>
    private ParticipantState TakeVoteRequest(
        ParticipantState state, Address sender, VoteRequest request, Turn<CommitMessage> turn)
    {
        var (disk, transaction) = (state.Disk, request.Transaction);
        if (disk.IsOver(transaction) || disk.Prepared.ContainsKey(transaction))
        {
            return state; // A repetition.
        }

        if (disk.Decided.TryGetValue(transaction, out var decided))
        {
            if (decided == Decision.Abort)
            {
                turn.Tell(sender, new Vote(transaction, false, $"{turn.Self.Node} aborted it before"));
            }

            return state;
        }

        var whyNot = WhyNot(disk, request.Changes, turn.Self.Node)
            ?? (options.Whims && turn.Choose([false, true]) ? $"{turn.Self.Node} does not want to" : null);
        turn.Tell(sender, new Vote(transaction, whyNot is null, whyNot ?? ""));
        if (whyNot is not null)
        {
            return new ParticipantState(Refuse(disk, transaction));
        }

        if (disk.Prepared.IsEmpty)
        {
            StartDoubt(turn);
        }

        return new ParticipantState(disk with
        {
            Prepared = disk.Prepared.Set(transaction, new Prepared(request.Changes, request.Participants)),
        });
    }

    private ParticipantState TakeDecision(
        ParticipantState state, TransactionId transaction, Decision decision, Turn<CommitMessage> turn)
    {
        var disk = state.Disk;
        if (disk.Prepared.ContainsKey(transaction)
            || (decision == Decision.Abort && !disk.Decided.ContainsKey(transaction) && !disk.IsOver(transaction)))
        {
            return Decide(state, transaction, decision, turn);
        }

        if (decision == Decision.Commit)
        {
            // The first one was lost.
            turn.Tell(CoordinatorOf(transaction), new Acknowledge(transaction));
        }

        return state;
    }

    /// <summary>
    /// Section 7.4, cooperative termination: who knows tells; who has not voted may still abort, and does; who is in doubt
    /// too cannot help. What is over and is asked about was aborted: of a Commit all have said that they know.
    /// </summary>
    private ParticipantState AnswerRequest(
        ParticipantState state, Address sender, TransactionId transaction, Turn<CommitMessage> turn)
    {
        var disk = state.Disk;
        if (disk.Prepared.ContainsKey(transaction))
        {
            return state;
        }

        turn.Tell(sender, new Decide(transaction, disk.Decided.FindOr(transaction, Decision.Abort)));
        return disk.Decided.ContainsKey(transaction) || disk.IsOver(transaction)
            ? state
            : Decide(state, transaction, Decision.Abort, turn);
    }
}
