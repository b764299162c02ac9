using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Cluster;

namespace ActorLab.Specs;

/// <summary>What specs say about Raft: who leads, what the logs hold, and the operations of users on a node.</summary>
public static class RaftSpec
{
    /// <summary>
    /// Twice the paper's timeouts: on a busy machine a turn may come late by a hundred milliseconds, and these specs are
    /// about cuts and crashes, not about that.
    /// </summary>
    public static readonly RaftOptions Patient = new()
    {
        ElectionTimeoutEarliest = TimeSpan.FromMilliseconds(300),
        ElectionTimeoutLatest = TimeSpan.FromMilliseconds(600),
        HeartbeatInterval = TimeSpan.FromMilliseconds(60),
    };

    /// <summary>How long an operation of a user may take where a leader can be found.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(10);

    /// <summary>Starts a spec with a server and a client on each node.</summary>
    public static Task<LabSpec> Start(
        ITestOutputHelper output, int nodes, RaftOptions? options = null, StoreKind store = StoreKind.Memory) =>
        LabSpec.Start(output, new SpecOptions
        {
            Nodes = nodes,
            Scenario = names => RaftScenario.Of(names.Count, options ?? Patient),
            Store = store,
        });

    /// <summary>The server's state, as far as its disk has it; null while it boots.</summary>
    public static RaftState? Server(this SpecNode node) => node.Hosted.Role(RaftServer.RoleName)?.DurableState as RaftState;

    /// <summary>Whether the server takes itself for the leader.</summary>
    public static bool Leads(this SpecNode node) => node.Server()?.Role == ServerRole.Leader;

    /// <summary>
    /// Waits until one of these nodes leads, and all of them follow it in its term. Null: all nodes that are up.
    /// </summary>
    public static async Task<NodeId> AwaitLeader(this LabSpec spec, Set<NodeId>? among = null, TimeSpan? limit = null)
    {
        var leader = default(NodeId);
        await Patience.AwaitAssert(
            () =>
            {
                var states = spec.Nodes.Where(node => among is not { } some || some.Contains(node.Name))
                    .Select(node => (node.Name, State: node.Server() ?? throw new SpecFailure($"{node.Name} boots.")))
                    .ToList();
                leader = Assert.Single(states, server => server.State.Role == ServerRole.Leader).Name;
                var term = states.First(server => server.Name == leader).State.CurrentTerm;
                Assert.All(states, server => Assert.Equal((term, leader), (server.State.CurrentTerm, server.State.LeaderId)));
            },
            limit);
        spec.Say($"{leader} leads term {spec[leader].Server()?.CurrentTerm}");
        return leader;
    }

    /// <summary>A command of a user of this node, through its client role.</summary>
    /// <param name="node">Where the user is.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="limit">How long the user waits; ten seconds when null.</param>
    public static Task<OperationResult> Ask(this SpecNode node, KvCommand command, TimeSpan? limit = null) => node.Submit(
        RaftServer.ClientRoleName,
        number => new RaftMessage.Invoke(number, command, limit ?? Usual),
        limit ?? Usual);

    /// <summary>Puts a value, and claims that this is acknowledged.</summary>
    public static async Task Put(this SpecNode node, string key, string value)
    {
        var result = await node.Ask(new KvCommand.Put(key, value));
        Assert.True(result.Outcome == Outcome.Ok, $"Put at {node} ended {result.Outcome}: {result.Reason}");
    }

    /// <summary>The value of a key, of the time of asking; null when there is none.</summary>
    public static async Task<string?> Get(this SpecNode node, string key)
    {
        var result = await node.Ask(new KvCommand.Get(key));
        Assert.True(result.Outcome == Outcome.Ok, $"Get at {node} ended {result.Outcome}: {result.Reason}");
        return (result.Reply as KvReply.Found)?.Value;
    }

    /// <summary>What this node's server has applied itself, with no word to anybody; null when there is none.</summary>
    public static string? Applied(this SpecNode node, string key) => node.Server()?.Machine.Values.Find(key);

    /// <summary>Waits until each node that is up has applied this value.</summary>
    public static Task AwaitApplied(this LabSpec spec, string key, string value) => Patience.AwaitAssert(
        () => Assert.All(spec.Nodes, node => Assert.Equal(value, node.Applied(key))));

    /// <summary>Waits until each node that is up has the same log, all of it committed.</summary>
    public static Task AwaitSameLogs(this LabSpec spec) => Patience.AwaitAssert(() =>
    {
        var states = spec.Nodes.Select(node => node.Server() ?? throw new SpecFailure($"{node} boots.")).ToList();
        Assert.All(states, state => Assert.Equal(states[0].Log, state.Log));
        Assert.All(states, state => Assert.Equal(state.Log.LastIndex, state.CommitIndex));
    });

    /// <summary>Whether the server's log has a command that puts this value, committed or not.</summary>
    public static bool HoldsValue(this SpecNode node, string value) => node.Server()!.Log.Entries
        .Any(entry => entry.Command is LogCommand.Operation { Command: KvCommand.Put put } && put.Value == value);

    /// <summary>Whether its server got a snapshot from a leader since the node started. One that it took itself says nothing of that.</summary>
    public static bool GotSnapshot(this SpecNode node) => node.Lab.Trace.Read(-1, int.MaxValue).Any(
        line => line.Kind == TraceKind.Note && line.Text.StartsWith("installs a snapshot through ", StringComparison.Ordinal));

    /// <summary>Whom the client role of this node takes for the leader; null while it knows none.</summary>
    public static NodeId? LeaderKnownToClient(this SpecNode node) =>
        (node.Hosted.Role(RaftServer.ClientRoleName)?.DurableState as ClientState<KvCommand>)?.Leader;

    /// <summary>Election Safety, from what the nodes that are up have traced: no two servers led in one term.</summary>
    public static void CheckOneLeaderPerTerm(this LabSpec spec)
    {
        var reigns = spec.Nodes.SelectMany(
                node => node.Lab.Trace.Read(-1, int.MaxValue),
                (node, happening) => (node.Name, happening.Kind, happening.Text))
            .Where(line => line.Kind == TraceKind.Note && line.Text.StartsWith("leads term ", StringComparison.Ordinal))
            .Select(line => (Leader: line.Name, Term: line.Text.Split(' ')[2]))
            .Distinct()
            .ToList();
        Assert.NotEmpty(reigns);
        Assert.All(reigns.GroupBy(reign => reign.Term), term => Assert.Single(term));
    }

    /// <summary>The other nodes.</summary>
    public static Set<NodeId> Others(this LabSpec spec, params Set<NodeId> nodes) => spec.Names.Except(nodes);
}
