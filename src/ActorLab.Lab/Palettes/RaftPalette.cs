using System.Net;
using System.Text.Json.Nodes;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary><c>raft</c>: the servers, their logs, and the operations of the replicated store.</summary>
internal static class RaftPalette
{
    private const string Stale = "stale";
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ElectLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static Palette For(LabContext lab) => new("raft", "The Raft servers, and the key-value store that they replicate.",
    [
        new Command("status", "Each server: role, term, commit and applied index, log.")
        {
            Example = "raft status",
            Handler = (c, stopped) => Status(lab, c, stopped),
        },
        new Command("log", "Entries of a server's log.")
        {
            Parameters =
            [
                Parameter.Node("node", "whose log"),
                Parameter.Integer("from", "the first index; the end of the log when left out").AsSwitch().Between(1, long.MaxValue),
                Parameter.Integer("limit", "how many entries").AsSwitch().Between(1, RaftRoutes.MostLines).Or(20),
            ],
            Example = "raft log n1 --limit=10",
            Handler = LabPalettes.OrFailed((c, stopped) => Log(lab, c, stopped)),
        },
        .. lab.Scenario.Operations.Select(kind => OperationCommand(lab, kind)),
        new Command("elect", "Lets a server stand for election now, and waits for the outcome.")
        {
            Parameters = [Parameter.Node("node", "who stands")],
            Example = "raft elect n2",
            Handler = LabPalettes.OrFailed((c, stopped) => Elect(lab, c, stopped)),
        },
    ]);

    private static async Task Status(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var asked = (Halts: Halts(lab, stopped), States: lab.States(stopped));
        var states = await asked.States.ConfigureAwait(false);
        var halts = await asked.Halts.ConfigureAwait(false);
        var leader = await lab.Leader(stopped).ConfigureAwait(false);
        c.Table(
            ["node", "process", "role", Column.Right("term"), "voted for", "leader", Column.Right("commit"), Column.Right("applied"), Column.Right("log"), Column.Right("last term"), Column.Right("keys")],
            states.Select(state => Row(state.Node, state.Answer, leader?.Node, halts.ContainsKey(state.Node.Name))));
        foreach (var node in lab.Supervisor.Names.Where(halts.ContainsKey))
        {
            c.Line(Cell.Strong(node), Cell.Bad(" is halted: "), halts[node]);
        }

        c.Say(leader is null
            ? Cell.Warn("no leader: no majority of the nodes reach each other, or an election is under way")
            : Cell.Good($"{leader.Node} leads term {leader.Term}"));
    }

    /// <summary>Why servers run no more though their processes do: such as a disk that is full.</summary>
    private static async Task<Dictionary<string, string>> Halts(LabContext lab, CancellationToken stopped) =>
        (from status in await lab.Statuses(stopped).ConfigureAwait(false)
         let reason = status.Answer is { } answer ? HaltOf(answer) : null
         where reason is not null
         select (status.Node.Name, reason)).ToDictionary(halt => halt.Name, halt => halt.reason);

    /// <summary>The reason of the first role that halted; null where none did.</summary>
    internal static string? HaltOf(NodeStatus status) => status.Roles.FirstOrDefault(role => role.Halted) is { } halted
        ? halted.HaltReason ?? $"{halted.Address} is halted."
        : null;

    /// <summary>A halted server may still tell what it knew; that it runs no more matters most.</summary>
    internal static Cell[] Row(NodeInfo node, RoleState? state, string? leader, bool halted) => state is not null
        ? Row(node, RaftFacts.Of(state), node.Name == leader && !halted, halted)
        : [Cell.Strong(node.Name), LabPalettes.LifeOf(node), halted ? Cell.Bad("halted") : Cell.Dim("no answer"), "", "", "", "", "", "", "", ""];

    private static Cell[] Row(NodeInfo node, RaftFacts raft, bool leads, bool halted) =>
    [
        Cell.Strong(node.Name),
        LabPalettes.LifeOf(node),
        // One that takes itself for the leader, while another one leads a newer term, is a leader of the past.
        halted ? Cell.Bad("halted") : leads ? Cell.Good("leader") : raft.Role == "leader" ? Cell.Warn("old leader") : raft.Role,
        raft.Term,
        raft.VotedFor,
        leads ? node.Name : raft.Leader,
        raft.Commit,
        raft.Applied,
        raft.LastIndex,
        raft.LastTerm,
        raft.Keys,
    ];

    private static async Task Log(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var node = lab.Asked(c.Node("node"));
        var from = c.IntegerOrNull("from") is { } index ? $"from={index}&" : "";
        var part = await lab.Nodes.Read<LogPart>(node, $"raft/log?{from}limit={c.Integer("limit")}", stopped).ConfigureAwait(false);
        c.Table(
            [Column.Right("index"), Column.Right("term"), "committed", "command"],
            part.Lines.Select(line => new Cell[]
            {
                line.Index, line.Term, line.Index <= part.Commit ? Cell.Good("yes") : Cell.Warn("not yet"), line.Command,
            }));
        c.Line($"{node} has entries {part.First} to {part.Last}; committed up to {part.Commit}", Tone.Dim);
    }

    /// <summary>A command for an operation that the scenario declares.</summary>
    private static Command OperationCommand(LabContext lab, OperationKind kind) => new(kind.Name, Sentence(kind.Summary))
    {
        Parameters =
        [
            .. kind.Parameters.Select(ParameterOf),
            Parameter.Node("node", "the node to ask; the leader, or else the first that runs, when left out").AsSwitch(),
            Parameter.Duration("timeout", "how long to wait for an answer").AsSwitch()
                .Between(TimeSpan.FromMilliseconds(10), KvRequest.MostLimit).Or(KvRequest.DefaultLimit),
        ],
        Example = $"raft {string.Join(" ", kind.Parameters.Where(p => !p.Optional).Select(p => p.Name).Prepend(kind.Name))}",
        Handler = LabPalettes.OrFailed((c, stopped) => Operate(lab, kind, c, stopped)),
    };

    private static Parameter ParameterOf(OperationParameter parameter)
    {
        if (parameter.Name == Stale)
        {
            return Parameter.Flag(Stale, "any node answers from what it has applied, which may be old");
        }

        var text = Parameter.Text(parameter.Name, parameter.Summary, parameter.MaxBytes).OrEmpty();
        return parameter.Optional ? text.AsSwitch() : text;
    }

    private static string Sentence(string phrase) => $"{char.ToUpperInvariant(phrase[0])}{phrase[1..].TrimEnd('.')}.";

    private static async Task Operate(LabContext lab, OperationKind kind, CommandContext c, CancellationToken stopped)
    {
        var node = c.NodeOrNull("node") is { } named
            ? lab.Asked(named)
            : (await lab.Leader(stopped).ConfigureAwait(false))?.Node ?? lab.Asked(null);
        var arguments = kind.Parameters.Where(p => c.Has(p.Name)).ToDictionary(p => p.Name, p => p.Name == Stale ? "true" : c.Text(p.Name));
        var limit = c.Duration("timeout");
        var (status, body) = await Ask(lab, node, kind, arguments, limit, stopped).ConfigureAwait(false);
        var sentence = NodeClient.SentenceOf(body);
        switch ((int)status)
        {
            case 200:
                Show(c, body as JsonObject ?? []);
                break;
            case 400:
                throw new BadInput(sentence ?? "The node did not understand the operation.");
            case 413:
                throw new BadInput(sentence ?? $"As JSON, the operation has more than the {LabSecurity.MaxBodyBytes} bytes that a node takes: write a shorter value.");
            case 409 when body is not null && body["actual"] is JsonValue actual:
                throw new CommandFailed($"{sentence} It is: {SafeText.Shorten(actual.GetValue<string>(), 1000)}");
            default:
                throw new CommandFailed(sentence ?? $"{node} answered {(int)status}.");
        }
    }

    /// <summary>A node that falls silent under a write may have passed it on: that must not read like a refusal.</summary>
    private static async Task<(HttpStatusCode Status, JsonNode? Body)> Ask(
        LabContext lab, string node, OperationKind kind, Dictionary<string, string> arguments, TimeSpan limit, CancellationToken stopped)
    {
        try
        {
            var call = new OperationCall(kind.Name, arguments, Durations.Format(limit));
            return await lab.Nodes.Ask(node, HttpMethod.Post, "raft/operations", call, limit + Slack, stopped).ConfigureAwait(false);
        }
        catch (NodeSilent e) when (!e.NeverAsked && Writes(kind, arguments))
        {
            throw new CommandFailed($"{e.Message} It is unknown whether this took effect.");
        }
    }

    private static bool Writes(OperationKind kind, Dictionary<string, string> arguments)
    {
        try
        {
            return KvStore.Instance.AccessOf((KvCommand)kind.Build(arguments.ToMap(pair => pair.Key, pair => pair.Value))) == Access.Write;
        }
        catch (FormatException)
        {
            return false; // the node would have refused it
        }
    }

    private static void Show(CommandContext c, JsonObject body)
    {
        if (body["pairs"] is JsonArray pairs)
        {
            c.Table(["key", "value"], pairs.Select(pair => new Cell[] { Cell.Strong((string)pair!["key"]!), (string)pair["value"]! }));
            var count = pairs.Count == 1 ? "1 pair" : $"{pairs.Count} pairs";
            c.Line(body["next"] is { } next ? $"{count}; the next key is {next}" : $"{count}, up to the end", Tone.Dim);
            return;
        }

        c.Line(Said(body));
    }

    private static string Said(JsonObject body)
    {
        if (body["value"] is { } value)
        {
            return (string)value!;
        }

        if (body["existed"] is { } existed)
        {
            return (bool)existed ? "deleted" : "there was no such key";
        }

        return body["bytes"] is { } bytes ? $"appended; the value has {bytes} bytes now" : "done";
    }

    private static async Task Elect(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var node = lab.Asked(c.Node("node"));
        var before = await lab.Leader(stopped).ConfigureAwait(false);
        if (before?.Node == node)
        {
            c.Line($"{node} leads term {before.Term} already");
            return;
        }

        var (status, body) = await lab.Nodes.Ask(node, HttpMethod.Post, "raft/elect", new { }, NodeClient.AnswerLimit, stopped).ConfigureAwait(false);
        if (status != HttpStatusCode.OK)
        {
            throw new CommandFailed(NodeClient.SentenceOf(body) ?? $"{node} answered {(int)status}.");
        }

        var deadline = DateTimeOffset.Now + ElectLimit;
        while (DateTimeOffset.Now < deadline)
        {
            if (await lab.Leader(stopped).ConfigureAwait(false) is { } leader && leader.Term > (before?.Term ?? 0))
            {
                c.Say(leader.Node == node ? Cell.Good($"{node} leads term {leader.Term}") : Cell.Warn($"{leader.Node} won, and leads term {leader.Term}"));
                return;
            }

            await Task.Delay(Pause, stopped).ConfigureAwait(false);
        }

        throw new CommandFailed($"{node} stood for election, and no leader of a newer term was seen within {Durations.Format(ElectLimit)}: see raft status.");
    }
}
