using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using ActorLab.Cluster.Crdt;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary>What the <c>crdt</c> palette has.</summary>
internal static class CrdtPalette
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public static IReadOnlyList<Command> Commands(LabContext lab) =>
    [
        Status(lab),
        Change(lab, "counter", "add", "Adds to a PNCounter; less than 0 takes away.", "counter-add likes 1", Number()),
        Show(lab, "counter"),
        Change(lab, "gcounter", "add", "Adds to a GCounter, which only grows.", "gcounter-add visits 1", Number()),
        Show(lab, "gcounter"),
        Change(lab, "set", "add", "Adds an element to an ORSet.", "set-add cart milk", Value("element")),
        Change(lab, "set", "remove", "Removes an element from an ORSet, as far as this replica has seen it added.", "set-remove cart milk", Value("element")),
        Show(lab, "set"),
        Change(lab, "register", "put", "Writes an LWWRegister: the last writer wins.", "register-put title hello", Value("value")),
        Show(lab, "register"),
        Change(lab, "map", "put", "Writes a key of an LWWDictionary.", "map-put phones ann 123", Value("key"), Value("value")),
        Change(lab, "map", "remove", "Removes a key of an LWWDictionary.", "map-remove phones ann", Value("key")),
        Show(lab, "map"),
        Change(lab, "multimap", "add", "Adds to the set of a key of an ORMultiValueDictionary.", "multimap-add tags post red", Value("key"), Value("element")),
        Change(lab, "multimap", "remove", "Removes a key of an ORMultiValueDictionary.", "multimap-remove tags post", Value("key")),
        Show(lab, "multimap"),
        Watch(lab),
    ];

    private static Parameter Name() => Parameter.Text("name", "which one; it begins when it is first written", 100);

    private static Parameter Number() => Parameter.Integer("by", "how much").Between(-SharedType.MostAdded, SharedType.MostAdded);

    private static Parameter Value(string name) => Parameter.Text(name, "any text", SharedType.MostBytes).OrEmpty();

    private static Parameter[] Switches(string consistency, string summary) =>
    [
        Parameter.Node("node", "the replica to ask; the first that runs when left out").AsSwitch(),
        Parameter.Text(consistency, summary, 20).AsSwitch().Or("local"),
        Parameter.Duration("timeout", "how long to wait for other replicas").AsSwitch()
            .Between(TimeSpan.FromMilliseconds(10), Consistency.MostTimeout).Or(Consistency.DefaultTimeout),
    ];

    private static Command Status(LabContext lab) => new("status", "Which nodes have a replica.")
    {
        Example = "crdt status",
        Handler = async (c, stopped) => c.Table(
            ["node", "state", "replica"],
            (await lab.Statuses(stopped).ConfigureAwait(false)).Select(one => new Cell[]
            {
                Cell.Strong(one.Node.Name), LabPalettes.LifeOf(one.Node),
                one.Answer?.Scenarios.Any(known => known.Name == CrdtScenario.Name) == true ? Cell.Good("runs") : Cell.Dim("does not run"),
            })),
    };

    private static Command Change(LabContext lab, string type, string op, string summary, string example, params Parameter[] own) =>
        new($"{type}-{op}", summary)
        {
            Parameters = [Name(), .. own, .. Switches("write", "how many replicas must confirm: local, a number such as 2, majority, all")],
            Example = $"crdt {example}",
            Handler = async (c, stopped) =>
            {
                var consistency = Checked(lab, c, "write");
                var value = own[^1].Kind == ParameterKind.Integer ? $"{c.Integer("by")}" : c.Text(own[^1].Name);
                var byKey = own[0].Name == "key";
                var call = new CrdtCall(
                    op, byKey ? c.Text("key") : null, byKey && own.Length == 1 ? null : value, consistency.Text, Durations.Format(consistency.Timeout));
                var shown = await Ask(lab, c, HttpMethod.Post, PathOf(type, c.Text("name")), call, consistency.Timeout, stopped).ConfigureAwait(false);
                c.Line(Text(shown));
            },
        };

    private static Command Show(LabContext lab, string type) => new($"{type}-show", $"Reads a {type}.")
    {
        Parameters = [Name(), .. Switches("read", "of how many replicas: local, a number such as 2, majority, all")],
        Example = $"crdt {type}-show likes",
        Handler = async (c, stopped) =>
        {
            var consistency = Checked(lab, c, "read");
            var path = $"{PathOf(type, c.Text("name"))}?read={consistency.Text}&timeout={Durations.Format(consistency.Timeout)}";
            c.Line(Text(await Ask(lab, c, HttpMethod.Get, path, null, consistency.Timeout, stopped).ConfigureAwait(false)));
        },
    };

    private static Command Watch(LabContext lab) => new("watch", "Shows what every replica holds as it changes, and how long they took to agree.")
    {
        Parameters =
        [
            Parameter.Choice("type", "of what", [.. SharedType.All.Select(type => type.Name)]),
            Name(),
            Parameter.Duration("for", "how long; until it is stopped when left out").AsSwitch(),
        ],
        Example = "crdt watch counter likes",
        Handler = (c, stopped) => Follow(lab, c, stopped),
    };

    /// <exception cref="BadInput">There is no such consistency, or there are fewer replicas.</exception>
    private static Consistency Checked(LabContext lab, CommandContext c, string name)
    {
        try
        {
            return Consistency.Parse(c.Text(name), Durations.Format(c.Duration("timeout")), lab.Supervisor.Names.Count());
        }
        catch (FormatException e)
        {
            throw new BadInput(e.Message);
        }
    }

    private static string PathOf(string type, string name) => $"crdt/{type}/{Uri.EscapeDataString(name)}";

    private static async Task<JsonNode?> Ask(
        LabContext lab, CommandContext c, HttpMethod method, string path, object? body, TimeSpan limit, CancellationToken stopped)
    {
        var node = lab.Asked(c.NodeOrNull("node"));
        var (status, answer) = await LabPalettes.Asked(
            lab.Nodes.Ask(node, method, path, body, limit + Slack, stopped), writes: method != HttpMethod.Get).ConfigureAwait(false);
        return status switch
        {
            HttpStatusCode.OK => answer?["value"],
            HttpStatusCode.BadRequest => throw new BadInput(NodeClient.SentenceOf(answer) ?? "The node did not understand it."),
            _ => throw new CommandFailed(NodeClient.SentenceOf(answer) ?? $"{node} answered {(int)status}."),
        };
    }

    private static string Text(JsonNode? value) => value is null ? "(nothing)" : value.ToJsonString();

    /// <summary>From the moment at which replicas were first seen to differ until they agree.</summary>
    private static async Task Follow(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var (path, began) = (PathOf(c.Text("type"), c.Text("name")), Stopwatch.GetTimestamp());
        var (last, apart) = ("", (long?)null);
        while (c.DurationOrNull("for") is not { } limit || Stopwatch.GetElapsedTime(began) < limit)
        {
            var answers = await lab.AskAll((node, token) => lab.Nodes.Read<JsonObject>(node, path, token), stopped).ConfigureAwait(false);
            var shown = answers.Select(one => one.Answer is null ? "-" : Text(one.Answer["value"])).ToList();
            var differ = shown.Where(text => text != "-").Distinct().Count() > 1;
            if (string.Join("\n", shown) is var now && now != last)
            {
                last = now;
                c.Line($"{Stopwatch.GetElapsedTime(began).TotalSeconds,7:0.00} s  ", Cell.Strong(""), [.. answers.Zip(shown, (one, text) =>
                    new Cell($"{one.Node.Name} {SafeText.Shorten(text, 60)}   ", one.Answer is null ? Tone.Dim : differ ? Tone.Warn : Tone.Good))]);
            }

            if (differ)
            {
                apart ??= Stopwatch.GetTimestamp();
            }
            else if (apart is { } since)
            {
                c.Say(Cell.Good($"          all agree, {Stopwatch.GetElapsedTime(since).TotalSeconds:0.00} s after they were seen to differ"));
                apart = null;
            }

            await Task.Delay(Look, stopped).ConfigureAwait(false);
        }
    }
}
