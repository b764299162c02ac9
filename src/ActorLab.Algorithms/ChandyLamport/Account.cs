using ActorLab.Core;
using MemoryPack;
using static ActorLab.Algorithms.ChandyLamport.BankMessage;

namespace ActorLab.Algorithms.ChandyLamport;

/// <summary>
/// The account is on its disk, with all that is recorded: a process that crashes and restarts is a slow one, and the paper
/// has no word for another.
/// </summary>
/// <param name="Balance">Never below 0.</param>
/// <param name="Rate">Transfers a second that it makes by itself.</param>
/// <param name="Next">Which of the outgoing channels such a transfer takes next.</param>
/// <param name="Taken">How many snapshots were begun here.</param>
/// <param name="Parts">What was recorded here: what is open, and what is complete and not with its initiator.</param>
/// <param name="Collected">Of the snapshots that were begun here, the parts that are in.</param>
/// <param name="Ledger">What Lai and Yang must know of the past; null for Chandy and Lamport.</param>
/// <param name="Watch">Of a computation of work: how its end is watched for; null where nobody does.</param>
[MemoryPackable]
public sealed partial record AccountDisk(
    long Balance, int Rate, int Next, int Taken, Map<SnapshotId, LocalSnapshot> Parts,
    Map<SnapshotId, GlobalSnapshot> Collected, Ledger? Ledger, Watch? Watch = null);

/// <summary>What is counted where channels do not keep order (Lai and Yang 1987).</summary>
/// <param name="Colour">How many snapshots of each initiator were recorded here.</param>
/// <param name="Sent">Transfers, by receiver.</param>
/// <param name="Received">Transfers, by sender.</param>
[MemoryPackable]
public sealed partial record Ledger(Map<NodeId, int> Colour, Map<NodeId, long> Sent, Map<NodeId, long> Received)
{
    public static readonly Ledger Empty = new(default, default, default);
}

/// <param name="Disk">All but who waits for an answer.</param>
/// <param name="Asked">The user's number of the operation that began a snapshot, while it is being collected.</param>
/// <param name="Watchers">
/// By the users' numbers of the operations that wait for the end of the work: which snapshot of this account is the first
/// that was begun after they asked.
/// </param>
public sealed record AccountState(AccountDisk Disk, Map<SnapshotId, long> Asked, Map<long, int> Watchers = default)
    : IOnDisk<AccountDisk>;

/// <summary>How accounts are linked, and what happens to what they record.</summary>
/// <param name="Balance">What the account starts with.</param>
/// <param name="Outgoing">The channels that lead away, by receiver.</param>
/// <param name="Incoming">The channels that lead here, by sender.</param>
/// <param name="Members">
/// All accounts, of which an initiator wants a part each; empty where parts stay where they are.
/// </param>
/// <param name="Rate">Transfers a second that it makes by itself from the start.</param>
public sealed record AccountOptions(
    long Balance, Set<NodeId> Outgoing, Set<NodeId> Incoming, Set<NodeId> Members, int Rate = 0);

/// <summary>
/// The underlying computation, a bank that sends money round, and what all ways to record it have in common: beginning,
/// completing and collecting.
/// </summary>
public abstract class Account(AccountOptions options) : IRole<AccountState, AccountDisk, BankMessage>
{
    public const string RoleName = "account";

    public const int MostRate = 1_000;

    /// <summary>Complete snapshots that an initiator keeps.</summary>
    private const int MostKept = 8;

    private const string LoadTimer = "load";

    private const string Records = "records ";

    public virtual AccountDisk EmptyDisk { get; } = new(options.Balance, options.Rate, 0, 0, default, default, null);

    protected AccountOptions Options => options;

    public static Address At(NodeId node) => new(node, RoleName);

    /// <summary>How the trace says that a process records its state.</summary>
    public static string NoteOf(SnapshotId snapshot) => $"{Records}{snapshot}";

    /// <summary>Whether a note says so.</summary>
    internal static bool IsRecording(string note) => note.StartsWith(Records, StringComparison.Ordinal);

    public virtual AccountState Boot(AccountDisk disk, Turn<BankMessage> turn)
    {
        StartLoad(disk.Rate, turn);
        return new AccountState(disk, default);
    }

    public virtual AccountState Receive(AccountState state, Address sender, BankMessage message, Turn<BankMessage> turn)
    {
        switch (message)
        {
            case Transfer transfer when options.Incoming.Contains(sender.Node):
                return Arrive(state, sender.Node, transfer, turn);
            case Marker marker when options.Incoming.Contains(sender.Node):
                return Arrive(state, sender.Node, marker, turn);
            case Recorded(var snapshot, var part)
                when snapshot.Initiator == turn.Self.Node && options.Members.Contains(sender.Node):
                return Collect(state, snapshot, sender.Node, part, turn);
            case Take(var operation) when sender == Address.Outside:
                return Begin(state, operation, turn);
            case Send(var operation, var to, var amount) when sender == Address.Outside:
                return SendAsAsked(state, operation, to, amount, turn);
            case Spend(var operation, var amount) when sender == Address.Outside:
                return SpendAsAsked(state, operation, amount, turn);
            case Load(var operation, var rate) when sender == Address.Outside:
                return SetRate(state, operation, rate, turn);
            case Show(var operation) when sender == Address.Outside:
                Answer(turn, operation, message, new AccountStatement(state.Disk.Balance, CompleteOnes(state.Disk)));
                return state;
            default: // Nobody of this bank says such a thing on a channel that leads here, and no account for a user.
                return state;
        }
    }

    public virtual AccountState Expire(AccountState state, Timer timer, Turn<BankMessage> turn)
    {
        StartLoad(state.Disk.Rate, turn);
        if (state.Disk.Balance == 0 || options.Outgoing.IsEmpty)
        {
            return state;
        }

        var to = options.Outgoing[state.Disk.Next];
        var sent = Pay(state, to, (state.Disk.Balance + 2) / 3, turn);
        return sent with { Disk = sent.Disk with { Next = (state.Disk.Next + 1) % options.Outgoing.Count } };
    }

    /// <summary>A message of the computation arrives.</summary>
    protected abstract AccountState Arrive(AccountState state, NodeId channel, Transfer transfer, Turn<BankMessage> turn);

    protected abstract AccountState Arrive(AccountState state, NodeId channel, Marker marker, Turn<BankMessage> turn);

    /// <summary>Records this process's own state and does what must be done before it sends anything more.</summary>
    protected abstract AccountState Record(
        AccountState state, SnapshotId snapshot, NodeId? markerCameOn, Turn<BankMessage> turn);

    /// <summary>The transfer as it goes out, and what is to be remembered of it.</summary>
    protected virtual (Transfer Transfer, AccountDisk Disk) Dress(AccountDisk disk, NodeId to, long amount) =>
        (new Transfer(amount, default), disk);

    protected static AccountState Credit(AccountState state, long amount) =>
        state with { Disk = state.Disk with { Balance = state.Disk.Balance + amount } };

    protected static AccountState WithPart(AccountState state, SnapshotId snapshot, LocalSnapshot part) =>
        state with { Disk = state.Disk with { Parts = state.Disk.Parts.Set(snapshot, part) } };

    /// <summary>
    /// A part that is complete goes to the initiator, and is forgotten here: no marker or message of it can come any more,
    /// for each channel had its own.
    /// </summary>
    protected AccountState HandIn(AccountState state, SnapshotId snapshot, Turn<BankMessage> turn)
    {
        if (options.Members.IsEmpty || state.Disk.Parts.Find(snapshot) is not { IsComplete: true } part)
        {
            return state;
        }

        var forgotten = state with { Disk = state.Disk with { Parts = state.Disk.Parts.Remove(snapshot) } };
        if (snapshot.Initiator == turn.Self.Node)
        {
            return Collect(forgotten, snapshot, turn.Self.Node, part, turn);
        }

        turn.Tell(At(snapshot.Initiator), new Recorded(snapshot, part));
        return forgotten;
    }

    /// <summary>Records a global state that nobody waits for.</summary>
    protected AccountState Begin(AccountState state, Turn<BankMessage> turn)
    {
        var snapshot = new SnapshotId(turn.Self.Node, state.Disk.Taken + 1);
        return Record(state with { Disk = state.Disk with { Taken = snapshot.Number } }, snapshot, null, turn);
    }

    /// <summary>A snapshot that was begun here is complete.</summary>
    protected virtual AccountState Complete(AccountState state, GlobalSnapshot snapshot, Turn<BankMessage> turn) => state;

    /// <summary>The state right after the money left: what a process sends it has not.</summary>
    protected AccountState Pay(AccountState state, NodeId to, long amount, Turn<BankMessage> turn)
    {
        Invariant.Require(amount > 0 && amount <= state.Disk.Balance, "an account sends what it has");
        var (transfer, disk) = Dress(state.Disk, to, amount);
        turn.Tell(At(to), transfer);
        return state with { Disk = disk with { Balance = disk.Balance - amount } };
    }

    private AccountState Begin(AccountState state, long operation, Turn<BankMessage> turn)
    {
        var snapshot = new SnapshotId(turn.Self.Node, state.Disk.Taken + 1);
        turn.Report(new HistoryEvent.Invoked(operation, new Take(operation)));
        var begun = state with { Disk = state.Disk with { Taken = snapshot.Number } };
        if (options.Members.IsEmpty)
        {
            turn.Report(new HistoryEvent.Completed(operation, Outcome.Ok, null, ""));
        }
        else
        {
            begun = begun with { Asked = begun.Asked.Set(snapshot, operation) };
        }

        return Record(begun, snapshot, null, turn);
    }

    private AccountState Collect(
        AccountState state, SnapshotId snapshot, NodeId from, LocalSnapshot part, Turn<BankMessage> turn)
    {
        var known = state.Disk.Collected.FindOr(snapshot, new GlobalSnapshot(snapshot, default));
        var global = known with { Parts = known.Parts.Set(from, part) };
        var collected = state with { Disk = state.Disk with { Collected = state.Disk.Collected.Set(snapshot, global) } };
        if (global.Parts.Count < options.Members.Count)
        {
            return collected;
        }

        turn.Note($"has {snapshot}: {global.InAccounts} in accounts, {global.InFlight} in flight");
        if (state.Asked.TryGetValue(snapshot, out var operation))
        {
            turn.Report(new HistoryEvent.Completed(operation, Outcome.Ok, global, ""));
        }

        var kept = collected with
        {
            Asked = collected.Asked.Remove(snapshot),
            Disk = collected.Disk with
            {
                Collected = collected.Disk.Collected.RemoveAll(
                    CompleteOnes(collected.Disk).SkipLast(MostKept).Select(one => one.Id)),
            },
        };
        return Complete(kept, global, turn);
    }

    private Seq<GlobalSnapshot> CompleteOnes(AccountDisk disk) =>
        disk.Collected.Values.Where(one => one.Parts.Count == options.Members.Count).ToSeq();

    private AccountState SendAsAsked(AccountState state, long operation, NodeId to, long amount, Turn<BankMessage> turn)
    {
        var command = new Send(operation, to, amount);
        if (!options.Outgoing.Contains(to))
        {
            return Refuse(state, operation, command, $"{turn.Self.Node} has no channel to {to}.", turn);
        }

        if (amount < 1 || amount > state.Disk.Balance)
        {
            return Refuse(
                state, operation, command, $"{turn.Self.Node} has {state.Disk.Balance} and cannot send {amount}.", turn);
        }

        Answer(turn, operation, command, null);
        return Pay(state, to, amount, turn);
    }

    private static AccountState SpendAsAsked(AccountState state, long operation, long amount, Turn<BankMessage> turn)
    {
        var command = new Spend(operation, amount);
        if (amount < 1 || amount > state.Disk.Balance)
        {
            return Refuse(
                state, operation, command, $"{turn.Self.Node} has {state.Disk.Balance} and cannot spend {amount}.", turn);
        }

        Answer(turn, operation, command, null);
        return Credit(state, -amount);
    }

    private static AccountState SetRate(AccountState state, long operation, int rate, Turn<BankMessage> turn)
    {
        var command = new Load(operation, rate);
        if (rate is < 0 or > MostRate)
        {
            return Refuse(state, operation, command, $"A load is 0 to {MostRate} transfers a second, not {rate}.", turn);
        }

        if (rate == 0)
        {
            turn.Cancel(Timer.Fixed(LoadTimer, TimeSpan.Zero));
        }

        if (rate != state.Disk.Rate)
        {
            StartLoad(rate, turn); // Who asks for the same again and again must not put the next transfer off.
        }

        Answer(turn, operation, command, null);
        return state with { Disk = state.Disk with { Rate = rate } };
    }

    private static void StartLoad(int rate, Turn<BankMessage> turn)
    {
        if (rate > 0)
        {
            var mean = TimeSpan.FromSeconds(1) / rate;
            turn.Start(Timer.Between(LoadTimer, mean / 2, mean * 1.5));
        }
    }

    protected static AccountState Refuse(
        AccountState state, long operation, BankMessage command, string reason, Turn<BankMessage> turn)
    {
        turn.Report(new HistoryEvent.Invoked(operation, command));
        turn.Report(new HistoryEvent.Completed(operation, Outcome.Failed, null, reason));
        return state;
    }

    protected static void Answer(Turn<BankMessage> turn, long operation, BankMessage command, object? reply)
    {
        turn.Report(new HistoryEvent.Invoked(operation, command));
        turn.Report(new HistoryEvent.Completed(operation, Outcome.Ok, reply, ""));
    }
}
