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
        var clocks = lanes.ToDictionary(lane => lane, _ => new SortedDictionary<string, long>(StringComparer.Ordinal));
        var sent = new Dictionary<long, KeyValuePair<string, long>[]>(); // by the event of the sending
        var steps = new SortedDictionary<string, long>(StringComparer.Ordinal); // of the last step of a model
        foreach (var one in picture.Events)
        {
            if (one.Trace.Kind is TraceKind.Drop or TraceKind.Duplicate or TraceKind.Fault)
            {
                continue;
            }

            KeyValuePair<string, long>[] known = one.Trace.Kind == TraceKind.Step ? [.. steps]
                : one.Trace.Kind == TraceKind.Deliver && sent.TryGetValue(one.Trace.Cause, out var sender) ? sender
                : [];
            foreach (var lane in lanes.Where(lane => lane == one.Trace.Where || IsWholeNode(one.Trace.Where, lane)))
            {
                Happen(file, one.Trace, lane, clocks[lane], known);
                if (one.Trace.Kind == TraceKind.Send)
                {
                    sent[one.Trace.Index] = [.. clocks[lane]];
                }
                else if (one.Trace.Kind == TraceKind.Step)
                {
                    Merge(steps, clocks[lane]);
                }
            }
        }
    }

    private static bool IsWholeNode(Address where, Address lane) => string.IsNullOrEmpty(where.Role) && where.Node == lane.Node;

    private static void Happen(
        TextWriter file, TraceEvent one, Address lane, SortedDictionary<string, long> clock, KeyValuePair<string, long>[] known)
    {
        var host = HostOf(lane);
        clock[host] = clock.GetValueOrDefault(host) + 1;
        Merge(clock, known);
        file.WriteLine($"{host} {JsonSerializer.Serialize(clock)}");
        file.WriteLine(EventText.Line(one));
    }

    private static void Merge(SortedDictionary<string, long> clock, IEnumerable<KeyValuePair<string, long>> known)
    {
        foreach (var (other, ticks) in known)
        {
            clock[other] = Math.Max(clock.GetValueOrDefault(other), ticks);
        }
    }

    /// <summary>A host has no space in its name.</summary>
    private static string HostOf(Address lane) => lane.ToString().Replace(' ', '_');
}
