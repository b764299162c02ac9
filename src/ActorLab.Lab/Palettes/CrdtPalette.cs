using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using ActorLab.Cluster.Crdt;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary>What the <c>crdt</c> palette has.</summary>
internal static class CrdtPalette
{
    private const string Show = "show";
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public static IReadOnlyList<Command> Commands(LabContext lab) =>
    [
        Status(lab),
        Shared(lab, "counter", "A PNCounter; adding less than 0 takes away.", "add likes 1", [Number()], ("add", 1)),
        Shared(lab, "gcounter", "A GCounter, which only grows.", "add visits 1", [Number()], ("add", 1)),
        Shared(lab, "set", "An ORSet; removing takes out what this replica has seen added.", "add cart milk", [Value("element")], ("add", 1), ("remove", 1)),
        Shared(lab, "register", "An LWWRegister: the last writer wins.", "put title hello", [Value("value")], ("put", 1)),
        Shared(lab, "map", "An LWWDictionary.", "put phones ann 123", [Value("key"), Value("value")], ("put", 2), ("remove", 1)),
        Shared(lab, "multimap", "An ORMultiValueDictionary: a set for each key.", "add tags post red", [Value("key"), Value("element")], ("add", 2), ("remove", 1)),
        Watch(lab),
    ];

    private static Parameter Name() => Parameter.Text("name", "which one; it begins when it is first written", 100);

    private static Parameter Number() =>
        Parameter.Integer("by", "how much").Between(-SharedType.MostAdded, SharedType.MostAdded).Optional();

    private static Parameter Value(string name) => Parameter.Text(name, "any text", SharedType.MostBytes).OrEmpty().Optional();

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

    /// <summary>All that can be done with one type.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="type">One of <see cref="SharedType"/>.</param>
    /// <param name="summary">One sentence.</param>
    /// <param name="example">Behind the type.</param>
    /// <param name="own">What updates take behind the name.</param>
    /// <param name="updates">Which there are, and how many of these each takes.</param>
    private static Command Shared(
        LabContext lab, string type, string summary, string example, Parameter[] own, params (string Name, int Takes)[] updates) => new(type, summary)
        {
            Parameters =
            [
                Parameter.Choice("verb", "what to do", [.. updates.Select(update => update.Name), Show]),
                Name(),
                .. own,
                Parameter.Node("node", "the replica to ask; the first that runs when left out").AsSwitch(),
                Parameter.Text("write", "of an update: how many replicas must confirm: local, a number such as 2, majority, all", 20).AsSwitch(),
                Parameter.Text("read", "of show: of how many replicas: local, a number such as 2, majority, all", 20).AsSwitch(),
                Parameter.Duration("timeout", "how long to wait for other replicas").AsSwitch()
                    .Between(TimeSpan.FromMilliseconds(10), Consistency.MostTimeout).Or(Consistency.DefaultTimeout),
            ],
            Example = $"crdt {type} {example}",
            Handler = (c, stopped) =>
            {
                var verb = c.Text("verb");
                Require(c, $"{type} {verb}", own, updates.FirstOrDefault(update => update.Name == verb).Takes);
                return verb == Show ? Read(lab, type, c, stopped) : Update(lab, type, verb, own, c, stopped);
            },
        };

    /// <exception cref="BadInput">Something is missing, or too much.</exception>
    private static void Require(CommandContext c, string what, Parameter[] own, int takes)
    {
        var (reads, other) = what.EndsWith(Show, StringComparison.Ordinal) ? (true, "write") : (false, "read");
        if (c.Has(other))
        {
            throw new BadInput($"crdt {what} {(reads ? "reads: it takes --read" : "writes: it takes --write")}, not --{other}.");
        }

        foreach (var (place, parameter) in own.Index())
        {
            if (place < takes && !c.Has(parameter.Name))
            {
                throw new BadInput($"crdt {what} needs {parameter.Name}: {parameter.Description}.");
            }

            if (place >= takes && c.Has(parameter.Name))
            {
                throw new BadInput($"crdt {what} takes no {parameter.Name}.");
            }
        }
    }

    private static async Task Update(
        LabContext lab, string type, string verb, Parameter[] own, CommandContext c, CancellationToken stopped)
    {
        var consistency = Checked(lab, c, "write");
        var call = new CrdtCall(
            verb, Given("key"), Given("by") ?? Given("element") ?? Given("value"), consistency.Text, Durations.Format(consistency.Timeout));
        c.Line(Text(await Ask(lab, c, HttpMethod.Post, PathOf(type, c.Text("name")), call, consistency.Timeout, stopped).ConfigureAwait(false)));

        string? Given(string name) => own.FirstOrDefault(parameter => parameter.Name == name) is not { } parameter || !c.Has(name) ? null
            : parameter.Kind == ParameterKind.Integer ? $"{c.Integer(name)}"
            : c.Text(name);
    }

    private static async Task Read(LabContext lab, string type, CommandContext c, CancellationToken stopped)
    {
        var consistency = Checked(lab, c, "read");
        var path = $"{PathOf(type, c.Text("name"))}?read={consistency.Text}&timeout={Durations.Format(consistency.Timeout)}";
        c.Line(Text(await Ask(lab, c, HttpMethod.Get, path, null, consistency.Timeout, stopped).ConfigureAwait(false)));
    }

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
            return Consistency.Parse(c.TextOrNull(name), Durations.Format(c.Duration("timeout")), lab.Supervisor.Names.Count());
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

    /// <summary>Looks until it is stopped; when replicas that differed agree, says how long that took.</summary>
    private static async Task Follow(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var (path, began) = (PathOf(c.Text("type"), c.Text("name")), Stopwatch.GetTimestamp());
        var (last, convergence) = ("", new Convergence());
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

            var isCut = !lab.Faults.Current.Cuts.IsEmpty;
            if (convergence.See(DateTimeOffset.Now, differ, isCut, lab.Faults.Edits.LastOrDefault()?.At) is { } phrase)
            {
                c.Say(Cell.Good($"          {phrase}"));
            }

            await Task.Delay(Look, stopped).ConfigureAwait(false);
        }
    }
}
