using System.Text.Json.Nodes;
using ActorLab.Algorithms.AtomicCommit;
using ActorLab.Cluster;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary>What <c>commit</c> has beside its operations: crashes at the two points that matter, and recovery.</summary>
internal static class CommitPalette
{
    private static readonly (string Name, CrashPoint Point, string When)[] Points =
    [
        ("votes", new CrashPoint(Coordinator.RoleName, Coordinator.VotesPoint, AfterDisk: false),
            "when all have voted Yes, before its decision is on disk"),
        ("decision", new CrashPoint(Coordinator.RoleName, Coordinator.DecisionPoint, AfterDisk: true),
            "when its decision is on disk, before anybody hears of it"),
    ];

    public static IReadOnlyList<Command> Commands(LabContext lab) =>
    [
        new Command("crash-after", "Lets a coordinator's node crash in its next transfer: after the votes, or after the decision.")
        {
            Parameters =
            [
                Parameter.Choice("point", "when", [.. Points.Select(point => point.Name)]),
                Parameter.Node("node", "whose coordinator; the first node that runs, which transfer asks too, when left out").AsSwitch(),
            ],
            Example = "commit crash-after votes",
            Handler = (c, stopped) => CrashAfter(lab, c, stopped),
        },
        new Command("recover", "Starts the nodes that are down, on their disks.")
        {
            Example = "commit recover",
            Handler = (c, _) => Recover(lab, c),
        },
    ];

    public static void Show(CommandContext c, JsonObject body)
    {
        if ((string?)body["committed"] is { } transaction)
        {
            c.Line(Cell.Good("committed"), $" as {transaction}");
            return;
        }

        if (body["accounts"] is JsonArray accounts)
        {
            c.Table(
                ["account", Column.Right("balance"), Column.Right("held")],
                accounts.Select(account => new Cell[] { Cell.Strong((string)account!["account"]!), (long)account["balance"]!, (long)account["held"]! }));
            var those = body["silent"] is JsonArray { Count: > 0 } ? "on the nodes that answered" : "in all";
            c.Line($"{accounts.Sum(account => (long)account!["balance"]!)} {those}", Tone.Dim);
        }
        else
        {
            c.Table(["what", "transaction or node", "of"],
            [
                .. Rows("waits for the votes", body["voting"]), .. Rows("committed, not acknowledged", body["unacknowledged"]),
                .. Rows("in doubt", body["inDoubt"]),
            ]);
        }

        if (body["silent"] is JsonArray { Count: > 0 } silent)
        {
            c.Line($"no answer from {string.Join(", ", silent)}", Tone.Warn);
        }
    }

    private static IEnumerable<Cell[]> Rows(string what, JsonNode? of) =>
        (of as JsonObject ?? []).Select(one => new Cell[] { what, Cell.Strong(one.Key), string.Join(", ", (JsonArray)one.Value!) });

    private static async Task CrashAfter(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var node = lab.Asked(c.NodeOrNull("node"));
        var (_, point, when) = Points.First(point => point.Name == c.Text("point"));
        await lab.Nodes.CrashAt(node, CommitScenario.Name, point, stopped).ConfigureAwait(false);
        c.Line(Cell.Strong(node), $" will crash {when}: commit transfer --from a@n1 --to b@n2 --amount 10 --node {node}");
    }

    private static async Task Recover(LabContext lab, CommandContext c)
    {
        var down = lab.Supervisor.Nodes.Where(node => node.Life is NodeLife.Stopped or NodeLife.Failed).Select(node => node.Name).ToList();
        if (down.Count == 0)
        {
            c.Line("no node is down");
        }

        foreach (var node in down)
        {
            await NodePalette.Start(lab, c, node, lab.Supervisor.Start).ConfigureAwait(false);
        }
    }
}
