using System.Text.Json.Nodes;
using ActorLab.Algorithms.AtomicCommit;
using ActorLab.Cluster;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>Two-phase commit on the cluster: a coordinator and a participant with accounts on each node.</summary>
internal static class CommitOnCluster
{
    public static LabScenario Scenario { get; } = new(
        new ScenarioEntry(CommitScenario.Name, request => request.Parameters.Count == 0
            ? CommitScenario.Of(request.Nodes.Count, CommitOptions.Default with { AccountsEach = 3 })
            : Scenarios.Of(CommitScenario.Family, request.Parameters))
        {
            Invoke = request => new CommitMessage.Invoke(request.Number, (CommitCommand)request.Command),
            Answer = reply => new OperationAnswer(200, Body((CommitReply)reply)),
            Inspectors = new Dictionary<string, Inspector> { [Coordinator.RoleName] = Inspect, [Participant.RoleName] = Inspect },
        },
        "Two-phase commit: transfers between accounts on several nodes, all or nothing.",
        CommitOperations.For([]))
    {
        FirstCommand = "commit transfer --from a@n1 --to b@n2 --amount 10",
        Reads = command => command is not CommitCommand.Transfer,
        Show = CommitPalette.Show,
        Commands = CommitPalette.Commands,
    };

    private static Dictionary<string, object?> Inspect(object state) => state switch
    {
        CoordinatorState coordinator => new()
        {
            ["voting"] = coordinator.Open.Count,
            ["unacknowledged"] = coordinator.Disk.Committed.Count,
        },
        ParticipantState participant => new()
        {
            ["accounts"] = string.Join(" ", participant.Disk.Balances.Select(account => $"{account.Key}={account.Value}")),
            ["in doubt"] = participant.Disk.Prepared.Count,
        },
        _ => [],
    };

    private static JsonObject Body(CommitReply reply) => reply switch
    {
        CommitReply.Committed committed => new JsonObject { ["committed"] = committed.Transaction.ToString() },
        CommitReply.Ledgers ledgers => new JsonObject
        {
            ["accounts"] = new JsonArray([.. ledgers.Nodes.SelectMany(node => node.Value.Balances, (node, account) => new JsonObject
            {
                ["account"] = $"{account.Key}@{node.Key}",
                ["balance"] = account.Value,
                ["held"] = node.Value.Holds.FindOr(account.Key, 0),
            })]),
            ["silent"] = Names(ledgers.Silent),
        },
        CommitReply.Open open => new JsonObject
        {
            ["voting"] = Waiting(open.Voting),
            ["unacknowledged"] = Waiting(open.Unacknowledged),
            ["inDoubt"] = new JsonObject([.. open.InDoubt.Where(node => !node.Value.IsEmpty)
                .Select(node => KeyValuePair.Create<string, JsonNode?>(node.Key.Name, Texts(node.Value)))]),
            ["silent"] = Names(open.Silent),
        },
        _ => throw new InvalidOperationException($"There are no words for {reply.GetType().Name}."),
    };

    private static JsonObject Waiting(Map<TransactionId, Set<NodeId>> transactions) =>
        new([.. transactions.Select(one => KeyValuePair.Create<string, JsonNode?>(one.Key.ToString(), Names(one.Value)))]);

    private static JsonArray Names(Set<NodeId> nodes) => Texts(nodes);

    private static JsonArray Texts<T>(IEnumerable<T> items) => new([.. items.Select(item => (JsonNode)item!.ToString()!)]);
}
