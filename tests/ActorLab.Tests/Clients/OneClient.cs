using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Core;

namespace ActorLab.Tests.Clients;

/// <summary>The client of node n1 alone; the test speaks as servers and user.</summary>
internal sealed class OneClient
{
    private static readonly Address Self = new(new NodeId("n1"), RaftServer.ClientRoleName);
    private readonly RoleBinding _role;

    public OneClient(ClientOptions? options = null)
    {
        _role = RoleBinding.Of(new Client<KvCommand, KvReply, RaftMessage>(
            RaftClientProtocol.Instance, options ?? ClientOptions.Default));
        Take(_role.Boot(_role.EmptyDisk, Context));
    }

    public ClientState<KvCommand> State { get; private set; } = null!;

    /// <summary>What it sent and to which node, since <see cref="Forget"/>.</summary>
    public List<(string Node, RaftMessage Message)> Sent { get; } = [];

    public List<HistoryEvent.Completed> Completed { get; } = [];

    private static TurnContext Context { get; } = new(Self, null!, null!);

    public OneClient Hear(RaftMessage message, string node = "n2")
    {
        Take(_role.Receive(State, new Address(new NodeId(node), RaftServer.RoleName), message, Context));
        return this;
    }

    public OneClient LeaderIs(long term, string? node) =>
        Hear(new RaftMessage.LeaderIs(term, node is null ? null : new NodeId(node)), "n1");

    public OneClient Ask(long operation, KvCommand command, double seconds = 1)
    {
        var invoke = new RaftMessage.Invoke(operation, command, TimeSpan.FromSeconds(seconds));
        Take(_role.Receive(State, Address.Outside, invoke, Context));
        return this;
    }

    public OneClient Put(long operation, double seconds = 1) => Ask(operation, new KvCommand.Put("a", "1"), seconds);

    public OneClient Get(long operation, double seconds = 1) => Ask(operation, new KvCommand.Get("a"), seconds);

    public OneClient Tick(int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            Take(_role.Expire(State, ActorLab.Core.Timer.Fixed("tick", ClientOptions.Default.Tick), Context));
        }

        return this;
    }

    public OneClient Restart()
    {
        Take(_role.Boot(_role.ReadDisk(_role.WriteDisk(State.Disk)), Context));
        return this;
    }

    /// <summary>With n2 leading term 1 and session 5 open.</summary>
    public OneClient WithSession()
    {
        LeaderIs(1, "n2").Put(100).Hear(new RaftMessage.SessionOpened(State.Disk.Incarnation, 5));
        Hear(new RaftMessage.Reply(5, 1, new KvReply.Done()));
        Completed.Clear();
        return Forget();
    }

    public OneClient Forget()
    {
        Sent.Clear();
        return this;
    }

    public T[] SentTo<T>(string node)
        where T : RaftMessage => Sent.Where(sent => sent.Node == node).Select(sent => sent.Message).OfType<T>().ToArray();

    private void Take(Step step)
    {
        State = (ClientState<KvCommand>)step.State;
        foreach (var effect in step.Effects)
        {
            switch (effect)
            {
                case Effect.Send send:
                    Sent.Add((send.To.Node.Name, (RaftMessage)send.Message));
                    break;
                case Effect.Report { Event: HistoryEvent.Completed completed }:
                    Completed.Add(completed);
                    break;
            }
        }
    }
}
