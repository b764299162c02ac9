using System.Globalization;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.MultiPaxos;
using ActorLab.Cluster;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>Multi-Paxos on the cluster, under the name <c>paxos</c>: each role on all nodes, or where its parameters place it.</summary>
internal static class PaxosOnCluster
{
    public const string Name = "paxos";

    /// <summary>The kinds of roles that can be placed: their parameter holds the numbers of the nodes as digits, 135 for n1, n3 and n5.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["leaders", "acceptors", "learners", "clients"];

    public static LabScenario Scenario { get; } = new(
        new ScenarioEntry(Name, request => MultiPaxosScenario.Of(PlacesOf(request), MultiPaxosOptions.Default) with { Name = Name })
        {
            Inspectors = new Dictionary<string, Inspector>
            {
                [MultiPaxosPlaces.LeaderRole] = Inspect,
                [MultiPaxosPlaces.AcceptorRole] = Inspect,
                [MultiPaxosPlaces.LearnerRole] = Inspect,
                [MultiPaxosPlaces.ClientRole] = ClientFacts.Of,
            },
            Invoke = request => new MultiPaxosMessage.Invoke(request.Number, (KvCommand)request.Command, request.Limit),
            Refuse = KvAnswer.Refusal,
            Answer = KvAnswer.Of,
            MapRoutes = (routes, node) => KvRoutes.Map(routes, node, Scenario!.Entry, $"/{Name}"),
        },
        "Multi-Paxos: leaders, acceptors and learners that replicate the same key-value store as Raft.",
        KvOperations.For(MultiPaxosPlaces.ClientRole))
    {
        FirstCommand = "paxos put greeting hello",
        Leading = new Leading(MultiPaxosPlaces.LeaderRole, LeaderOf),
        Reads = KvShow.Reads,
        Show = KvShow.Show,
        SetUp = PaxosPalette.SetUp,
    };

    /// <summary>Nodes as a parameter says them: 135 for n1, n3 and n5.</summary>
    public static int DigitsOf(IEnumerable<string> nodes) =>
        int.Parse(string.Concat(nodes.Order(StringComparer.Ordinal).Select(node => node[1..])), CultureInfo.InvariantCulture);

    private static MultiPaxosPlaces PlacesOf(ScenarioRequest request)
    {
        if (request.Parameters.Keys.FirstOrDefault(name => !Kinds.Contains(name)) is { } strange)
        {
            throw new FormatException(
                $"{Name} has no parameter '{strange}'. It has {string.Join(", ", Kinds)}, each with the numbers of its nodes, such as acceptors=135 for n1, n3 and n5.");
        }

        return new MultiPaxosPlaces(Of("leaders"), Of("acceptors"), Of("learners"), Of("clients"));

        Set<NodeId> Of(string kind) => !request.Parameters.TryGetValue(kind, out var digits)
            ? request.Nodes.Select(node => new NodeId(node)).ToSet()
            : NodeNumbers.Read(kind, digits);
    }

    private static Dictionary<string, object?> Inspect(object state) => state switch
    {
        LeaderState leader => new()
        {
            ["phase"] = leader.Phase.ToString().ToLowerInvariant(),
            ["ballot"] = leader.Highest?.ToString(),
            ["round"] = leader.Disk.Round,
            ["leader"] = leader.LeaderId?.Name,
            ["open"] = leader.Leadership?.Open.Count ?? 0,
        },
        AcceptorState acceptor => new()
        {
            ["promised"] = acceptor.Disk.Promised?.ToString(),
            ["votes"] = acceptor.Disk.Votes.Count,
        },
        LearnerState learner => new()
        {
            ["log"] = learner.Disk.Ledger.Count,
            ["keys"] = learner.Store.Machine.Values.Count,
        },
        _ => [],
    };

    private static LeaderInTerm? LeaderOf(IEnumerable<(string Node, RoleState State)> states) =>
        (from state in states
         let phase = $"{state.State.Facts.GetValueOrDefault("phase")}"
         where phase == "leading"
         select new LeaderInTerm(state.Node, long.Parse($"{state.State.Facts["round"]}", CultureInfo.InvariantCulture)))
        .MaxBy(leader => leader.Term);
}
