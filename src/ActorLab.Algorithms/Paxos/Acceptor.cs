using ActorLab.Core;
using MemoryPack;
using static ActorLab.Algorithms.Paxos.PaxosMessage;

namespace ActorLab.Algorithms.Paxos;

/// <summary>
/// What an acceptor must remember even if it fails and then restarts (section 2.2): all it ever says follows from it.
/// </summary>
/// <param name="Promised">The highest number it answered, in phase 1 or 2; null before the first.</param>
/// <param name="Accepted">The highest-numbered proposal that it accepted.</param>
[MemoryPackable]
public sealed partial record AcceptorDisk(Ballot? Promised, Proposal? Accepted);

public sealed record AcceptorState(AcceptorDisk Disk) : IOnDisk<AcceptorDisk>;

/// <summary>Phases 1(b) and 2(b).</summary>
/// <param name="learners">Who hears of every acceptance.</param>
/// <param name="rejects">It tells a proposer when its number is too low.</param>
public sealed class Acceptor(Seq<Address> learners, bool rejects = false) : IRole<AcceptorState, AcceptorDisk, PaxosMessage>
{
    public AcceptorDisk EmptyDisk { get; } = new(null, null);

    public AcceptorState Boot(AcceptorDisk disk, Turn<PaxosMessage> turn) => new(disk);

    public AcceptorState Receive(AcceptorState state, Address sender, PaxosMessage message, Turn<PaxosMessage> turn)
    {
        var disk = state.Disk;
        switch (message)
        {
            case Prepare(var number) when disk.Promised is null || number > disk.Promised: // phase 1(b)
                turn.Tell(sender, new Promise(number, disk.Accepted));
                return new AcceptorState(disk with { Promised = number });

            case Accept(var proposal) when disk.Promised is null || proposal.Number >= disk.Promised: // phase 2(b)
                turn.Tell(learners, new Accepted(proposal));
                return disk.Accepted == proposal ? state : new AcceptorState(new AcceptorDisk(proposal.Number, proposal));

            case Prepare(var number) when rejects && number < disk.Promised:
                turn.Tell(sender, new Rejected(number, disk.Promised.Value));
                return state;

            case Accept(var proposal) when rejects && proposal.Number < disk.Promised:
                turn.Tell(sender, new Rejected(proposal.Number, disk.Promised.Value));
                return state;

            case Ask when disk.Accepted is { } accepted: // A learner may have missed it (section 2.3).
                turn.Tell(sender, new Accepted(accepted));
                return state;

            default: // Ignoring any request is always safe (section 2.2).
                return state;
        }
    }
}
