using ActorLab.Core;
using static ActorLab.Algorithms.ChandyLamport.BankMessage;

namespace ActorLab.Algorithms.ChandyLamport;

/// <summary>A bank with an account on every node, and what happens to it.</summary>
public sealed record SnapshotOptions
{
    /// <summary>What each node starts with, n1 first; there are as many nodes.</summary>
    public required Seq<long> Balances { get; init; }

    /// <summary>Money that users send, each time from the next node to the one after it.</summary>
    public int Transfers { get; init; }

    /// <summary>Snapshots that users take, each at the next node.</summary>
    public int Snapshots { get; init; }

    /// <summary>Money that users use up, each time a unit at the next node.</summary>
    public int Spends { get; init; }

    /// <summary>Transfers a second that each account makes by itself from the start.</summary>
    public int Rate { get; init; }

    /// <summary>Channels keep order, as the paper assumes.</summary>
    public bool IsFifo { get; init; } = true;

    /// <summary>
    /// The network loses, repeats and reorders, and each role wears a <see cref="ReliableLink{TState,TDisk,TMessage}"/>.
    /// </summary>
    public bool IsLossy { get; init; }

    /// <summary>Parts go to the initiator; else they stay where they were recorded.</summary>
    public bool Collects { get; init; } = true;

    public Set<NodeId> Nodes => NodeId.Range(Balances.Count);

    public long Money => Balances.Sum();
}

/// <summary>A bank whose global state is recorded while money moves.</summary>
public static class SnapshotScenario
{
    public const string Name = "snapshot";

    internal static readonly Seq<ScenarioParameter> Parameters =
    [
        new ScenarioParameter("nodes", "accounts, one on each node", 3, 2, 9),
        new ScenarioParameter("money", "what an account starts with", 2, 1, 1_000_000),
        new ScenarioParameter("rich", "so many accounts start with money, the others with nothing; 0 for all", 0, 0, 9),
        new ScenarioParameter(
            "transfers",
            "transfers of the workload, each from the next account, half of them before its snapshots", 3, 0, 1_000),
        new ScenarioParameter("snapshots", "snapshots of the workload, each begun by the next account", 2, 0, 1_000),
        new ScenarioParameter("spends", "units used up by the workload: work that is done", 0, 0, 1_000),
        new ScenarioParameter("rate", "transfers a second that each account makes by itself", 0, 0, Account.MostRate),
        new ScenarioParameter("collect", "1: initiators collect what was recorded; 0: it stays where it is", 1, 0, 1),
    ];

    private static readonly Seq<ScenarioParameter> OfNetwork =
    [
        new ScenarioParameter("fifo", "1: channels keep order, as the paper assumes; 0: they do not", 1, 0, 1),
        new ScenarioParameter(
            "lossy", "1: messages are lost, repeated and reordered, and roles wear reliable links", 0, 0, 1),
    ];

    public static readonly ScenarioFamily Family = new(
        Name, "Chandy-Lamport snapshots of a bank whose accounts send money round.", Parameters.AddRange(OfNetwork),
        given => Of(OptionsOf(given)));

    /// <summary>
    /// For a cluster: accounts with reliable links, which nothing but their users sets going. Commands of its operations get
    /// their number by <see cref="BankOperations.Numbered(object, long)"/>.
    /// </summary>
    public static Scenario OnNodes(int nodes, long money) => Of(new SnapshotOptions
    {
        Balances = Seq.ToSeq(Enumerable.Repeat(money, nodes)),
        IsLossy = true,
    });

    public static Scenario Of(SnapshotOptions options) => Of(options, account => new ChandyLamportProcess(account));

    /// <summary>With accounts of another make.</summary>
    internal static Scenario Of(SnapshotOptions options, Func<AccountOptions, Account> process)
    {
        var nodes = options.Nodes;
        var workload = WorkloadOf(options, nodes);
        return new Scenario
        {
            Name = Name,
            Placements = nodes.Select((node, i) => Place(node, process(new AccountOptions(
                options.Balances[i], nodes.Remove(node), nodes.Remove(node), options.Collects ? nodes : [],
                options.Rate)), options.IsLossy)).ToSeq(),
            Operations = BankOperations.Of(options.IsLossy, options.Spends > 0),
            Workload = workload
                .Select(one => one with { Message = MessageOf(options.IsLossy, (BankMessage)one.Message) }).ToSeq(),
            Properties = new SnapshotProperties(nodes, options.Money, options.Spends > 0)
            {
                // Of two accounts each has one channel to record, which the marker of the other's snapshot closes at once.
                MayOverlap = options.Snapshots != 1 && (options.Snapshots != 2 || nodes.Count > 2),
                Moves = options.Transfers + options.Rate > 0,
            }.All,
            Network = new Network(
                FifoPerLink: options is { IsFifo: true, IsLossy: false }, Lossy: options.IsLossy,
                Duplicating: options.IsLossy),
            Fairness = [Fairness.EveryDelivery, Fairness.EveryOperation],
            Highlights = turn => HighlightOf(nodes.Count, turn),
        };
    }

    /// <summary>A message of a user as the roles of a scenario take it.</summary>
    /// <param name="wearsLinks">Whether they wear reliable links.</param>
    /// <param name="message">What the user says.</param>
    public static object MessageOf(bool wearsLinks, BankMessage message) =>
        wearsLinks ? Frame<BankMessage>.Plain(message) : message;

    /// <inheritdoc cref="MessageOf(bool, BankMessage)"/>
    public static object MessageOf(Scenario scenario, BankMessage message) =>
        MessageOf(scenario.Placements[0].Role.MessageType == typeof(Frame<BankMessage>), message);

    internal static SnapshotOptions OptionsOf(ScenarioArguments given, bool hasNetwork = true) => new()
    {
        Balances = Seq.ToSeq(Enumerable.Range(0, given["nodes"]).Select(i =>
            given["rich"] == 0 || i < given["rich"] ? (long)given["money"] : 0)),
        Transfers = given["transfers"],
        Snapshots = given["snapshots"],
        Spends = given["spends"],
        Rate = given["rate"],
        Collects = given["collect"] == 1,
        IsFifo = hasNetwork && given["fifo"] == 1,
        IsLossy = hasNetwork && given["lossy"] == 1,
    };

    internal static Placement Place(NodeId node, Account account, bool wearsLinks) => new(
        Account.At(node),
        wearsLinks
            ? RoleBinding.Of(new ReliableLink<AccountState, AccountDisk, BankMessage>(account))
            : RoleBinding.Of(account));

    private static Seq<PlannedOperation> WorkloadOf(SnapshotOptions options, Set<NodeId> nodes)
    {
        // Each account takes its operations in this order: money moves before a snapshot begins, and after it.
        var (number, early) = (0L, (options.Transfers + 1) / 2);
        return
        [
            .. Enumerable.Range(0, early).Select(Transfer),
            .. Enumerable.Range(0, options.Snapshots).Select(i => Plan(i, new Take(++number))),
            .. Enumerable.Range(early, options.Transfers - early).Select(Transfer),
            .. Enumerable.Range(0, options.Spends).Select(i => Plan(i, new Spend(++number, 1))),
        ];

        PlannedOperation Transfer(int i) => Plan(i, new Send(++number, At(i + 1), 1));

        PlannedOperation Plan(int i, BankMessage message) => new(Account.At(At(i)), message);

        NodeId At(int i) => nodes[i % nodes.Count];
    }

    private static Highlight? HighlightOf(int members, Happening turn)
    {
        if (SnapshotProperties.AccountIn(turn.Before) is not { } before
            || SnapshotProperties.AccountIn(turn.After) is not { } after)
        {
            return null;
        }

        foreach (var (id, global) in after.Disk.Collected)
        {
            var parts = before.Disk.Collected.Find(id)?.Parts.Count ?? 0;
            if (parts == members - 1 && global.Parts.Count == members)
            {
                return Highlight.Decision($"has {id}: {global.Total}");
            }
        }

        return CutIn(turn);
    }

    /// <summary>
    /// A process records its state. It says so: its part may be complete, and handed in, at the end of the same turn.
    /// </summary>
    internal static Highlight? CutIn(Happening turn) =>
        turn.Effects.OfType<Effect.Note>().Select(note => note.Text).FirstOrDefault(Account.IsRecording) is { } text
            ? Highlight.Cut(text)
            : null;
}
