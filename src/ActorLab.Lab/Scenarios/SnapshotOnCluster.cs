using System.Text.Json.Nodes;
using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Cluster;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>The bank on the cluster: an account on each node, over links that lose, with reliable links around them.</summary>
internal static class SnapshotOnCluster
{
    /// <summary>What an account starts with.</summary>
    private const long Money = 1_000;

    public static LabScenario Scenario { get; } = new(
        new ScenarioEntry(SnapshotScenario.Name, request => request.Parameters.Count == 0
            ? SnapshotScenario.OnNodes(request.Nodes.Count, Money)
            : Scenarios.Of(SnapshotScenario.Family, request.Parameters))
        {
            Invoke = request => BankOperations.Numbered(request.Command, request.Number),
            Answer = reply => new OperationAnswer(200, Body(reply, SnapshotWords.OfMoney)),
            Inspectors = new Dictionary<string, Inspector> { [Account.RoleName] = Inspect },
        },
        "A bank that sends money round, and global states of it that are recorded while it does (Chandy and Lamport).",
        BankOperations.Of(wearsLinks: true, spends: false))
    {
        FirstCommand = "snapshot take",
        WhenLate = (operation, node) => operation == "take"
            ? $"A snapshot that has begun goes on: snapshot show --node {node} lists it when all its parts are in."
            : null,
        Show = (c, body) => SnapshotPalette.Show(c, body, SnapshotWords.OfMoney),
        Commands = SnapshotPalette.Commands,
    };

    private static Dictionary<string, object?> Inspect(object state) => SnapshotProperties.AccountIn(state) is { } account
        ? new()
        {
            ["balance"] = account.Disk.Balance,
            ["rate"] = account.Disk.Rate,
            ["recording"] = account.Disk.Parts.Values.Count(part => !part.IsComplete),
            ["taken"] = account.Disk.Taken,
        }
        : [];

    /// <summary>An answer, in the words of what is counted.</summary>
    internal static JsonObject Body(object reply, SnapshotWords words) => reply switch
    {
        GlobalSnapshot snapshot => Body(snapshot, words),
        AccountStatement statement => new JsonObject
        {
            [words.Amount] = statement.Balance,
            ["snapshots"] = new JsonArray([.. statement.Snapshots.Select(snapshot => Body(snapshot, words))]),
        },
        _ => new JsonObject { ["reply"] = Canonical.Text(reply) },
    };

    private static JsonObject Body(GlobalSnapshot snapshot, SnapshotWords words) => new()
    {
        ["snapshot"] = snapshot.Id.ToString(),
        ["total"] = snapshot.Total,
        [words.AllOfThem] = snapshot.InAccounts,
        ["inFlight"] = snapshot.InFlight,
        ["parts"] = new JsonObject([.. snapshot.Parts.Select(part => KeyValuePair.Create<string, JsonNode?>(part.Key.Name, new JsonObject
        {
            [words.Amount] = part.Value.State,
            ["channels"] = new JsonObject([.. part.Value.Channels.Select(channel =>
                KeyValuePair.Create<string, JsonNode?>(channel.Key.Name, new JsonArray([.. channel.Value.Select(amount => (JsonNode)amount)])))]),
        }))]),
    };
}
