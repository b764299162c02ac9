using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.MultiPaxos;
using ActorLab.Core;
using Ballot = ActorLab.Algorithms.Paxos.Ballot;

namespace ActorLab.Tests.MultiPaxos;

/// <summary>One role at one address; the test speaks as everybody else.</summary>
internal sealed class OneRole<TState, TDisk>
    where TState : class, IOnDisk<TDisk>
    where TDisk : class
{
    private readonly Address _self;
    private readonly RoleBinding _role;

    public OneRole(string at, IRole<TState, TDisk, MultiPaxosMessage> role)
    {
        _self = Address.Parse(at);
        _role = RoleBinding.Of(role);
        Take(context => _role.Boot(_role.EmptyDisk, context));
    }

    public TState State { get; private set; } = null!;

    public List<Effect> Effects { get; } = [];

    public OneRole<TState, TDisk> Hear(string from, MultiPaxosMessage message)
    {
        Take(context => _role.Receive(State, Address.Parse(from), message, context));
        return this;
    }

    public OneRole<TState, TDisk> Expire(string timer)
    {
        Take(context => _role.Expire(State, ActorLab.Core.Timer.Fixed(timer, TimeSpan.Zero), context));
        return this;
    }

    /// <summary>Crashes and boots from what its journal has: the disk as it was written, change by change.</summary>
    public OneRole<TState, TDisk> Restart()
    {
        Take(context => _role.Boot(_role.ReadDisk(_role.WriteDisk(State.Disk)), context));
        return this;
    }

    public OneRole<TState, TDisk> Forget()
    {
        Effects.Clear();
        return this;
    }

    public T[] Sent<T>(string to)
        where T : MultiPaxosMessage => Effects.OfType<Effect.Send>()
            .Where(send => send.To == Address.Parse(to)).Select(send => send.Message).OfType<T>().ToArray();

    private void Take(Func<TurnContext, Step> turn)
    {
        var before = State?.Disk;
        var step = turn(new TurnContext(
            _self, new NoDice(), () => throw new InvalidOperationException("Multi-Paxos reads no clock.")));
        State = (TState)step.State;
        Effects.AddRange(step.Effects);
        if (before is not null)
        {
            Assert.Equal(State.Disk, _role.ApplyDelta(before, _role.WriteDelta(before, State.Disk)));
        }
    }

    private sealed class NoDice : IChoices
    {
        public int Next(int options) => throw new InvalidOperationException("Multi-Paxos throws no dice.");
    }
}

/// <summary>Three nodes, each with one role of each kind; ballots and commands in short.</summary>
internal static class Three
{
    public static readonly MultiPaxosPlaces Places = MultiPaxosPlaces.Shared(NodeId.Range(3));

    public static Ballot B(int round, int node) => new(round, new NodeId($"n{node}"));

    public static LogCommand Put(long number) => new LogCommand.Operation(
        Address.Parse("n1/client"), 1, number, 1, new KvCommand.Put("k", $"v{number}"));

    public static LogCommand Open => new LogCommand.OpenSession(Address.Parse("n1/client"), 7);

    public static MultiPaxosMessage.Request Ask(long number) => new(1, number, 1, new KvCommand.Put("k", $"v{number}"));

    public static OneRole<LeaderState, LeaderDisk> Leader(int node = 1) =>
        new($"n{node}/leader", new Leader(Places, MultiPaxosOptions.Default));

    public static OneRole<AcceptorState, AcceptorDisk> Acceptor(MultiPaxosOptions? options = null) =>
        new("n1/acceptor", new Acceptor(options ?? MultiPaxosOptions.Default));

    public static OneRole<LearnerState, LearnerDisk> Learner() =>
        new("n1/learner", new Learner(Places, MultiPaxosOptions.Default));

    /// <summary>Begins a ballot and hears promises with these votes from n2, and without any from n1.</summary>
    public static OneRole<LeaderState, LeaderDisk> Leading(params Vote[] votes)
    {
        var leader = Leader().Expire("silence").Forget();
        var number = leader.State.Highest!.Value;
        return leader.Hear("n1/acceptor", new MultiPaxosMessage.Promise(number, default, false))
            .Hear("n2/acceptor", new MultiPaxosMessage.Promise(number, votes.ToSeq(), false));
    }
}
