using System.Text.Json.Nodes;
using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Algorithms.Termination;
using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>Work that spreads over the nodes of the cluster, and somebody who finds out that it is done.</summary>
internal static class TerminationOnCluster
{
    public static LabScenario Scenario { get; } = new(
        new ScenarioEntry(TerminationScenario.Name, request => request.Parameters.Count == 0
            ? TerminationScenario.OnNodes(request.Nodes.Count)
            : Scenarios.Of(TerminationScenario.Family, request.Parameters))
        {
            Invoke = request => BankOperations.Numbered(request.Command, request.Number),
            Answer = reply => new OperationAnswer(200, Body(reply)),
            Inspectors = new Dictionary<string, Inspector> { [Account.RoleName] = Inspect },
        },
        "Work that nodes do and hand on to each other; its end is detected from snapshots.",
        TerminationScenario.OnNodes(1).Operations)
    {
        FirstCommand = "termination work 200",
        Reads = command => command is Frame<BankMessage> { Message: not BankMessage.Work },
        Show = Show,
    };

    private static Dictionary<string, object?> Inspect(object state) => SnapshotProperties.AccountIn(state) is { } worker
        ? new()
        {
            ["tasks"] = worker.Disk.Balance,
            ["snapshots"] = worker.Disk.Taken,
            ["watch"] = worker.Disk.Watch is not { } watch ? "nobody" : watch.Found is { } found ? $"done, says {found}" : "looks",
        }
        : [];

    private static JsonObject Body(object reply) => reply is WorkDone done
        ? new JsonObject { ["doneBy"] = done.By.ToString(), ["looks"] = done.Looks }
        : SnapshotOnCluster.Body(reply, SnapshotWords.OfTasks);

    private static void Show(CommandContext c, JsonObject body)
    {
        if ((string?)body["doneBy"] is { } snapshot)
        {
            var looks = (int)body["looks"]!;
            c.Line(Cell.Good("the work is done"), $": {snapshot} found none, in no process and no channel; it took {Counted.Of(looks, "snapshot")}");
        }
        else if (body["snapshots"] is JsonArray { Count: 0 })
        {
            c.Line($"{SnapshotWords.OfTasks.Amount}: {body[SnapshotWords.OfTasks.Amount]}");
        }
        else
        {
            SnapshotPalette.Show(c, body, SnapshotWords.OfTasks);
        }
    }
}
