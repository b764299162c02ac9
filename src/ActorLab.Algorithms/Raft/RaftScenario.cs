using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <summary>Raft servers <c>n1/server</c> to <c>nK/server</c>, with a client of the key-value store on each node.</summary>
public static class RaftScenario
{
    public const string Name = "raft";

    /// <summary>For simulator and checker: with a workload and faults.</summary>
    public static readonly ScenarioFamily Family = new(
        Name,
        "A replicated key-value store on Raft.",
        [
            new ScenarioParameter("servers", "servers, each with a client", Default: 3, Least: 1, Most: 9),
            new ScenarioParameter("operations", "operations of the workload, spread over the clients", 10, 0, 1_000),
            new ScenarioParameter("keys", "different keys in the workload", 2, 1, 100),
            new ScenarioParameter("limit", "seconds an operation may take", 5, 1, 60),
            new ScenarioParameter("crashes", "crashes that may happen", 0, 0, 100),
            new ScenarioParameter("drops", "messages that may be lost", 0, 0, 1_000),
            new ScenarioParameter("duplicates", "messages that may arrive twice", 0, 0, 1_000),
            new ScenarioParameter("terms", "the checker explores no worlds beyond this term; 0 for no bound", 0, 0, 1_000),
            new ScenarioParameter("rounds", "nor with more rounds of heartbeats in a term; -1 for no bound", -1, -1, 1_000),
            new ScenarioParameter("clients", "1: a client on each node; 0: operations come to the servers from outside", 1, 0, 1),
            new ScenarioParameter("hurry", "1: timeouts that delays often exceed, and one entry in a message", 0, 0, 1),
            new ScenarioParameter("lossy", "1: messages may vanish; 0: they may only stay under way for ever", 1, 0, 1),
            new ScenarioParameter("members", "servers that are members at first; 0: all", 0, 0, 9),
            new ScenarioParameter("compact", "applied entries behind a snapshot after which a server takes the next; 0: only when asked to", 0, 0, 1_000),
            new ScenarioParameter("snapshots", "of the workload: servers that are asked for a snapshot, from n1 on", 0, 0, 9),
            new ScenarioParameter("removes", "of the workload: removals of n1, each asked of the next server, from n1 on", 0, 0, 9),
            new ScenarioParameter("adds", "of the workload: additions of the last server, each asked of the next one, from n1 on", 0, 0, 9),
            new ScenarioParameter("transfers", "of the workload: handovers to n1, n2 and so on, asked of n1", 0, 0, 9),
            new ScenarioParameter("followers", "1: reads are answered by the server of the client's node; 0: by the leader", 0, 0, 1),
            new ScenarioParameter("stage", "1: begins with two changes of the members half done; 2: with a snapshot that one server lacks", 0, 0, 2),
            new ScenarioParameter("linger", "milliseconds that a leader waits for more commands to make a batch of; 0: it makes none", 0, 0, 1_000),
            new ScenarioParameter("prevote", "1: PreVote and CheckQuorum; 0: the elections of the paper's Figure 2", 1, 0, 1),
        ],
        given => With(given, (members, options) => new RaftServer(members, options)));

    /// <summary>Leaders come and go before they commit anything, as in Figures 7 and 8.</summary>
    private static readonly RaftOptions Hurried = RaftOptions.Default with
    {
        ElectionTimeoutEarliest = TimeSpan.FromMilliseconds(40),
        ElectionTimeoutLatest = TimeSpan.FromMilliseconds(60),
        HeartbeatInterval = TimeSpan.FromMilliseconds(15),
        MaxBatchBytes = 1,
    };

    /// <summary>For a cluster: without a workload.</summary>
    /// <param name="servers">How many, 1 to 9.</param>
    /// <param name="options">The same for all of them.</param>
    public static Scenario Of(int servers, RaftOptions options) =>
        Of(servers, options, ClientOptions.Default, (members, chosen) => new RaftServer(members, chosen));

    /// <summary>With servers of another make: mutants, and settings of their own.</summary>
    public static Scenario Of(
        int servers, RaftOptions options, ClientOptions clients, Func<Set<NodeId>, RaftOptions, RaftServer> server)
    {
        if (servers is < 1 or > 9)
        {
            throw new FormatException($"A lab has 1 to 9 servers, not {servers}.");
        }

        return Of(NodeId.Range(servers), NodeId.Range(servers), options, clients, server);
    }

    /// <summary>With servers that are no members at first.</summary>
    /// <param name="nodes">The nodes of all servers.</param>
    /// <param name="members">Those of the first members.</param>
    /// <param name="options">The same for all of them.</param>
    public static Scenario Of(Set<NodeId> nodes, Set<NodeId> members, RaftOptions options) =>
        Of(nodes, members, options, ClientOptions.Default, (first, chosen) => new RaftServer(first, chosen));

    /// <summary>With servers of another make, of which some are no members at first.</summary>
    public static Scenario Of(
        Set<NodeId> nodes, Set<NodeId> members, RaftOptions options, ClientOptions clients,
        Func<Set<NodeId>, RaftOptions, RaftServer> server)
    {
        if (members.IsEmpty || members.Count > 9 || !members.IsSubsetOf(nodes))
        {
            throw new FormatException(
                $"The members are 1 to 9 of the servers {string.Join(", ", nodes)}, not {string.Join(", ", members)}.");
        }

        var serverRole = RoleBinding.Of(server(members, options with { Servers = nodes }));
        var clientRole = RoleBinding.Of(
            new Client<KvCommand, KvReply, RaftMessage>(new RaftClientProtocol(options.FollowerReads), clients));
        var clientPlaces = nodes.Select(node => new Placement(new Address(node, RaftServer.ClientRoleName), clientRole));
        var serverPlaces = nodes.Select(node => new Placement(new Address(node, RaftServer.RoleName), serverRole));
        return new Scenario
        {
            Name = Name,
            Placements = serverPlaces.Concat(options.HasClients ? clientPlaces : [])
                .OrderBy(placement => placement.Address).ToSeq(),
            Operations = KvOperations.For(RaftServer.ClientRoleName).AddRange(RaftOperations.For(RaftServer.RoleName)),
            Observers = RaftProperties.Observers,
            Properties = RaftProperties.All,
            Network = new Network(Lossy: true),
            Highlights = RaftHighlights.Of,
        };
    }

    /// <summary>The scenario of a family's arguments, with servers of some make.</summary>
    internal static Scenario With(ScenarioArguments given, Func<Set<NodeId>, RaftOptions, RaftServer> server)
    {
        var chosen = (given["hurry"] == 1 ? Hurried : RaftOptions.Default) with
        {
            HasClients = given["clients"] == 1,
            PreVote = given["prevote"] == 1,
            CheckQuorum = given["prevote"] == 1,
            CompactEntries = given["compact"],
            MaxChunkBytes = 64,
            Linger = TimeSpan.FromMilliseconds(given["linger"]),
            FollowerReads = given["followers"] == 1,
        };
        var stage = given["stage"];
        if (stage > 0)
        {
            chosen = chosen with { FirstDisks = RaftStages.Disks(stage), MaxChunkBytes = 1 };
            given = given.With("servers", RaftStages.Servers(stage));
        }

        var (nodes, members) = (given["servers"], given["members"] == 0 ? given["servers"] : given["members"]);
        var changes = Changes(given);
        return Of(NodeId.Range(nodes), NodeId.Range(members), chosen, ClientOptions.Default, server) with
        {
            Workload = Enumerable.Range(1, given["operations"]).Select(number => Plan(number, given)).ToSeq().AddRange(changes)
                .AddRange(RaftStages.Workload(stage)),
            Properties = given["compact"] > 0 || given["snapshots"] > 0 || stage == RaftStages.Snapshot
                ? RaftProperties.All.Add(RaftProperties.SnapshotInstalled)
                : RaftProperties.All,
            Faults = new FaultBudget(given["crashes"], given["drops"], given["duplicates"]),
            Network = new Network(Lossy: given["lossy"] == 1, Duplicating: given["duplicates"] > 0),
            Interchangeable = given["clients"] == 0 && given["operations"] == 0 && members == nodes && changes.IsEmpty && stage == 0
                ? NodeId.Range(nodes).ToSet()
                : [],
            Constraint = Bound(given["terms"], given["rounds"], stage),
        };
    }

    /// <summary>What whoever runs the servers asks for, of servers in turn: only one that leads, or knows who does, heeds it.</summary>
    private static Seq<PlannedOperation> Changes(ScenarioArguments given)
    {
        var (first, last) = (Node(1), Node(given["servers"]));
        return [
            .. Of("snapshots", _ => new RaftChange.TakeSnapshot()),
            .. Of("removes", _ => new RaftChange.Remove(first)),
            .. Of("adds", _ => new RaftChange.Add(last)),
            .. Enumerable.Range(1, given["transfers"]).Select(number => Ask(1, new RaftChange.Transfer(Node(number)))),
        ];

        IEnumerable<PlannedOperation> Of(string name, Func<int, RaftChange> change) =>
            Enumerable.Range(1, given[name]).Select(number => Ask(((number - 1) % given["servers"]) + 1, change(number)));

        static PlannedOperation Ask(int node, RaftChange change) =>
            new(new Address(Node(node), RaftServer.RoleName), new RaftMessage.Manage(0, change));

        static NodeId Node(int number) => new($"n{number}");
    }

    private static Func<IWorld, bool>? Bound(int terms, int rounds, int stage) => (terms, rounds, stage) is (0, -1, 0) ? null : world =>
        (stage == 0 || RaftStages.IsWithin(stage, world)) && world.All<RaftState>().All(server =>
            (terms == 0 || server.State.CurrentTerm <= terms)
            && (rounds < 0 || (server.State.Leadership?.Round ?? 0) <= rounds));

    private static PlannedOperation Plan(int number, ScenarioArguments given)
    {
        var node = new NodeId($"n{((number - 1) % given["servers"]) + 1}");
        var command = KvWorkload.CommandOf(number, given["keys"]);
        return given["clients"] == 1
            ? new PlannedOperation(
                new Address(node, RaftServer.ClientRoleName),
                new RaftMessage.Invoke(number, command, TimeSpan.FromSeconds(given["limit"])))
            // Of no session, so that it is replicated and committed like any other, and changes nothing when it is applied.
            : new PlannedOperation(new Address(node, RaftServer.RoleName), new RaftMessage.Request(0, number, number, command));
    }
}
