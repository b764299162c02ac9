using System.Globalization;
using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary><c>clocks</c>: what happened before what, by the vector clocks of the traced events.</summary>
internal static class ClocksPalette
{
    private const string Form = "an event's name as trace tail shows it, such as n1:120";

    public static Palette For(LabContext lab) => new("clocks", "What happened before what (Lamport 1978), by vector clocks of the nodes' traces.",
    [
        new Command("compare", "Says whether the first event came before the second, after it, or neither, and how it may have caused it.")
        {
            Parameters = [Parameter.Text("first", Form, 40), Parameter.Text("second", Form, 40)],
            Example = "clocks compare n1:120 n3:77",
            Handler = LabPalettes.OrFailed((c, stopped) => Compare(lab, c, stopped)),
        },
    ]);

    private static async Task Compare(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var (one, other) = (Parse(c.Text("first")), Parse(c.Text("second")));
        var lines = new List<(string Node, TraceLine Line)>();
        var gaps = lab.Supervisor.Nodes.Where(node => node.Life != NodeLife.Running || node.Starts > 1)
            .Select(node => node.Life == NodeLife.Running ? $"{node.Name} ran before" : $"{node.Name} does not run").ToList();
        foreach (var node in lab.Running)
        {
            c.Progress($"reads the trace of {node}");
            var first = true;
            await foreach (var line in TracePalette.All(lab, node, null, stopped).ConfigureAwait(false))
            {
                if (first && line.Index > 0)
                {
                    gaps.Add($"{node} has forgotten what came first");
                }

                first = false;
                lines.Add((node, line));
            }
        }

        var scenario = Find(lines, one).Scenario;
        if (scenario is null || scenario != Find(lines, other).Scenario)
        {
            throw new CommandFailed(
                $"{c.Text("first")} is of {scenario ?? "a whole node"} and {c.Text("second")} of {Find(lines, other).Scenario ?? "a whole node"}: "
                + "clocks compare what two roles of one scenario did.");
        }

        lines.RemoveAll(line => line.Line.Scenario is { } its && its != scenario);
        var rings = lab.Running.ToList();
        var picture = ClusterPicture.Of(scenario, [.. lines.Select(line => (rings.IndexOf(line.Node), TracePalette.EventOf(line.Line)))], out var places);
        var clocks = new TraceClocks(Seq.ToSeq(picture.Events.Select(known => known.Trace)));
        var (at, otherAt) = (places[Place(lines, one)], places[Place(lines, other)]);
        foreach (var (place, name) in new[] { (at, "first"), (otherAt, "second") })
        {
            if (clocks.VectorOf(place) is null)
            {
                throw new CommandFailed($"{c.Text(name)} happened to no role: a message that was lost has no clock of its own. Compare its sending.");
            }
        }

        Show(c, picture, clocks, at, otherAt, gaps);
    }

    private static void Show(CommandContext c, Picture picture, TraceClocks clocks, int first, int second, List<string> gaps)
    {
        var order = clocks.Compare(first, second);
        c.Table(
            ["event", Column.Right("Lamport clock"), "vector clock", "what"],
            new[] { first, second }.Select(at => new Cell[]
            {
                Cell.Strong(at == first ? c.Text("first") : c.Text("second")), clocks.TimeOf(at).ToString(), $"{clocks.VectorOf(at)}",
                SafeText.Shorten(EventText.Line(picture.Events[at].Trace), 120),
            }));
        c.Say(order switch
        {
            Causality.Before => Cell.Good($"{c.Text("first")} came before {c.Text("second")}, and may have caused it"),
            Causality.After => Cell.Good($"{c.Text("first")} came after {c.Text("second")}, and may have been caused by it"),
            Causality.Equal => Cell.Good("both are of the same turn"),
            _ when gaps.Count == 0 => Cell.Warn("concurrent: neither can have caused the other"),
            _ => Cell.Warn("no path from one to the other in what the traces still hold"),
        });
        if (order == Causality.Concurrent && gaps.Count > 0)
        {
            c.Line($"A path may lead through what they lack: {string.Join(", ", gaps)}.", Tone.Dim);
        }

        var path = order == Causality.After ? clocks.Path(second, first) : clocks.Path(first, second);
        foreach (var step in path)
        {
            c.Line($"  {picture.Events[step].Trace.Where}  {SafeText.Shorten(EventText.Line(picture.Events[step].Trace), 160)}", Tone.Dim);
        }
    }

    private static TraceLine Find(List<(string Node, TraceLine Line)> lines, (string Node, long Index) name) =>
        Place(lines, name) is >= 0 and var place
            ? lines[place].Line
            : throw new CommandFailed(
                $"No trace of a node that runs has {name.Node}:{name.Index}: it is too old, or yet to come. trace tail --node {name.Node} shows names of events.");

    private static int Place(List<(string Node, TraceLine Line)> lines, (string Node, long Index) name) =>
        lines.FindIndex(line => line.Node == name.Node && line.Line.Index == name.Index);

    /// <exception cref="BadInput">It is no name of an event.</exception>
    private static (string Node, long Index) Parse(string text) =>
        text.Split(':') is [{ Length: > 0 } node, var index]
        && long.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (node, number)
            : throw new BadInput($"\"{SafeText.Shorten(text, 40)}\" is no event: write {Form}.");
}
