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
        var (one, other) = (Parse(lab, c.Text("first")), Parse(lab, c.Text("second")));
        var lines = new List<(string Node, TraceLine Line)>();
        foreach (var node in lab.Running)
        {
            c.Progress($"reads the trace of {node}");
            await foreach (var line in TracePalette.All(lab, node, null, stopped, clocks: true).ConfigureAwait(false))
            {
                lines.Add((node, line));
            }
        }

        var (first, second) = (Find(lines, one), Find(lines, other));
        if (first.Scenario is null || first.Scenario != second.Scenario)
        {
            throw new CommandFailed(
                $"{c.Text("first")} is of {first.Scenario ?? "a whole node"} and {c.Text("second")} of {second.Scenario ?? "a whole node"}: "
                + "clocks compare what two roles of one scenario did.");
        }

        var order = OrderOf(ClockOf(first, "first"), ClockOf(second, "second"));
        Show(c, first, second, order);
        if (order is Causality.Before or Causality.After)
        {
            var (cause, effect) = order == Causality.Before ? (one, other) : (other, one);
            ShowPath(lab, c, [.. lines.Where(line => line.Line.Scenario is null || line.Line.Scenario == first.Scenario)], cause, effect);
        }

        EventClock ClockOf(TraceLine line, string name) => line.Clock?.ToEvent() ?? throw new CommandFailed(
            $"{c.Text(name)} happened to no role: a message that was lost has no clock of its own. Compare its sending.");
    }

    /// <exception cref="CommandFailed">They count within different starts.</exception>
    private static Causality OrderOf(EventClock first, EventClock second) => first.Start == second.Start
        ? first.Compare(second)
        : throw new CommandFailed(
            $"One is of {first.Start} and the other of {second.Start}: clocks count anew when a scenario is started, and compare what one start did.");

    private static void Show(CommandContext c, TraceLine first, TraceLine second, Causality order)
    {
        c.Table(
            ["event", Column.Right("Lamport clock"), "vector clock", "what"],
            new[] { ("first", first), ("second", second) }.Select(named => new Cell[]
            {
                Cell.Strong(c.Text(named.Item1)), named.Item2.Clock!.Lamport, $"{named.Item2.Clock.ToEvent().Vector}",
                SafeText.Shorten(EventText.Line(TracePalette.EventOf(named.Item2).Trace), 120),
            }));
        c.Say(order switch
        {
            Causality.Before => Cell.Good($"{c.Text("first")} came before {c.Text("second")}, and may have caused it"),
            Causality.After => Cell.Good($"{c.Text("first")} came after {c.Text("second")}, and may have been caused by it"),
            Causality.Equal => Cell.Good("both are of the same turn"),
            _ => Cell.Warn("concurrent: neither can have caused the other"),
        });
    }

    /// <summary>How the one led to the other. The clocks know that it did, also where the traces have lost the way.</summary>
    private static void ShowPath(
        LabContext lab, CommandContext c, List<(string Node, TraceLine Line)> lines, (string Node, long Index) cause, (string Node, long Index) effect)
    {
        var rings = lab.Running.ToList();
        var picture = ClusterPicture.Of("", [.. lines.Select(line => (rings.IndexOf(line.Node), TracePalette.EventOf(line.Line)))], out var places);
        var clocks = new TraceClocks(Seq.ToSeq(picture.Events.Select(known => known.Trace)));
        var path = clocks.Path(places[Place(lines, cause)], places[Place(lines, effect)]);
        foreach (var step in path)
        {
            c.Line($"  {picture.Events[step].Trace.Where}  {SafeText.Shorten(EventText.Line(picture.Events[step].Trace), 160)}", Tone.Dim);
        }

        if (path.IsEmpty)
        {
            c.Line("The way from one to the other is not in the traces any more; the clocks, which each message carried, tell that there was one.", Tone.Dim);
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
    private static (string Node, long Index) Parse(LabContext lab, string text)
    {
        if (text.Split(':') is not [{ Length: > 0 } node, var index]
            || !long.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new BadInput($"\"{SafeText.Shorten(text, 40)}\" is no event: write {Form}.");
        }

        var nodes = lab.Supervisor.Nodes.Select(known => known.Name).ToList();
        return nodes.Contains(node) ? (node, number) : throw new BadInput(Suggest.Unknown("node", node, nodes));
    }
}
