using System.Globalization;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>Shows a run event by event.</summary>
internal sealed class RunStepper(RecordedRun run, IRenderer renderer)
{
    private const string Keys = "n next, p previous, v the violation, s NODE what a node knows, a number to go there, q to end";

    private readonly Seq<TraceEvent> _events = run.Result.Trace;

    public void ShowAll()
    {
        for (var i = 0; i < _events.Count; i++)
        {
            Show(i);
        }
    }

    /// <summary>Does what it is told, line by line, until it is told to end.</summary>
    public void Walk(TextReader commands)
    {
        renderer.Show(new Output.Line([Cell.Dim($"{_events.Count} events. {Keys}")]));
        var at = 0;
        Show(at);
        while (commands.ReadLine()?.Trim() is { } line and not ("q" or "quit"))
        {
            var moved = at;
            switch (line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                case [] or ["n"]:
                    moved = Math.Min(at + 1, _events.Count - 1);
                    break;
                case ["p"]:
                    moved = Math.Max(at - 1, 0);
                    break;
                case ["v"]:
                    moved = Violation() ?? at;
                    break;
                case ["s", var node]:
                    ShowNode(node, at);
                    continue;
                case [var number] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < _events.Count:
                    moved = index;
                    break;
                default:
                    renderer.Show(new Output.Line([Cell.Dim(Keys)]));
                    continue;
            }

            at = moved;
            Show(at);
            if (line == "v")
            {
                ShowViolation(at);
            }
        }
    }

    /// <summary>What the roles of a node knew after an event.</summary>
    public void ShowNode(string node, int at)
    {
        var addresses = run.Scenario.Placements.Select(placement => placement.Address).Where(address => address.Node.Name == node).Order().ToArray();
        if (addresses.Length == 0)
        {
            renderer.Show(new Output.Line([Suggest.Unknown("node", node, run.Scenario.Nodes.Select(known => known.Name))]));
            return;
        }

        if (DownSince(node, at) is { } crash)
        {
            renderer.Show(new Output.Line([
                Cell.Warn(FormattableString.Invariant($"{node} is down since event {crash.Index}, {crash.At / 1e6:0.000000} s: its memory is lost. Before, it knew:"))]));
        }

        foreach (var address in addresses)
        {
            var state = run.Turns.LastOrDefault(turn => turn.Index <= _events[at].Index && turn.Where == address)?.After;
            renderer.Show(new Output.Line([Cell.Strong($"{address}"), $"  {(state is null ? "has not booted" : Canonical.Text(state))}"]));
        }
    }

    /// <summary>The crash after which a node has not booted; null where it runs.</summary>
    private TraceEvent? DownSince(string node, int at) =>
        _events.Take(at + 1).LastOrDefault(one => one.Where.Node.Name == node && one.Kind is TraceKind.Crash or TraceKind.Restart) is { Kind: TraceKind.Crash } crash
            ? crash
            : null;

    /// <summary>The turn after which it is false; where there is none, the event that says so.</summary>
    private int? Violation()
    {
        if (run.Result.Violation is { } violation && SimulationPicture.EventOf(run, violation) is >= 0 and var turn)
        {
            return turn;
        }

        for (var i = _events.Count - 1; i >= 0; i--)
        {
            if (_events[i].Kind == TraceKind.Violation)
            {
                return i;
            }
        }

        renderer.Show(new Output.Line(["Nothing was violated."]));
        return null;
    }

    private void ShowViolation(int turn)
    {
        if (run.Result.Violation is { } violation && _events[turn].Kind != TraceKind.Violation)
        {
            renderer.Show(new Output.Line([Cell.Bad($"The violation, after this event: {violation}")]));
        }
    }

    private void Show(int index)
    {
        var line = _events[index];
        var peer = line.Peer is { } other && line.Kind is not (TraceKind.Boot or TraceKind.Operation)
            ? line.Kind == TraceKind.Deliver ? $" from {other}" : $" to {other}"
            : "";
        var text = FormattableString.Invariant(
            $"{line.Index,7} {line.At / 1e6,11:0.000000} s  {line.Kind.ToString().ToLowerInvariant(),-9} {line.Where}{peer}{(line.Message > 0 ? $" #{line.Message}" : "")}  {line.Text}");
        renderer.Show(new Output.Line([line.Kind switch
        {
            TraceKind.Violation => Cell.Bad(text),
            TraceKind.Crash or TraceKind.Fault or TraceKind.Drop or TraceKind.Restart or TraceKind.Pause or TraceKind.Resume => Cell.Warn(text),
            TraceKind.Send or TraceKind.Note or TraceKind.Report => Cell.Dim(text),
            _ => text,
        }]));
    }
}
