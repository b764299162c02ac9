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
            new ScenarioParameter("rounds", "nor with more rounds of heartbeats in a term; 0 for no bound", 0, 0, 1_000),
        ],
        given => With(given, RaftOptions.Default, (members, options) => new RaftServer(members, options)));

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

        var nodes = NodeId.Range(servers);
        var serverRole = RoleBinding.Of(server(nodes, options));
        var clientRole = RoleBinding.Of(
            new Client<KvCommand, KvReply, RaftMessage>(RaftClientProtocol.Instance, clients));
        return new Scenario
        {
            Name = Name,
            Placements = nodes.SelectMany(node => Seq.Of(
                new Placement(new Address(node, RaftServer.ClientRoleName), clientRole),
                new Placement(new Address(node, RaftServer.RoleName), serverRole))).ToSeq(),
            Operations = KvOperations.For(RaftServer.ClientRoleName),
            Observers = RaftProperties.Observers,
            Properties = RaftProperties.All,
            Network = new Network(Lossy: true),
            Highlights = RaftHighlights.Of,
        };
    }

    /// <summary>The scenario of a family's arguments, with servers of some make.</summary>
    internal static Scenario With(
        ScenarioArguments given, RaftOptions options, Func<Set<NodeId>, RaftOptions, RaftServer> server)
    {
        var limit = TimeSpan.FromSeconds(given["limit"]);
        return Of(given["servers"], options, ClientOptions.Default, server) with
        {
            Workload = Enumerable.Range(1, given["operations"])
                .Select(number => Plan(number, given["servers"], given["keys"], limit))
                .ToSeq(),
            Faults = new FaultBudget(given["crashes"], given["drops"], given["duplicates"]),
            Network = new Network(Lossy: true, Duplicating: given["duplicates"] > 0),
            Constraint = Bound(given["terms"], given["rounds"]),
        };
    }

    private static Func<IWorld, bool>? Bound(int terms, int rounds) => (terms, rounds) is (0, 0) ? null : world =>
        world.All<RaftState>().All(server =>
            (terms == 0 || server.State.CurrentTerm <= terms)
            && (rounds == 0 || (server.State.Leadership?.Round ?? 0) <= rounds));

    /// <summary>
    /// A mix of all commands on few keys, each write of a value of its own, so that a judge can tell them apart.
    /// </summary>
    private static PlannedOperation Plan(int number, int servers, int keys, TimeSpan limit)
    {
        var key = $"k{number % keys}";
        var value = $"v{number}";
        KvCommand command = (number % 7) switch
        {
            0 => new KvCommand.Delete(key),
            1 or 4 => new KvCommand.Put(key, value),
            2 or 5 => new KvCommand.Get(key),
            3 => new KvCommand.Append(key, value),
            _ => new KvCommand.CompareAndSet(key, $"v{number - 2}", value),
        };
        var client = new Address(new NodeId($"n{((number - 1) % servers) + 1}"), RaftServer.ClientRoleName);
        return new PlannedOperation(client, new RaftMessage.Invoke(number, command, limit));
    }
}
