using System.Text.Json.Nodes;
using ActorLab.Algorithms.ByzantineGenerals;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>What <c>generals</c> shows of a battle, its diagram, and the strategies of traitors.</summary>
internal static class GeneralsPalette
{
    /// <summary>A muster, the longest rounds that there are, and the accounts.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>How far the clocks of processes may be apart, of which each counts by itself since its start.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(50);

    public static IReadOnlyList<Command> SetUp { get; } =
    [
        new Command("strategies", "Lists what traitors can do.")
        {
            Example = "generals strategies",
            Handler = (c, _) =>
            {
                c.Table(["strategy", "what he does"], Strategy.All.Select(one => new Cell[] { Cell.Strong(one.Name), one.Summary }));
                return Task.CompletedTask;
            },
        },
    ];

    public static IReadOnlyList<Command> Commands(LabContext lab)
    {
        var kind = GeneralsOnCluster.Scenario.Operations.First(operation => operation.Name == "order");
        var order = OperationCommands.For(lab, GeneralsOnCluster.Scenario, kind, Limit);
        return
        [
            order with
            {
                Example = "generals order attack --traitors n3:two-faced",
                Handler = async (c, stopped) =>
                {
                    var since = DateTime.UtcNow - Slack;
                    await order.Handler!(c, stopped).ConfigureAwait(false);
                    await Draw(lab, c, since, stopped).ConfigureAwait(false);
                },
            },
        ];
    }

    public static void Show(CommandContext c, JsonObject battle)
    {
        c.Table(
            ["general", "part", "received", "obeys", Column.Right("sent")],
            ((JsonArray)battle["generals"]!).Select(general => Row((JsonObject)general!, (string)battle["commander"]!)),
            $"{battle["battle"]}: {battle["commander"]} orders {battle["order"]}, {battle["algorithm"]}, {battle["messages"]} messages");
        var violations = (JsonArray)battle["violations"]!;
        foreach (var violation in violations)
        {
            c.Line((string)violation!, Tone.Warn);
        }

        c.Table(["condition", "verdict", "claim"],
        [
            Judged("IC1", (string)battle["ic1"]!, "All loyal lieutenants obey the same order."),
            Judged("IC2", (string)battle["ic2"]!, "If the commander is loyal, they obey the order that he sends."),
        ]);
        if (violations.Count == 0)
        {
            c.Line((string)battle["promise"]!, Tone.Dim);
        }
    }

    private static Cell[] Row(JsonObject general, string commander)
    {
        var name = (string)general["general"]!;
        var part = (string)general["part"]!;
        var who = part == "loyal" ? Cell.Good(part) : Cell.Bad($"traitor, {part}");
        return general["received"] is not JsonArray received
            ? [Cell.Strong(name), who, Cell.Warn("no account"), "", ""]
            :
            [
                Cell.Strong(name), who, SafeText.Shorten(Heard(received, (int)general["refused"]!, (int)general["late"]!), 400),
                part != "loyal" ? "" : name == commander ? Cell.Dim("commands") : Cell.Strong((string?)general["decision"] ?? "nothing"),
                (int)general["sent"]!,
            ];
    }

    /// <summary>By order: on which paths it came, the first and the last general of a path being who gave it and who told it.</summary>
    private static string Heard(JsonArray received, int refused, int late) => string.Join("; ",
    [
        .. received.GroupBy(one => (string)one!["order"]!, one => (string)one!["path"]!)
            .OrderBy(same => same.Key, StringComparer.Ordinal)
            .Select(same => $"{same.Key}:{string.Join(" ", same.Order(StringComparer.Ordinal))}"),
        .. refused > 0 ? (string[])[$"{refused} refused, in the name of another"] : [],
        .. late > 0 ? (string[])[$"{late} too late"] : [],
    ]);

    private static Cell[] Judged(string condition, string verdict, string claim) =>
    [
        Cell.Strong(condition),
        verdict switch
        {
            "holds" => Cell.Good(verdict),
            "broken" => Cell.Bad(verdict),
            "vacuous" => Cell.Dim(verdict),
            _ => Cell.Warn(verdict),
        },
        verdict switch
        {
            "vacuous" when condition == "IC1" => $"{claim} There is none.",
            "vacuous" => $"{claim} He is a traitor.",
            "unjudged" => $"{claim} The assumptions were violated.",
            _ => claim,
        },
    ];

    /// <summary>The battle as a page: what all nodes did since the order was given.</summary>
    private static async Task Draw(LabContext lab, CommandContext c, DateTime since, CancellationToken stopped)
    {
        var lines = new List<(int, PictureEvent)>();
        foreach (var (ring, node) in lab.Running.Index())
        {
            c.Progress($"reads the trace of {node}");
            try
            {
                await foreach (var line in TracePalette.All(lab, node, GeneralsOnCluster.Name, stopped, since).ConfigureAwait(false))
                {
                    lines.Add((ring, TracePalette.EventOf(line)));
                }
            }
            catch (NodeSilent e)
            {
                c.Line(e.Message, Tone.Warn);
            }
        }

        var traitors = c.TextOrNull("traitors") is { } named ? $", but {named}" : ", all loyal";
        var title = $"{GeneralsOnCluster.Name}: {c.Text("order")}{traitors}";
        var path = lab.Folder.TraceFile($"{GeneralsOnCluster.Name}-{since:HHmmss-fff}.html");
        WholeFile.Write(path, "The diagram", stream => DiagramHtml.Write(stream, ClusterPicture.Of(title, lines)));
        c.Line($"diagram: {path}");
    }
}
