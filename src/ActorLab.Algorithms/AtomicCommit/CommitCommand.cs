using System.Globalization;
using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.AtomicCommit;

/// <summary>What users ask a coordinator for.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Transfer))]
[MemoryPackUnion(1, typeof(Accounts))]
[MemoryPackUnion(2, typeof(Status))]
public abstract partial record CommitCommand
{
    /// <summary>Each of some accounts gets an amount, and one pays for all of them: all of it happens, or nothing.</summary>
    [MemoryPackable]
    public sealed partial record Transfer(Account From, Seq<Account> To, long Amount) : CommitCommand
    {
        /// <summary>What changes on each node, by the name of the account. The sum over all is 0.</summary>
        public Map<NodeId, Map<string, long>> Changes()
        {
            var changes = Map<NodeId, Map<string, long>>.Empty;
            foreach (var (account, change) in To.Select(to => (to, Amount)).Append((From, -Amount * To.Count)))
            {
                changes = changes.Set(account.Node, changes.FindOr(account.Node, default).Set(account.Name, change));
            }

            return changes;
        }
    }

    /// <summary>What is on all accounts now, and what is held there. No transaction: nodes are asked one by one.</summary>
    [MemoryPackable]
    public sealed partial record Accounts : CommitCommand;

    /// <summary>Which transactions are open, and who is in doubt about which.</summary>
    [MemoryPackable]
    public sealed partial record Status : CommitCommand;

    /// <summary>Why nobody would take the command, as a sentence; null when somebody would.</summary>
    public string? Refusal() => this switch
    {
        Transfer { Amount: < 1 } transfer =>
            $"A transfer of {transfer.Amount} moves nothing: the amount is 1 to {MostAmount}.",
        Transfer { Amount: > MostAmount } transfer =>
            $"A transfer of {transfer.Amount} is too much: the amount is 1 to {MostAmount}.",
        Transfer { To.IsEmpty: true } => "A transfer needs an account to go to.",
        Transfer transfer when transfer.To.Contains(transfer.From) =>
            $"A transfer from {transfer.From} to itself moves nothing: name another account.",
        Transfer transfer when transfer.To.ToSet().Count < transfer.To.Count =>
            "A transfer names each account that it goes to once.",
        Transfer { To.Count: > MostTargets } => $"A transfer goes to {MostTargets} accounts at most.",
        _ => null,
    };

    /// <summary>Why it cannot be done with accounts on these nodes, as a sentence; null when it can.</summary>
    public string? Stray(Set<NodeId> nodes) =>
        this is Transfer transfer
        && transfer.To.Append(transfer.From).Where(account => !nodes.Contains(account.Node)).Select(account => (Account?)account)
            .FirstOrDefault() is { } stray
            ? $"{stray} is on no node that has accounts. These have: {string.Join(", ", nodes)}."
            : null;

    /// <summary>The most that one account gets in one transfer.</summary>
    public const long MostAmount = 1_000_000_000;

    /// <summary>The most accounts that one transfer goes to.</summary>
    public const int MostTargets = 9;
}

/// <summary>What users hear when a command succeeded.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Committed))]
[MemoryPackUnion(1, typeof(Ledgers))]
[MemoryPackUnion(2, typeof(Open))]
public abstract partial record CommitReply
{
    /// <summary>The transfer is committed: what it changes will be seen on every node, whatever crashes.</summary>
    [MemoryPackable]
    public sealed partial record Committed(TransactionId Transaction) : CommitReply;

    /// <param name="Nodes">What those have that answered.</param>
    /// <param name="Silent">Who did not.</param>
    [MemoryPackable]
    public sealed partial record Ledgers(Map<NodeId, Ledger> Nodes, Set<NodeId> Silent) : CommitReply;

    /// <param name="Voting">The transactions of the asked coordinator that wait for votes, and whose.</param>
    /// <param name="Unacknowledged">Those it committed, and who has not said that it knows.</param>
    /// <param name="InDoubt">Who voted Yes and knows no decision, of those that answered.</param>
    /// <param name="Silent">Who did not answer.</param>
    [MemoryPackable]
    public sealed partial record Open(
        Map<TransactionId, Set<NodeId>> Voting, Map<TransactionId, Set<NodeId>> Unacknowledged,
        Map<NodeId, Set<TransactionId>> InDoubt, Set<NodeId> Silent) : CommitReply;
}

/// <summary>What a participant guards.</summary>
/// <param name="Balances">What is on its accounts.</param>
/// <param name="Holds">What of that is promised to transactions that are in doubt; accounts without are missing.</param>
/// <param name="InDoubt">Those transactions.</param>
[MemoryPackable]
public sealed partial record Ledger(Map<string, long> Balances, Map<string, long> Holds, Set<TransactionId> InDoubt);

/// <summary>What users may ask for, once for console, HTTP and workloads.</summary>
public static class CommitOperations
{
    private const int MostAccountBytes = 4 * Account.MostNameCharacters;

    /// <param name="nodes">Those with accounts; empty where that is not known, and the coordinator says what is wrong.</param>
    public static Seq<OperationKind> For(Set<NodeId> nodes) =>
    [
        new OperationKind(
            "transfer", "Moves money between accounts on any nodes: all of it, or nothing.",
            [
                new OperationParameter("from", "who pays, such as a@n1", MostAccountBytes),
                new OperationParameter(
                    "to", "who gets the amount, such as b@n2; several with commas, each of them gets it",
                    MostAccountBytes * CommitCommand.MostTargets),
                new OperationParameter("amount", $"1 to {CommitCommand.MostAmount}", 64),
            ],
            Coordinator.RoleName, given => BuildTransfer(given, nodes)),
        new OperationKind(
            "accounts", "Shows what is on all accounts, and what is held.", [], Coordinator.RoleName,
            _ => new CommitCommand.Accounts()),
        new OperationKind(
            "status", "Shows which transactions are open, and who is in doubt.", [], Coordinator.RoleName,
            _ => new CommitCommand.Status()),
    ];

    private static CommitCommand.Transfer BuildTransfer(Map<string, string> given, Set<NodeId> nodes)
    {
        string Value(string name) => given.TryGetValue(name, out var value)
            ? value
            : throw new FormatException($"transfer needs --{name}: for example transfer --from a@n1 --to b@n2 --amount 10.");

        var from = Account.Parse(Value("from"));
        var to = Value("to").Split(',').Select(Account.Parse).ToSeq();
        var amount = long.TryParse(
            Value("amount"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException(
                $"'{Value("amount")}' is no amount: it is a whole number of 1 to {CommitCommand.MostAmount}.");
        var transfer = new CommitCommand.Transfer(from, to, amount);
        return (transfer.Refusal() ?? (nodes.IsEmpty ? null : transfer.Stray(nodes))) is { } refusal ? throw new FormatException(refusal) : transfer;
    }
}
