using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary><c>scenario</c>: what the nodes run; and the palette of each scenario.</summary>
internal static class ScenarioPalette
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static Palette For(LabContext lab) => new("scenario", "What the nodes run: algorithms come and go while the lab is up.",
    [
        new Command("list", "Lists the scenarios, and which of them run.")
        {
            Example = "scenario list",
            Handler = (c, stopped) => List(lab, c, stopped),
        },
        new Command("start", "Starts a scenario's roles on the nodes, on the disks that they left when it was stopped.")
        {
            Parameters =
            [
                Parameter.Text("name", "one of scenario list, or a name of lab check --list, such as check:ping-pong", 100),
                Parameter.Text("set", "its parameters, such as acceptors=3,proposers=2; those of lab check", 1000).AsSwitch(),
                Parameter.Flag("fresh", "begin with empty disks"),
            ],
            Example = "scenario start raft",
            Handler = LabPalettes.OrFailed((c, stopped) =>
                Start(lab, c.Text("name"), Parameters(c.TextOrNull("set")), c.Flag("fresh"), c, stopped)),
        },
        new Command("stop", "Stops a scenario's roles on all nodes; their disks stay.")
        {
            Parameters = [Parameter.Text("name", "which", 100)],
            Example = "scenario stop raft",
            Handler = LabPalettes.OrFailed((c, stopped) => Stop(lab, c, stopped)),
        },
        new Command("show", "Which roles of a scenario run where, and what they say of themselves.")
        {
            Parameters = [Parameter.Text("name", "which", 100)],
            Example = "scenario show raft",
            Handler = LabPalettes.OrFailed((c, stopped) => Show(lab, c.Text("name"), c, stopped)),
        },
    ]);

    /// <summary>The palette of one scenario: its operations, and what it has beside them.</summary>
    public static Palette Of(LabContext lab, LabScenario scenario)
    {
        var own = scenario.Commands(lab);
        var status = new Command("status", "Which roles run where, and what they say of themselves.")
        {
            Example = $"{scenario.Name} status",
            Handler = (c, stopped) => Show(lab, scenario.Name, c, stopped),
        };
        IEnumerable<Command> all =
        [
            .. own.Select(command => command.Name).Concat(scenario.Operations.Select(kind => kind.Name)).Contains(status.Name) ? [] : (Command[])[status],
            .. own,
            .. scenario.Operations.Where(kind => own.All(command => command.Name != kind.Name))
                .Select(kind => OperationCommands.For(lab, scenario, kind, scenario.LimitOf(kind.Name))),
        ];
        return new Palette(scenario.Name, scenario.Summary, [.. scenario.SetUp(lab), .. all.Select(command => command with
        {
            Handler = LabPalettes.OrFailed((c, stopped) =>
            {
                lab.Board.RequireRunning(scenario.Name);
                return command.Handler!(c, stopped);
            }),
        })]);
    }

    private static async Task List(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var leaders = await lab.Leaders(stopped).ConfigureAwait(false);
        var names = Scenarios.Names.Concat(lab.Board.Current.Scenarios.Select(plan => plan.Name)).Distinct();
        c.Table(
            ["scenario", "state", "parameters", Column.Right("run"), "leader"],
            names.Select(name => lab.Board.Current.Scenarios.FirstOrDefault(plan => plan.Name == name) is { } plan
                ? new Cell[]
                {
                    Cell.Strong(name), Cell.Good("runs"), ScenarioBoard.Text(plan.Parameters), plan.Run,
                    leaders.FirstOrDefault(known => known.Scenario == name).Leader?.Node,
                }
                : [Cell.Strong(name), Cell.Dim("does not run"), "", "", ""]));
        c.Line("Any name of lab check --list runs too, as check:NAME, without a palette of its own.", Tone.Dim);
    }

    /// <summary>Ends when all roles run.</summary>
    internal static async Task Start(
        LabContext lab, string name, IReadOnlyDictionary<string, int> parameters, bool fresh, CommandContext c, CancellationToken stopped)
    {
        var plan = lab.Board.Start(name, parameters, fresh);
        lab.Log.Information("Scenario {Name} starts: {Parameters}, run {Run}", plan.Name, ScenarioBoard.Text(plan.Parameters), plan.Run);
        await Told(lab, c, stopped).ConfigureAwait(false);
        for (var deadline = DateTimeOffset.Now + StartLimit; ; await Task.Delay(Pause, stopped).ConfigureAwait(false))
        {
            var statuses = await lab.Statuses(stopped).ConfigureAwait(false);
            var running = statuses.Where(status => status.Node.Life == NodeLife.Running).ToList();
            if (running.Count == 0)
            {
                c.Line($"No node runs: {plan.Name} starts with the nodes.", Tone.Warn);
                return;
            }

            var started = running.Where(status => status.Answer?.Scenarios.Any(plan.Same) == true).ToList();
            var roles = started.SelectMany(status => status.Answer!.Roles).Where(role => role.Scenario == plan.Name).ToList();
            if (roles.FirstOrDefault(role => role.Halted) is { } halted)
            {
                throw new CommandFailed(halted.HaltReason ?? $"{halted.Address} is halted.");
            }

            if (started.Count == running.Count && roles.All(role => role.Running))
            {
                var where = roles.Count == 0 ? started.Select(status => status.Node.Name) : roles.Select(role => role.Address);
                c.Say(Cell.Good($"{plan.Name} runs: {string.Join(", ", where)}"));
                return;
            }

            if (DateTimeOffset.Now > deadline)
            {
                throw new CommandFailed(
                    $"Not all roles of {plan.Name} ran within {Durations.Format(StartLimit)}: scenario show {plan.Name} shows them."
                    + string.Concat((await lab.Board.Fan(stopped).ConfigureAwait(false)).Select(lagging => $" {lagging.Sentence}")));
            }
        }
    }

    private static async Task Stop(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var name = c.Text("name");
        lab.Board.Stop(name);
        lab.Log.Information("Scenario {Name} stops", name);
        await Told(lab, c, stopped).ConfigureAwait(false);
        c.Line($"{name} is stopped; {(Scenarios.Find(name)?.IsDurable == false ? "what it held is gone" : "its disks stay")}");
    }

    private static async Task Told(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        foreach (var (node, sentence) in await lab.Board.Fan(stopped).ConfigureAwait(false))
        {
            c.Line($"{node} has not taken it, and is asked again until it does: {sentence}", Tone.Warn);
        }
    }

    private static async Task Show(LabContext lab, string name, CommandContext c, CancellationToken stopped)
    {
        lab.Board.RequireRunning(name);
        var rows = new List<Cell[]>();
        foreach (var (node, status) in await lab.Statuses(stopped).ConfigureAwait(false))
        {
            var roles = status?.Roles.Where(role => role.Scenario == name).ToList() ?? [];
            foreach (var role in roles)
            {
                rows.Add([Cell.Strong(role.Address), StateOf(role), role.Incarnation, await Facts(lab, node.Name, name, role, stopped).ConfigureAwait(false)]);
            }

            if (status is null)
            {
                rows.Add([Cell.Strong(node.Name), LabPalettes.LifeOf(node), "", ""]);
            }
        }

        c.Table(["role", "state", Column.Right("incarnation"), "says"], rows);
    }

    private static Cell StateOf(RoleStatus role) => role.Halted ? Cell.Bad($"halted: {role.HaltReason}")
        : role.Running ? Cell.Good("runs")
        : Cell.Warn("recovers");

    private static async Task<string> Facts(LabContext lab, string node, string scenario, RoleStatus role, CancellationToken stopped)
    {
        try
        {
            var at = Address.Parse(role.Address).Role;
            var facts = (await lab.Nodes.State(node, scenario, at, stopped).ConfigureAwait(false)).Facts;
            return SafeText.Shorten(
                facts.Count > 0
                    ? string.Join(", ", facts.Where(fact => fact.Value is not null).Select(fact => $"{fact.Key} {fact.Value}"))
                    : (await lab.Nodes.State(node, scenario, at, stopped, withText: true).ConfigureAwait(false)).Text ?? "",
                200);
        }
        catch (NodeSilent)
        {
            return "";
        }
    }

    /// <exception cref="BadInput">It is not written as a=1,b=2.</exception>
    private static Dictionary<string, int> Parameters(string? text)
    {
        var parameters = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var pair in text?.Split(',') ?? [])
        {
            if (pair.Split('=') is not [{ Length: > 0 } name, var value] || !int.TryParse(value, out var number) || !parameters.TryAdd(name, number))
            {
                throw new BadInput($"--set wants numbers by name, each once, such as acceptors=3,proposers=2, not \"{SafeText.Shorten(text!, 60)}\".");
            }
        }

        return parameters;
    }
}
