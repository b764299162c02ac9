using ActorLab.Cluster;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary><c>cluster</c>: the members of the Akka cluster.</summary>
internal static class ClusterPalette
{
    private static readonly TimeSpan TailPause = TimeSpan.FromMilliseconds(500);
    private static readonly Parameter Asked = Parameter.Node("node", "whose view to show; that of the node that reaches most when left out").AsSwitch();

    public static Palette For(LabContext lab) => new("cluster", "The Akka cluster: its members, and who reaches whom.",
    [
        new Command("show", "The members as one node sees them.")
        {
            Parameters = [Asked],
            Example = "cluster show",
            Handler = LabPalettes.OrFailed((c, stopped) => Show(lab, c, stopped)),
        },
        new Command("status", "Each node's own view, side by side.")
        {
            Example = "cluster status",
            Handler = (c, stopped) => Status(lab, c, stopped),
        },
        new Command("leader", "Who leads the algorithms, and whom Akka takes for its leader.")
        {
            Example = "cluster leader",
            Handler = (c, stopped) => Leader(lab, c, stopped),
        },
        new Command("tail", "Follows what changes: processes, members, reachability, leader.")
        {
            Parameters = [Parameter.Duration("for", "how long; until Ctrl-C when left out").AsSwitch().Between(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1))],
            Example = "cluster tail --for=30s",
            TimeLimit = TimeSpan.FromHours(1),
            Handler = (c, stopped) => Tail(lab, c, stopped),
        },
        new Command("leave", "Lets a node leave the cluster in order; its process goes on.")
        {
            Parameters = [Parameter.Node("node", "who leaves")],
            Example = "cluster leave n5",
            Handler = LabPalettes.OrFailed((c, stopped) => Leave(lab, c, stopped)),
        },
        new Command("down", "Declares a node gone, so that the others go on without it; it must restart to come back.")
        {
            Parameters = [Parameter.Node("node", "who is declared gone")],
            Example = "cluster down n5",
            Handler = LabPalettes.OrFailed((c, stopped) => Down(lab, c, stopped)),
        },
    ]);

    private static async Task Show(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var status = c.NodeOrNull("node") is { } asked
            ? await lab.Nodes.Status(lab.Asked(asked), stopped).ConfigureAwait(false)
            : await WidestView(lab, stopped).ConfigureAwait(false);
        c.Table(
            ["node", "address", "roles", "status", "reachable"],
            status.Members.Select(member => new[]
            {
                Cell.Strong(member.Node), member.Address, $"[{string.Join(", ", member.Roles)}]", StatusCell(member.Status),
                member.Reachable ? Cell.Good("reachable") : Cell.Bad("unreachable"),
            }));
        c.Line($"Count: {status.Members.Count} nodes, as {status.Node} sees them", Tone.Dim);
    }

    /// <summary>The node that reaches most members: one that has just started may know nobody yet.</summary>
    private static async Task<NodeStatus> WidestView(LabContext lab, CancellationToken stopped) =>
        (await lab.Statuses(stopped).ConfigureAwait(false))
            .Select(status => status.Answer)
            .OfType<NodeStatus>()
            .MaxBy(status => status.Members.Count(member => member.Reachable))
        ?? throw new CommandFailed("No node answers. node list shows their processes.");

    private static async Task Status(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var statuses = await lab.Statuses(stopped).ConfigureAwait(false);
        c.Table(
            ["node", "process", "member", Column.Right("sees up"), "sees unreachable", "sees leader", Column.Right("uptime"), Column.Right("incarnation"), Column.Right("faults")],
            statuses.Select(s => s.Answer is { } answer
                ? new Cell[]
                {
                    Cell.Strong(s.Node.Name),
                    LabPalettes.LifeOf(s.Node),
                    StatusCell(answer.ClusterStatus),
                    answer.Members.Count(m => m.Status == "Up"),
                    Cell.Bad(string.Join(",", answer.Members.Where(m => !m.Reachable).Select(m => m.Node))),
                    answer.Leader,
                    LabPalettes.Since(TimeSpan.FromSeconds(answer.UptimeSeconds)),
                    answer.Incarnation,
                    answer.FaultPlanVersion,
                }
                : [Cell.Strong(s.Node.Name), LabPalettes.LifeOf(s.Node), Cell.Dim("no answer"), "", "", "", "", "", ""]));
    }

    private static async Task Leader(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var leaders = await lab.Leaders(stopped).ConfigureAwait(false);
        foreach (var (scenario, leader) in leaders)
        {
            c.Say(leader is null ? Cell.Warn($"{scenario} has no leader now") : Cell.Good($"{leader.Node} leads {scenario} in term {leader.Term}"));
        }

        var views = await lab.Statuses(stopped).ConfigureAwait(false);
        foreach (var view in views.Where(v => v.Answer is not null).GroupBy(v => v.Answer!.Leader))
        {
            c.Line($"Akka's cluster leader is {view.Key ?? "nobody"}, say {string.Join(", ", view.Select(v => v.Node.Name))}", Tone.Dim);
        }

        if (leaders.Any(known => known.Leader is null))
        {
            throw new CommandFailed("There is no leader: no majority of the nodes reach each other, or an election is under way.");
        }
    }

    private static async Task Tail(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        if (c.DurationOrNull("for") is { } duration)
        {
            limit.CancelAfter(duration);
        }

        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            while (true)
            {
                await foreach (var (what, value) in Facts(lab, limit.Token).ConfigureAwait(false))
                {
                    if (!seen.TryGetValue(what, out var before) || before != value)
                    {
                        c.Line($"{DateTimeOffset.Now:HH:mm:ss.f}  {what}: {(before is null ? "" : $"{before} -> ")}{value}");
                        seen[what] = value;
                    }
                }

                await Task.Delay(TailPause, limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!stopped.IsCancellationRequested)
        {
            // The time that the user gave is over.
        }
    }

    private static async IAsyncEnumerable<(string What, string Value)> Facts(
        LabContext lab, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stopped)
    {
        foreach (var (scenario, leader) in await lab.Leaders(stopped).ConfigureAwait(false))
        {
            yield return ($"{scenario} leader", leader is null ? "nobody" : $"{leader.Node} in term {leader.Term}");
        }

        foreach (var (node, answer) in await lab.Statuses(stopped).ConfigureAwait(false))
        {
            yield return ($"{node.Name} process", LabPalettes.LifeOf(node).Text);
            if (answer is not null)
            {
                yield return ($"{node.Name} member", answer.ClusterStatus);
                var unreachable = answer.Members.Where(m => !m.Reachable).Select(m => m.Node).ToList();
                yield return ($"{node.Name} does not reach", unreachable.Count == 0 ? "nobody" : string.Join(",", unreachable));
            }
        }
    }

    private static async Task Leave(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var node = c.Node("node");
        lab.RequireRunning(node);
        await lab.Nodes.Leave(node, stopped).ConfigureAwait(false);
        c.Line(Cell.Strong(node), $" leaves the cluster; node restart {node} brings it back");
    }

    private static async Task Down(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var node = c.Node("node");
        var asked = lab.Running.FirstOrDefault(running => running != node)
            ?? throw new CommandFailed($"No other node runs that could declare {node} gone.");
        await lab.Nodes.Down(asked, node, stopped).ConfigureAwait(false);
        c.Line(Cell.Strong(node), $" is declared gone, as {asked} was asked; node restart {node} brings it back");
    }

    private static Cell StatusCell(string status) => status == "Up" ? Cell.Good(status) : Cell.Warn(status);
}
