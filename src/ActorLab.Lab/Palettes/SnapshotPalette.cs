using System.Text.Json.Nodes;
using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>How a scenario speaks of what its snapshots count.</summary>
/// <param name="Process">Who has it.</param>
/// <param name="Amount">What one of them has; also the name of that in JSON.</param>
/// <param name="AllOfThem">The name in JSON of what all of them have together.</param>
/// <param name="Total">So much of it in all.</param>
/// <param name="AtProcesses">That it is at no channel.</param>
/// <param name="OnItsWay">That it is at no process.</param>
internal sealed record SnapshotWords(
    string Process, string Amount, string AllOfThem, Func<long, string> Total, string AtProcesses, string OnItsWay)
{
    public static readonly SnapshotWords OfMoney = new("account", "balance", "inAccounts", total => $"total {total}", "in accounts", "on its way");

    public static readonly SnapshotWords OfTasks = new(
        "worker", "tasks", "withWorkers", total => $"{Counted.Of(total, "task")} in all", "with workers", "on their way");
}

/// <summary>What <c>snapshot</c> shows, and a load on all accounts at once.</summary>
internal static class SnapshotPalette
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<Command> Commands(LabContext lab) =>
    [
        new Command("load", "Lets every account send money round by itself.")
        {
            Parameters = [Parameter.Integer("rate", "transfers a second of each account; 0 stops it").Between(0, Account.MostRate)],
            Example = "snapshot load 20",
            Handler = (c, stopped) => Load(lab, c, stopped),
        },
    ];

    public static void Show(CommandContext c, JsonObject body, SnapshotWords words)
    {
        if (body["snapshot"] is not null)
        {
            ShowOne(c, body, words);
        }
        else if (body["snapshots"] is JsonArray snapshots)
        {
            c.Line($"{words.Amount} {body[words.Amount]}; {snapshots.Count} complete {(snapshots.Count == 1 ? "snapshot begun here is" : "snapshots begun here are")} kept");
            foreach (var snapshot in snapshots)
            {
                ShowOne(c, (JsonObject)snapshot!, words);
            }
        }
        else
        {
            c.Line((string?)body["reply"] ?? "done");
        }
    }

    private static void ShowOne(CommandContext c, JsonObject snapshot, SnapshotWords words)
    {
        c.Table(
            [words.Process, Column.Right(words.Amount), $"{words.OnItsWay} in"],
            ((JsonObject)snapshot["parts"]!).Select(part => new Cell[]
            {
                Cell.Strong(part.Key),
                (long)part.Value![words.Amount]!,
                string.Join("; ", ((JsonObject)part.Value["channels"]!).Select(channel => $"from {channel.Key}: {string.Join(", ", (JsonArray)channel.Value!)}")),
            }),
            (string)snapshot["snapshot"]!);
        c.Line($"{words.Total((long)snapshot["total"]!)}: {snapshot[words.AllOfThem]} {words.AtProcesses}, {snapshot["inFlight"]} {words.OnItsWay}");
    }

    private static async Task Load(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var call = new OperationCall("load", new Dictionary<string, string> { ["rate"] = $"{c.Integer("rate")}" }, "2s");
        var answers = await Task.WhenAll(lab.Running.Select(node => One(node))).ConfigureAwait(false);
        foreach (var (node, sentence) in answers.Where(answer => answer.Sentence is not null))
        {
            c.Line($"{node}: {sentence}", Tone.Warn);
        }

        if (answers.Any(answer => answer.Sentence is not null))
        {
            throw new CommandFailed("Not all accounts took it.");
        }

        c.Line($"{string.Join(", ", lab.Running)}: {c.Integer("rate")} transfers a second each");

        async Task<(string Node, string? Sentence)> One(string node)
        {
            try
            {
                var (status, body) = await lab.Nodes.Ask(
                    node, HttpMethod.Post, $"scenarios/{SnapshotScenario.Name}/operations", call, Limit, stopped).ConfigureAwait(false);
                return (node, (int)status == 200 ? null : NodeClient.SentenceOf(body) ?? $"it answered {(int)status}");
            }
            catch (NodeSilent e)
            {
                return (node, e.NeverAsked ? e.Message : $"{e.Message} It is unknown whether this took effect.");
            }
        }
    }
}
