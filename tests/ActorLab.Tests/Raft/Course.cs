using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Tests.Raft;

/// <summary>Raft servers in virtual time, driven step by step. Every wait has a limit, and fails with what it waited for.</summary>
internal sealed class Course
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly SimulationRun _run;
    private readonly Dictionary<NodeId, long> _numbers = [];

    public Course(int servers, RaftOptions? raft = null, SimulationOptions? options = null)
    {
        Nodes = NodeId.Range(servers);
        _run = new SimulationRun(
            RaftScenario.Of(servers, raft ?? RaftOptions.Default),
            (options ?? new SimulationOptions { VirtualTime = TimeSpan.FromMinutes(5) }) with { Watch = Count });
    }

    public Set<NodeId> Nodes { get; }

    /// <summary>AppendEntries that were refused because logs differ.</summary>
    public int Refusals { get; private set; }

    /// <summary>Messages that roles sent.</summary>
    public long Sent => _run.Result().Counts.Sent;

    public void Strike(FaultAction action) => _run.Strike(action);

    public void RunFor(TimeSpan time)
    {
        _run.RunFor(time);
        Assert.Null(_run.Violation);
    }

    public void Until(Func<IWorld, bool> condition, TimeSpan? limit = null)
    {
        Assert.True(_run.RunUntil(condition, limit ?? Limit), _run.Violation?.ToString() ?? "it did not come true in time");
        Assert.Null(_run.Violation);
    }

    /// <summary>Waits for a leader among some nodes that all of them but a minority follow.</summary>
    public NodeId Leader(Set<NodeId> among)
    {
        NodeId? found = null;
        Until(world => (found = LeaderOf(world, among)) is not null);
        return found!.Value;
    }

    public NodeId Leader() => Leader(Nodes);

    public NodeId Leader(NodeId but) => Leader(Nodes.Remove(but));

    public NodeId Leader(Set<NodeId> but, bool _ = true) => Leader(Nodes.Except(but));

    public void Isolate(NodeId node) => Strike(new FaultAction.Cut(Partition.Isolate(Nodes, node)));

    /// <summary>These hear each other, and so do the rest.</summary>
    public void Split(Set<NodeId> group) => Strike(new FaultAction.Cut(Partition.Split(Nodes, [group, Nodes.Except(group)])));

    /// <summary>These hear each other, and everybody else hears nobody.</summary>
    public void Only(Set<NodeId> group) => Strike(new FaultAction.Cut(Partition.Split(Nodes, [group])));

    public void Heal() => Strike(new FaultAction.Heal());

    /// <summary>A node and so many others.</summary>
    public Set<NodeId> Group(NodeId node, int others) => Nodes.Remove(node).Take(others).Append(node).ToSet();

    /// <summary>Asks a node's client, and does not wait.</summary>
    /// <returns>The number of the operation.</returns>
    public long Ask(NodeId node, KvCommand command, TimeSpan limit)
    {
        var number = _numbers[node] = _numbers.GetValueOrDefault(node) + 1;
        _run.Operate(new Address(node, RaftServer.ClientRoleName), new RaftMessage.Invoke(number, command, limit));
        return number;
    }

    /// <summary>Asks and waits for success.</summary>
    public KvReply? Do(NodeId node, KvCommand command)
    {
        var number = Ask(node, command, Limit);
        Until(_ => Find(node, number).CompletedAt is not null);
        Assert.Equal(Outcome.Ok, OutcomeOf(node, number));
        return (KvReply?)Find(node, number).Reply;
    }

    public void AskMany(NodeId node, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Ask(node, new KvCommand.Append("many", $"{node}.{i};"), TimeSpan.FromMilliseconds(900));
        }
    }

    public void DoMany(NodeId node, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Do(node, new KvCommand.Append("many", $"{node}.{i};"));
        }
    }

    public string? Read(NodeId node, string key) => Do(node, new KvCommand.Get(key)) is KvReply.Found found ? found.Value : null;

    public Outcome OutcomeOf(NodeId node, long number) => Find(node, number).Outcome;

    public KvCommand CommandOf(NodeId node, long number) => (KvCommand)Find(node, number).Command;

    /// <summary>In the end all servers have the same log, all of it committed, and the same values.</summary>
    public void AssertAllEqual() => Until(world =>
    {
        var servers = world.All<RaftState>().Select(server => server.State).ToList();
        return servers.TrueForAll(server => server.Log.Entries == servers[0].Log.Entries && server.CommitIndex == servers[0].Log.LastIndex
            && server.Machine == servers[0].Machine);
    });

    private static NodeId? LeaderOf(IWorld world, Set<NodeId> among)
    {
        var servers = world.Running<RaftState>().Where(server => among.Contains(server.Address.Node)).ToList();
        foreach (var (address, state) in servers.OrderByDescending(server => server.State.CurrentTerm))
        {
            if (state.Role == ServerRole.Leader && servers.Count(server => server.State.LeaderId == address.Node) > among.Count / 2)
            {
                return address.Node;
            }
        }

        return null;
    }

    private HistoryOperation Find(NodeId node, long number) => _run.History.Operations.Single(one =>
        one.Client.Node == node && one.Number == number);

    private void Count(TurnSeen turn)
    {
        Refusals += turn.Effects.Count(effect =>
            effect is Effect.Send { Message: RaftMessage.AppendEntriesReply { Success: false, ConflictIndex: > 0 } });
    }
}
