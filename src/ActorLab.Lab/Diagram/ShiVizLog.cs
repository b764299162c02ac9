using System.Text.Json;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>
/// The log that ShiViz reads, with its parser on the first line: of each event the host and its vector clock, and what happened
/// on the line after. Hosts are roles. What happens to no role, such as a loss in the network, has no clock and is left out.
/// </summary>
internal static class ShiVizLog
{
    /// <summary>ShiViz takes the first line for the parser and the second for what divides executions: here nothing.</summary>
    public const string Parser = @"(?<host>\S*) (?<clock>{.*})\n(?<event>.*)";

    public static void Write(TextWriter file, Recording recording)
    {
        file.WriteLine(Parser);
        file.WriteLine();
        var lanes = recording.Lanes;
        var clocks = lanes.ToDictionary(lane => lane, _ => new SortedDictionary<string, long>(StringComparer.Ordinal));
        var sent = new Dictionary<long, KeyValuePair<string, long>[]>(); // by the event of the sending
        foreach (var one in recording.Events)
        {
            if (one.Trace.Kind is TraceKind.Drop or TraceKind.Duplicate or TraceKind.Fault)
            {
                continue;
            }

            foreach (var lane in lanes.Where(lane => lane == one.Trace.Where || IsWholeNode(one.Trace.Where, lane)))
            {
                Happen(file, one.Trace, lane, clocks[lane], sent);
            }
        }
    }

    private static bool IsWholeNode(Address where, Address lane) => string.IsNullOrEmpty(where.Role) && where.Node == lane.Node;

    private static void Happen(
        TextWriter file, TraceEvent one, Address lane, SortedDictionary<string, long> clock,
        Dictionary<long, KeyValuePair<string, long>[]> sent)
    {
        var host = HostOf(lane);
        clock[host] = clock.GetValueOrDefault(host) + 1;
        if (one.Kind == TraceKind.Deliver && sent.TryGetValue(one.Cause, out var sender))
        {
            foreach (var (other, ticks) in sender)
            {
                clock[other] = Math.Max(clock.GetValueOrDefault(other), ticks);
            }
        }
        else if (one.Kind == TraceKind.Send)
        {
            sent[one.Index] = [.. clock];
        }

        file.WriteLine($"{host} {JsonSerializer.Serialize(clock)}");
        file.WriteLine(EventText.Line(one));
    }

    /// <summary>A host has no space in its name.</summary>
    private static string HostOf(Address lane) => lane.ToString().Replace(' ', '_');
}
