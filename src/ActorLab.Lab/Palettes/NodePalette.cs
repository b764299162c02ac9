using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary><c>node</c>: the processes.</summary>
internal static class NodePalette
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static Palette For(LabContext lab) => new("node", "The processes of the nodes: end them, freeze them, start them.",
    [
        new Command("list", "Lists the nodes and their processes.")
        {
            Example = "node list",
            Handler = (c, _) => List(lab, c),
        },
        OnNodes(lab, "kill", "Ends processes at once (SIGKILL), as a power cut would; a paused one too.", async (c, node) =>
        {
            var pid = lab.Supervisor[node].Pid;
            await lab.Supervisor.Kill(node).ConfigureAwait(false);
            c.Line(Cell.Strong(node), $" was killed (process {pid}); node start {node} starts it again");
        }),
        OnNodes(lab, "pause", "Freezes processes (SIGSTOP): they keep their ports and answer nobody.", async (c, node) =>
        {
            await lab.Supervisor.Pause(node).ConfigureAwait(false);
            c.Line(Cell.Strong(node), $" is paused; node resume {node} lets it go on");
        }),
        OnNodes(lab, "resume", "Lets paused processes go on (SIGCONT).", async (c, node) =>
        {
            await lab.Supervisor.Resume(node).ConfigureAwait(false);
            c.Line(Cell.Strong(node), " goes on");
        }),
        OnNodes(lab, "stop", $"Asks processes to end in order (SIGTERM), and kills them after {Durations.Format(lab.Supervisor.StopLimit)}.", async (c, node) =>
        {
            var ended = await lab.Supervisor.Stop(node).ConfigureAwait(false);
            c.Line(Cell.Strong(node), ended ? " stopped" : $" did not stop within {Durations.Format(lab.Supervisor.StopLimit)} and was killed");
        }),
        OnNodes(lab, "start", "Starts nodes that are down, on the data that they left.", (c, node) => Start(lab, c, node, lab.Supervisor.Start)),
        OnNodes(lab, "restart", "Stops nodes in order and starts them again.", (c, node) => Start(lab, c, node, lab.Supervisor.Restart)),
    ]);

    /// <summary>A command that does one thing to each of the named nodes, to all at one time.</summary>
    private static Command OnNodes(LabContext lab, string name, string description, Func<CommandContext, string, Task> work) =>
        new(name, description)
        {
            Parameters = [Parameter.NodeList("nodes", "one or more nodes")],
            Example = $"node {name} n1",
            Handler = (c, _) =>
            {
                var nodes = c.Nodes("nodes");
                lab.Log.Information("node {Command} {Nodes}", name, string.Join(",", nodes));
                return AllOf(nodes.Select(node => work(c, node)).ToList());
            },
        };

    /// <summary>Waits for all, so that one node's failure does not hide what happened to the others.</summary>
    private static async Task AllOf(List<Task> works)
    {
        await Task.WhenAll(works).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var failures = works.Where(work => work.Exception is not null).Select(work => work.Exception!.InnerException!).ToList();
        if (failures.Count > 1 && failures.All(failure => failure is CommandFailed))
        {
            throw new CommandFailed(string.Join(" ", failures.Select(failure => failure.Message)));
        }

        await Task.WhenAll(works).ConfigureAwait(false);
    }

    private static Task List(LabContext lab, CommandContext c)
    {
        var ports = lab.Folder.Run.Nodes.ToDictionary(p => p.Name);
        c.Table(
            ["node", "process", Column.Right("pid"), Column.Right("for"), Column.Right("starts"), Column.Right("remoting"), Column.Right("control"), "etcd", "last end"],
            lab.Supervisor.Nodes.Select(node => new Cell[]
            {
                Cell.Strong(node.Name),
                LabPalettes.LifeOf(node),
                node.Pid is { } pid ? pid : "",
                node.Started is { } started ? LabPalettes.Since(DateTimeOffset.Now - started) : "",
                node.Starts,
                ports[node.Name].RemotingPort,
                ports[node.Name].ControlPort,
                ports[node.Name].ClientPort is > 0 and var client ? client : "",
                node.LastEnd,
            }));
        return Task.CompletedTask;
    }

    /// <summary>Done when the node answers: then it has its fault plan and recovers its roles.</summary>
    internal static async Task Start(LabContext lab, CommandContext c, string node, Func<string, Task> start)
    {
        if (lab.Options.Shape.Store == "memory")
        {
            throw new CommandFailed(
                $"This lab keeps its disks in memory: {node} would come back having forgotten its votes and its log, and could break what "
                + "the others promised. Start a lab with --store sqlite to see restarts.");
        }

        await start(node).ConfigureAwait(false);
        c.Progress($"{node} starts");
        var deadline = DateTimeOffset.Now + StartLimit;
        while (DateTimeOffset.Now < deadline)
        {
            var info = lab.Supervisor[node];
            if (info.Life is NodeLife.Failed or NodeLife.Stopped)
            {
                var last = lab.Supervisor.LastLines(node);
                throw new CommandFailed($"{node} ended while it started ({info.LastEnd}){(last.Count > 0 ? $": {SafeText.Shorten(last[^1], 400)}" : ".")}");
            }

            try
            {
                var status = await lab.Nodes.Status(node, CancellationToken.None).ConfigureAwait(false);
                c.Line(Cell.Strong(node), $" runs as process {status.Pid}, incarnation {status.Incarnation}");
                return;
            }
            catch (NodeSilent)
            {
                await Task.Delay(Pause).ConfigureAwait(false);
            }
        }

        throw new CommandFailed($"{node} runs but did not answer within {Durations.Format(StartLimit)}; its log is in {lab.Folder.NodeFolder(node)}.");
    }
}
