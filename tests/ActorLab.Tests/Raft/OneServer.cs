using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Core;

namespace ActorLab.Tests.Raft;

/// <summary>
/// One server, n1 unless it says otherwise; the test speaks as everybody else. What it tells itself comes back after each turn, as when the
/// disk answers at once; <see cref="HoldOwn"/> keeps that back.
/// </summary>
internal sealed class OneServer
{
    private readonly Address _self;
    private readonly RoleBinding _role;
    private readonly Queue<object> _toSelf = new();

    /// <param name="members">The size of the cluster: n1, n2, and so on.</param>
    /// <param name="disk">What it finds on its disk; null for a new server.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="node">Which of them it is.</param>
    public OneServer(int members, RaftDisk? disk = null, RaftOptions? options = null, int node = 1)
    {
        _self = new Address(new NodeId($"n{node}"), RaftServer.RoleName);
        _role = RoleBinding.Of(new RaftServer(NodeId.Range(members), options ?? RaftOptions.Default));
        Take(context => _role.Boot(disk ?? _role.EmptyDisk, context));
    }

    /// <summary>Plain elections as in Figure 2: no PreVote, no leases.</summary>
    public static RaftOptions Figure2 { get; } = RaftOptions.Default with { PreVote = false, CheckQuorum = false };

    public RaftState State { get; private set; } = null!;

    /// <summary>All it asked for, since <see cref="Forget"/>.</summary>
    public List<Effect> Effects { get; } = [];

    /// <summary>The timers that are armed.</summary>
    public SortedDictionary<string, ActorLab.Core.Timer> Armed { get; } = new(StringComparer.Ordinal);

    public bool HoldOwn { get; set; }

    /// <summary>Whether the last turn changed the disk.</summary>
    public bool DiskChanged { get; private set; }

    /// <summary>Entries without commands, one per term.</summary>
    public static Log LogOf(params long[] terms) =>
        Log.Empty.AddRange(terms.Select(term => new LogEntry(term, LogCommand.NoOp.Instance)).ToSeq());

    public static RaftDisk DiskOf(long term, params long[] logTerms) => new(term, null, LogOf(logTerms));

    public static Seq<LogEntry> Entries(params long[] terms) => LogOf(terms).Entries;

    public long[] LogTerms => State.Log.Entries.Select(entry => entry.Term).ToArray();

    public OneServer Hear(int node, RaftMessage message) => Hear(new Address(new NodeId($"n{node}"), "server"), message);

    public OneServer Hear(Address from, RaftMessage message)
    {
        Take(context => _role.Receive(State, from, message, context));
        return this;
    }

    public OneServer HearClient(RaftMessage message) => Hear(new Address(new NodeId("n1"), "client"), message);

    public OneServer Expire(string timer)
    {
        Assert.True(Armed.Remove(timer, out var armed), $"The timer {timer} is not armed; armed: {string.Join(", ", Armed.Keys)}.");
        Take(context => _role.Expire(State, armed, context));
        return this;
    }

    public OneServer Restart()
    {
        Armed.Clear();
        _toSelf.Clear();
        Take(context => _role.Boot(_role.ReadDisk(_role.WriteDisk(State.Disk)), context));
        return this;
    }

    public OneServer Forget()
    {
        Effects.Clear();
        return this;
    }

    /// <summary>Lets what it told itself arrive: its disk is durable.</summary>
    public OneServer DiskIsDurable()
    {
        while (_toSelf.TryDequeue(out var message))
        {
            Hear(_self, (RaftMessage)message);
        }

        return this;
    }

    /// <summary>Wins an election in the next term, with the votes of all others.</summary>
    public OneServer Lead()
    {
        var term = State.CurrentTerm + 1;
        Hear(Address.Outside, new RaftMessage.Elect());
        for (var voter = 2; State.Role != ServerRole.Leader; voter++)
        {
            Hear(voter, new RaftMessage.RequestVoteReply(term, true));
        }

        return this;
    }

    /// <summary>A follower answers that its log matches up to an index.</summary>
    public OneServer HearMatch(int node, long index) => Hear(node, new RaftMessage.AppendEntriesReply(
        State.CurrentTerm, true, index, 0, 0, State.Leadership?.Round ?? 0));

    /// <summary>A client asks for a put, in session 2: the one that is opened right after the no-op of the first leader.</summary>
    public OneServer HearPut(long number, string key, string value, long first = 1) =>
        HearClient(new RaftMessage.Request(2, number, first, new KvCommand.Put(key, value)));

    /// <summary>A new server that leads term 1; its no-op and session 2 are committed and on all servers.</summary>
    public static OneServer LeaderWithSession(int members, RaftOptions? options = null)
    {
        var server = new OneServer(members, options: options).Lead().HearClient(new RaftMessage.OpenSession(1));
        for (var other = 2; other <= members; other++)
        {
            server.HearMatch(other, 1).HearMatch(other, 2);
        }

        Assert.Equal(2, server.State.CommitIndex);
        return server.Forget();
    }

    /// <summary>What it sent to a node's server since <see cref="Forget"/>.</summary>
    public T[] SentTo<T>(int node)
        where T : RaftMessage => Sent<T>(new Address(new NodeId($"n{node}"), RaftServer.RoleName));

    public T[] SentToClient<T>()
        where T : RaftMessage => Sent<T>(new Address(new NodeId("n1"), RaftServer.ClientRoleName));

    /// <summary>How many messages of a kind it sent, to anybody.</summary>
    public int Count<T>() => Effects.OfType<Effect.Send>().Count(send => send.Message is T);

    private T[] Sent<T>(Address to) => Effects.OfType<Effect.Send>()
        .Where(send => send.To == to).Select(send => send.Message).OfType<T>().ToArray();

    private void Take(Func<TurnContext, Step> turn)
    {
        var step = turn(new TurnContext(_self, new NoDice(), () => throw new InvalidOperationException("Raft reads no clock.")));
        (State, DiskChanged) = ((RaftState)step.State, step.DiskChanged);
        foreach (var effect in step.Effects)
        {
            Effects.Add(effect);
            switch (effect)
            {
                case Effect.StartTimer start:
                    Armed[start.Timer.Name] = start.Timer;
                    break;
                case Effect.CancelTimer cancel:
                    Armed.Remove(cancel.Name);
                    break;
                case Effect.Send send when send.To == _self:
                    _toSelf.Enqueue(send.Message);
                    break;
            }
        }

        if (!HoldOwn)
        {
            DiskIsDurable();
        }
    }

    private sealed class NoDice : IChoices
    {
        public int Next(int options) => throw new InvalidOperationException("Raft throws no dice: its timers are drawn by the host.");
    }
}
