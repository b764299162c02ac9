using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.MultiPaxos;
using ActorLab.Core;
using Ballot = ActorLab.Algorithms.Paxos.Ballot;

namespace ActorLab.Tests.MultiPaxos;

/// <summary>Three nodes, each with one role of each kind; ballots and commands in short.</summary>
internal static class Three
{
    public static readonly MultiPaxosPlaces Places = MultiPaxosPlaces.Shared(NodeId.Range(3));

    public static Ballot B(int round, int node) => new(round, new NodeId($"n{node}"));

    public static LogCommand Put(long number) => new LogCommand.Operation(
        Address.Parse("n1/client"), 1, number, 1, new KvCommand.Put("k", $"v{number}"));

    public static LogCommand Open => new LogCommand.OpenSession(Address.Parse("n1/client"), 7);

    public static MultiPaxosMessage.Request Ask(long number) => new(1, number, 1, new KvCommand.Put("k", $"v{number}"));

    public static OneRole<LeaderState, LeaderDisk, MultiPaxosMessage> Leader(int node = 1) =>
        new($"n{node}/leader", new Leader(Places, MultiPaxosOptions.Default));

    public static OneRole<AcceptorState, AcceptorDisk, MultiPaxosMessage> Acceptor(MultiPaxosOptions? options = null) =>
        new("n1/acceptor", new Acceptor(options ?? MultiPaxosOptions.Default));

    public static OneRole<LearnerState, LearnerDisk, MultiPaxosMessage> Learner() =>
        new("n1/learner", new Learner(Places, MultiPaxosOptions.Default));

    /// <summary>Begins a ballot and hears promises with these votes from n2, and without any from n1.</summary>
    public static OneRole<LeaderState, LeaderDisk, MultiPaxosMessage> Leading(params Vote[] votes)
    {
        var leader = Leader().Expire("silence").Forget();
        var number = leader.State.Highest!.Value;
        return leader.Hear("n1/acceptor", new MultiPaxosMessage.Promise(number, default, false))
            .Hear("n2/acceptor", new MultiPaxosMessage.Promise(number, votes.ToSeq(), false));
    }
}
