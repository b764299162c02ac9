using ActorLab.Algorithms.Consensus;
using ActorLab.Core;
using static ActorLab.Algorithms.WaitForAll.WaitForAllMessage;

namespace ActorLab.Algorithms.WaitForAll;

/// <param name="Disk">The input and the decision.</param>
/// <param name="IsRetired">It crashed before.</param>
/// <param name="Heard">The inputs that are in, by process, its own among them; empty once it decided.</param>
public sealed record WaiterState(ConsensusDisk Disk, bool IsRetired, Map<Address, int> Heard) : IConsensusState;

/// <summary>Tells everybody its input, waits for the inputs of all, and decides on the least.</summary>
/// <param name="processes">All of them.</param>
/// <param name="inputs">In the order of the processes; empty for any.</param>
public class Waiter(Seq<Address> processes, Seq<int> inputs) : IRole<WaiterState, ConsensusDisk, WaitForAllMessage>
{
    public ConsensusDisk EmptyDisk => ConsensusDisk.Empty;

    public WaiterState Boot(ConsensusDisk disk, Turn<WaitForAllMessage> turn)
    {
        if (disk.Input is not null)
        {
            return new WaiterState(disk, IsRetired: true, default);
        }

        turn.Start(Inputs.Begin);
        return new WaiterState(
            Inputs.First(inputs, processes.ToList().IndexOf(turn.Self), turn), IsRetired: false, default);
    }

    public WaiterState Expire(WaiterState state, Timer timer, Turn<WaitForAllMessage> turn)
    {
        var input = state.Disk.Input!.Value;
        turn.Tell(AudienceOf(turn.Self), new Value(input));
        return Decide(state with { Heard = state.Heard.Set(turn.Self, input) }, turn);
    }

    public WaiterState Receive(WaiterState state, Address sender, WaitForAllMessage message, Turn<WaitForAllMessage> turn)
    {
        if (message is not Value(var input) || state.IsRetired || state.Disk.Decided is not null || state.Heard.ContainsKey(sender))
        {
            return state; // What is decided stays so, and a process has one input.
        }

        return Decide(state with { Heard = state.Heard.Set(sender, input) }, turn);
    }

    /// <summary>How many inputs it waits for.</summary>
    protected virtual int Enough => processes.Count;

    /// <summary>What all inputs come to.</summary>
    protected virtual int Outcome(IEnumerable<int> values) => values.Min();

    /// <summary>Whom it tells its input: everybody else.</summary>
    protected virtual IEnumerable<Address> AudienceOf(Address self) => processes.Where(process => process != self);

    private WaiterState Decide(WaiterState state, Turn<WaitForAllMessage> turn)
    {
        if (state.Heard.Count < Enough)
        {
            return state;
        }

        var decision = Outcome(state.Heard.Values);
        turn.Note($"decides {decision}");
        return state with { Disk = state.Disk with { Decided = decision }, Heard = default };
    }
}
