using System.Text.Json;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>
/// The log that ShiViz reads, with its parser on the first line: of each event the host and its vector clock, and what happened
/// on the line after. Hosts are roles. What happens to no role, such as a loss in the network, has no clock and is left out.
/// Steps over shared variables are all ordered: each knows of all before it.
/// </summary>
internal static class ShiVizLog
{
    /// <summary>ShiViz takes the first line for the parser and the second for what divides executions: here nothing.</summary>
    public const string Parser = @"(?<host>\S*) (?<clock>{.*})\n(?<event>.*)";

    public static void Write(TextWriter file, Picture picture)
    {
        file.WriteLine(Parser);
        file.WriteLine();
        var lanes = picture.Lanes;
        var clocks = lanes.ToDictionary(lane => lane, _ => VectorClock.Zero);
        var sent = new Dictionary<long, VectorClock>(); // by the event of the sending
        var steps = VectorClock.Zero; // of the last step of a model
        foreach (var one in picture.Events)
        {
            if (one.Trace.Kind is TraceKind.Drop or TraceKind.Duplicate or TraceKind.Fault)
            {
                continue;
            }

            var known = one.Trace.Kind == TraceKind.Step ? steps
                : one.Trace.Kind == TraceKind.Deliver && sent.TryGetValue(one.Trace.Cause, out var sender) ? sender
                : VectorClock.Zero;
            foreach (var lane in lanes.Where(lane => lane == one.Trace.Where || IsWholeNode(one.Trace.Where, lane)))
            {
                clocks[lane] = Happen(file, one.Trace, lane, clocks[lane], known);
                if (one.Trace.Kind == TraceKind.Send)
                {
                    sent[one.Trace.Index] = clocks[lane];
                }
                else if (one.Trace.Kind == TraceKind.Step)
                {
                    steps = clocks[lane];
                }
            }
        }
    }

    private static bool IsWholeNode(Address where, Address lane) => string.IsNullOrEmpty(where.Role) && where.Node == lane.Node;

    private static VectorClock Happen(TextWriter file, TraceEvent one, Address lane, VectorClock before, VectorClock known)
    {
        var host = HostOf(lane);
        var clock = before.Tick(host).Merge(known);
        file.WriteLine($"{host} {JsonSerializer.Serialize(clock.Ticks.ToDictionary(entry => entry.Key, entry => entry.Value))}");
        file.WriteLine(EventText.Line(one));
        return clock;
    }

    /// <summary>A host has no space in its name.</summary>
    private static string HostOf(Address lane) => lane.ToString().Replace(' ', '_');
}
