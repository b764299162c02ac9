using System.Runtime.CompilerServices;
using System.Text.Json;
using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary><c>trace</c>: every turn, message and timer of the nodes.</summary>
internal static class TracePalette
{
    private const int Page = 10_000;

    public static Palette For(LabContext lab) => new("trace", "What the roles of the nodes did: turns, messages, timers.",
    [
        new Command("tail", "Shows the last lines of a node's trace, and with --follow what comes.")
        {
            Parameters =
            [
                Parameter.Node("node", "whose trace; all running nodes, one after the other, when left out").AsSwitch(),
                Parameter.Integer("lines", "how many of the last lines, of each node").AsSwitch().Between(1, 10_000).Or(20),
                Parameter.Text("scenario", "only what this scenario does, and what befalls the nodes", 100).AsSwitch(),
                Parameter.Flag("follow", "go on until Ctrl-C; needs --node"),
            ],
            Example = "trace tail --node=n1 --follow",
            TimeLimit = TimeSpan.FromHours(1),
            Handler = LabPalettes.OrFailed((c, stopped) => Tail(lab, c, stopped)),
        },
        new Command("save", "Saves the traces of all running nodes, and when nodes ended and began, one JSON object a line, in the lab's folder.")
        {
            Parameters =
            [
                Parameter.Text("file", "a file name without a folder, such as split.ndjson"),
                Parameter.Text("scenario", "only what this scenario does, and what befalls the nodes", 100).AsSwitch(),
            ],
            Example = "trace save split.ndjson",
            Handler = (c, stopped) => Save(lab, c, stopped),
        },
    ]);

    private static async Task Tail(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var named = c.NodeOrNull("node");
        var follow = c.Flag("follow");
        if (follow && named is null)
        {
            throw new BadInput("--follow wants one node: add --node=n1.");
        }

        var lines = (int)c.Integer("lines");
        foreach (var node in named is null ? lab.Running : [lab.Asked(named)])
        {
            var last = new Queue<TraceLine>();
            await foreach (var line in All(lab, node, c.TextOrNull("scenario"), stopped).ConfigureAwait(false))
            {
                last.Enqueue(line);
                if (last.Count > lines)
                {
                    last.Dequeue();
                }
            }

            foreach (var line in last)
            {
                Show(c, node, line);
                await c.Room(stopped).ConfigureAwait(false);
            }

            if (follow)
            {
                await Follow(lab, c, node, last.Count == 0 ? -1 : last.Last().Index, stopped).ConfigureAwait(false);
            }
        }
    }

    /// <summary>What the node still has of its trace, page by page; lines that come meanwhile are not chased for ever.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="node">Whose trace.</param>
    /// <param name="scenario">Only what this one does, and what befalls the node; null for all.</param>
    /// <param name="stopped">Ends it.</param>
    /// <param name="since">Nothing before this moment; null for all that there is.</param>
    /// <param name="clocks">With the clocks of their turns.</param>
    internal static async IAsyncEnumerable<TraceLine> All(
        LabContext lab, string node, string? scenario, [EnumeratorCancellation] CancellationToken stopped, DateTime? since = null,
        bool clocks = false)
    {
        var after = -1L;
        int count;
        do
        {
            count = 0;
            await foreach (var line in lab.Nodes.Trace(node, after, Page, follow: false, stopped, since, clocks).ConfigureAwait(false))
            {
                if (Wanted(scenario, line))
                {
                    yield return line;
                }

                after = line.Index;
                count++;
            }
        }
        while (count == Page);
    }

    private static async Task Follow(LabContext lab, CommandContext c, string node, long after, CancellationToken stopped)
    {
        await foreach (var line in lab.Nodes.Trace(node, after, Page, follow: true, stopped).ConfigureAwait(false))
        {
            if (Wanted(c.TextOrNull("scenario"), line))
            {
                Show(c, node, line);
                await c.Room(stopped).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A line as pictures take it.</summary>
    internal static PictureEvent EventOf(TraceLine line) => new(new TraceEvent(
        line.Index, line.At, Enum.Parse<TraceKind>(line.Kind, ignoreCase: true), DiagramFile.AddressOf(line.Where),
        line.Peer is null ? null : DiagramFile.AddressOf(line.Peer), line.Message, line.Cause, line.Text, UInt128.Zero));

    private static bool Wanted(string? scenario, TraceLine line) =>
        scenario is null || line.Scenario is null || line.Scenario == scenario;

    private static void Show(CommandContext c, string node, TraceLine line) => c.Line(
        Cell.Dim($"{TimeOf(line):HH:mm:ss.ffffff}  {$"{node}:{line.Index}",-9} "),
        Cell.Dim($"{line.Scenario,-6} "),
        $"{line.Where,-10} ",
        Cell.Strong($"{line.Kind,-9} "),
        $"{(line.Peer is null ? "" : line.Kind == "send" ? $"to {line.Peer}  " : $"from {line.Peer}  ")}{SafeText.Shorten(line.Text, 240)}");

    private static DateTime TimeOf(TraceLine line) => DateTime.UnixEpoch.AddMicroseconds(line.At).ToLocalTime();

    private static async Task Save(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var path = lab.Folder.TraceFile(c.Text("file"));
        if (File.Exists(path))
        {
            throw new CommandFailed($"{path} is there already: name another file.");
        }

        try
        {
            var counts = await SaveAll(lab, c, path, stopped).ConfigureAwait(false);
            c.Line($"saved in {path}: {string.Join(", ", counts)} lines");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed(Remove(path)
                ? $"The traces could not be written to {path}, and what was written is removed: {e.Message}"
                : $"The traces could not be written to {path} in full: {e.Message}");
        }
    }

    private static async Task<List<string>> SaveAll(LabContext lab, CommandContext c, string path, CancellationToken stopped)
    {
        var counts = new List<string>();
        await using var file = new StreamWriter(path);
        foreach (var node in lab.Running)
        {
            c.Progress($"saves the trace of {node}");
            var count = 0;
            try
            {
                await foreach (var line in All(lab, node, c.TextOrNull("scenario"), stopped).ConfigureAwait(false))
                {
                    await file.WriteLineAsync(JsonSerializer.Serialize(line, NodeJson.Options).AsMemory(), stopped).ConfigureAwait(false);
                    count++;
                }

                counts.Add($"{node} {count}");
            }
            catch (NodeSilent e)
            {
                c.Line(e.Message, Tone.Warn);
            }
        }

        await SaveLives(lab, file, stopped).ConfigureAwait(false);
        await file.FlushAsync(stopped).ConfigureAwait(false);
        return counts;
    }

    /// <summary>
    /// What befell the processes of all nodes, also of those that are down. It comes behind the traces, so that its numbers, which
    /// begin at 0, are taken for those of a trace of its own.
    /// </summary>
    private static async Task SaveLives(LabContext lab, StreamWriter file, CancellationToken stopped)
    {
        foreach (var line in lab.Supervisor.Names.SelectMany(lab.Supervisor.Lives.Of))
        {
            await file.WriteLineAsync(JsonSerializer.Serialize(line, NodeJson.Options).AsMemory(), stopped).ConfigureAwait(false);
        }
    }

    /// <summary>A half of a trace would pass for a whole one.</summary>
    private static bool Remove(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
