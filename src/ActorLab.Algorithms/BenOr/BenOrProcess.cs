using ActorLab.Algorithms.Consensus;
using ActorLab.Core;
using static ActorLab.Algorithms.BenOr.BenOrMessage;

namespace ActorLab.Algorithms.BenOr;

/// <param name="Disk">The input and the decision.</param>
/// <param name="IsRetired">It crashed before.</param>
/// <param name="At">What it waits for; null once it decided or retired.</param>
/// <param name="Heard">
/// The values of the messages for where it is and for later, by sender, its own among them: (1, r, x) has x, (2, r, v, D)
/// has v and (2, r, ?) has null. What a process has told itself at the reports is the paper's x.
/// </param>
public sealed record BenOrState(
    ConsensusDisk Disk, bool IsRetired, Position? At, Map<Position, Map<Address, int?>> Heard) : IConsensusState;

/// <summary>Protocol A of the paper: agreement with up to t processes that die.</summary>
/// <param name="processes">All N of them.</param>
/// <param name="t">How many may die.</param>
/// <param name="coin">What a coin may show: 0 and 1, or one of them where it is no coin.</param>
/// <param name="inputs">In the order of the processes; empty for any.</param>
public class BenOrProcess(Seq<Address> processes, int t, Seq<int> coin, Seq<int> inputs)
    : IRole<BenOrState, ConsensusDisk, BenOrMessage>
{
    /// <summary>Where a process is before its first step.</summary>
    private static readonly Position Before = new(0, BenOrStep.Proposals);

    protected int N => processes.Count;

    public ConsensusDisk EmptyDisk => ConsensusDisk.Empty;

    public virtual BenOrState Boot(ConsensusDisk disk, Turn<BenOrMessage> turn)
    {
        if (disk.Input is not null)
        {
            return new BenOrState(disk, IsRetired: true, null, default);
        }

        turn.Start(Inputs.Begin);
        disk = Inputs.First(inputs, processes.ToList().IndexOf(turn.Self), turn);
        return new BenOrState(disk, IsRetired: false, Before, default);
    }

    /// <summary>Step 0, and step 1 of the first round.</summary>
    public BenOrState Expire(BenOrState state, Timer timer, Turn<BenOrMessage> turn) =>
        Advance(Enter(state, new Position(1, BenOrStep.Reports), state.Disk.Input, turn), turn);

    public BenOrState Receive(BenOrState state, Address sender, BenOrMessage message, Turn<BenOrMessage> turn)
    {
        var (position, value) = message switch
        {
            Report report => (new Position(report.Round, BenOrStep.Reports), report.Value),
            Proposal proposal => (new Position(proposal.Round, BenOrStep.Proposals), proposal.Value),
            _ => (default, (int?)null),
        };
        if (state.At is not { } at || position < at || HeardAt(state, position).ContainsKey(sender))
        {
            return state; // It has decided, or left that step behind with N - t messages, or heard this before.
        }

        var heard = HeardAt(state, position).Set(sender, value);
        return Advance(state with { Heard = state.Heard.Set(position, heard) }, turn);
    }

    /// <summary>What it reports in step 1 as the result of step 3, when no D-message is there: (c) throws the coin.</summary>
    protected virtual int Coin(Turn<BenOrMessage> turn) => turn.Choose(coin);

    /// <summary>How many equal reports make a D-message: more than N/2.</summary>
    protected virtual bool IsMajority(int reports) => reports > N / 2;

    /// <summary>How many D-messages decide: more than t (b).</summary>
    protected virtual bool IsDecisive(int dMessages) => dMessages > t;

    /// <summary>How many D-messages set x: one (a).</summary>
    protected virtual bool SetsValue(int dMessages) => dMessages > 0;

    private static Map<Address, int?> HeardAt(BenOrState state, Position position) => state.Heard.FindOr(position, default);

    /// <summary>Takes all the steps for which N - t messages are there.</summary>
    private BenOrState Advance(BenOrState state, Turn<BenOrMessage> turn)
    {
        while (state.At is { } at && HeardAt(state, at).Count >= N - t)
        {
            state = at.Step == BenOrStep.Reports ? Propose(state, at, turn) : Conclude(state, at, turn);
        }

        return state;
    }

    /// <summary>Step 2: more than N/2 reports of one value make a D-message.</summary>
    private BenOrState Propose(BenOrState state, Position at, Turn<BenOrMessage> turn)
    {
        var majority = HeardAt(state, at).Values.GroupBy(value => value).FirstOrDefault(group => IsMajority(group.Count()))?.Key;
        return Enter(state, at with { Step = BenOrStep.Proposals }, majority, turn);
    }

    /// <summary>Step 3, and step 4 with step 1 of the next round.</summary>
    private BenOrState Conclude(BenOrState state, Position at, Turn<BenOrMessage> turn)
    {
        var dMessages = HeardAt(state, at).Values.Where(value => value is not null).ToList();
        var next = new Position(at.Round + 1, BenOrStep.Reports);
        if (IsDecisive(dMessages.Count))
        {
            return Decide(state, next, dMessages[0]!.Value, turn);
        }

        return Enter(state, next, SetsValue(dMessages.Count) ? dMessages[0] : Coin(turn), turn);
    }

    /// <summary>
    /// Every other process has a D-message of this round among its N - t, so that all report the decision in the next round
    /// and decide there: it is enough to leave them the messages of that round.
    /// </summary>
    private BenOrState Decide(BenOrState state, Position next, int decision, Turn<BenOrMessage> turn)
    {
        turn.Note($"decides {decision}");
        var others = processes.Where(process => process != turn.Self);
        turn.Tell(others, new Report(next.Round, decision));
        turn.Tell(others, new Proposal(next.Round, decision));
        return state with { Disk = state.Disk with { Decided = decision }, At = null, Heard = default };
    }

    /// <summary>Sends the messages of a step and waits for those of the others.</summary>
    private BenOrState Enter(BenOrState state, Position position, int? own, Turn<BenOrMessage> turn)
    {
        BenOrMessage message = position.Step == BenOrStep.Reports
            ? new Report(position.Round, own!.Value)
            : new Proposal(position.Round, own);
        turn.Tell(processes.Where(process => process != turn.Self), message);
        var heard = state.Heard.RemoveAll(state.Heard.Keys.Where(earlier => earlier < position));
        return state with { At = position, Heard = heard.Set(position, heard.FindOr(position, default).Set(turn.Self, own)) };
    }
}
