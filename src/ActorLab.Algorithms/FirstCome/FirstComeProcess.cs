using ActorLab.Algorithms.Consensus;
using ActorLab.Core;
using static ActorLab.Algorithms.FirstCome.FirstComeMessage;

namespace ActorLab.Algorithms.FirstCome;

/// <param name="Disk">The input and the decision.</param>
/// <param name="IsRetired">It crashed before.</param>
public sealed record FirstComeState(ConsensusDisk Disk, bool IsRetired) : IConsensusState;

/// <summary>The first process is the arbiter: it decides on the first vote that comes, and tells the others, who voted.</summary>
/// <param name="processes">All of them, the arbiter first.</param>
/// <param name="inputs">In the order of the processes; empty for any.</param>
public class FirstComeProcess(Seq<Address> processes, Seq<int> inputs) : IRole<FirstComeState, ConsensusDisk, FirstComeMessage>
{
    public ConsensusDisk EmptyDisk => ConsensusDisk.Empty;

    public FirstComeState Boot(ConsensusDisk disk, Turn<FirstComeMessage> turn)
    {
        if (disk.Input is not null)
        {
            return new FirstComeState(disk, IsRetired: true);
        }

        turn.Start(Inputs.Begin);
        return new FirstComeState(Inputs.First(inputs, processes.ToList().IndexOf(turn.Self), turn), IsRetired: false);
    }

    public virtual FirstComeState Expire(FirstComeState state, Timer timer, Turn<FirstComeMessage> turn)
    {
        if (turn.Self != processes[0])
        {
            turn.Tell(processes[0], new Vote(state.Disk.Input!.Value));
        }

        return state;
    }

    public FirstComeState Receive(FirstComeState state, Address sender, FirstComeMessage message, Turn<FirstComeMessage> turn)
    {
        if (state.IsRetired || state.Disk.Decided is not null)
        {
            return state; // It is decided.
        }

        var decision = message is Vote vote ? Outcome(vote.Input) : ((Verdict)message).Value;
        turn.Note($"decides {decision}");
        if (message is Vote)
        {
            turn.Tell(Audience, new Verdict(decision));
        }

        return state with { Disk = state.Disk with { Decided = decision } };
    }

    /// <summary>What the first vote comes to.</summary>
    protected virtual int Outcome(int vote) => vote;

    /// <summary>Whom the arbiter tells: all the others.</summary>
    protected virtual IEnumerable<Address> Audience => processes.Skip(1);
}
