using ActorLab.Core;
using static ActorLab.Algorithms.Paxos.PaxosMessage;

namespace ActorLab.Algorithms.Paxos;

/// <param name="Acceptances">Who accepted what, as far as heard; empty once a value is learned.</param>
/// <param name="Learned">The chosen value.</param>
public sealed record LearnerState(Map<Ballot, Set<Address>> Acceptances, string? Learned) : IOnDisk<NoDisk>
{
    public NoDisk Disk => NoDisk.Instance;
}

/// <summary>Finds out that a proposal has been accepted by a majority of acceptors (section 2.3).</summary>
/// <param name="acceptors">How many there are.</param>
public sealed class Learner(int acceptors) : IRole<LearnerState, NoDisk, PaxosMessage>
{
    public NoDisk EmptyDisk => NoDisk.Instance;

    public LearnerState Boot(NoDisk disk, Turn<PaxosMessage> turn) => new(default, null);

    public LearnerState Receive(LearnerState state, Address sender, PaxosMessage message, Turn<PaxosMessage> turn)
    {
        if (message is not Accepted(var (number, value)) || state.Learned is not null)
        {
            return state; // What is chosen stays chosen: there is nothing more to learn.
        }

        var heard = state.Acceptances.FindOr(number, []).Add(sender);
        if (heard.Count <= acceptors / 2)
        {
            return state with { Acceptances = state.Acceptances.Set(number, heard) };
        }

        turn.Note($"{value} is chosen");
        return new LearnerState(default, value);
    }
}
