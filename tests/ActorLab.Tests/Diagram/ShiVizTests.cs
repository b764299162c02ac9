using System.Text.Json;
using System.Text.RegularExpressions;
using ActorLab.Core;
using ActorLab.Lab;
using ActorLab.Models;

namespace ActorLab.Tests.Diagram;

/// <summary>
/// The log that ShiViz reads. Its clocks must say what happened before what: exactly what a search over program order and
/// messages finds.
/// </summary>
public sealed partial class ShiVizTests
{
    [Fact]
    public void The_parser_on_the_first_line_reads_every_event()
    {
        var (parser, entries) = Log(Samples.Paxos);
        Assert.Equal(ShiVizLog.Parser, parser);
        Assert.Equal(Samples.Paxos.Events.Count, entries.Count);
        Assert.Equal("n1/proposer", entries.First(entry => entry.Event.StartsWith("is asked", StringComparison.Ordinal)).Host);
    }

    [Theory]
    [InlineData("paxos")]
    [InlineData("raft")]
    [InlineData("model")]
    public void Clocks_order_events_exactly_as_lanes_and_messages_do(string name)
    {
        var picture = name == "model" ? Samples.OfViolation(Increment.Family.With())
            : name == "paxos" ? Samples.Paxos : Samples.Raft with { Events = Samples.Raft.Events.Take(700).ToSeq() };
        var (_, entries) = Log(picture);
        var edges = Edges(picture);
        Assert.Equal(edges.Count, entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            var past = Past(edges, i);
            for (var k = 0; k < entries.Count; k++)
            {
                var isBefore = entries[i].Clock.GetValueOrDefault(entries[k].Host) >= entries[k].Clock[entries[k].Host];
                Assert.True(past.Contains(k) == isBefore, $"{k} {entries[k].Event} and {i} {entries[i].Event}");
            }
        }
    }

    /// <summary>
    /// Of each line of the log, those directly before it: on its host, of a receipt the sending, and of a model's step all lines
    /// of the step before it.
    /// </summary>
    private static List<List<int>> Edges(Picture picture)
    {
        var edges = new List<List<int>>();
        var last = new Dictionary<Address, int>();
        var lineOf = new Dictionary<long, int>();
        var (step, stepBefore) = (new List<int>(), new List<int>());
        foreach (var one in picture.Events.Select(one => one.Trace))
        {
            if (one.Kind is TraceKind.Drop or TraceKind.Duplicate or TraceKind.Fault)
            {
                continue;
            }

            (stepBefore, step) = one.Kind == TraceKind.Step ? (step, []) : (stepBefore, step);
            foreach (var lane in picture.Lanes.Where(lane =>
                lane == one.Where || (one.Where.Role == "" && lane.Node == one.Where.Node)))
            {
                List<int> before = last.TryGetValue(lane, out var previous) ? [previous] : [];
                if (one.Kind == TraceKind.Deliver)
                {
                    before.Add(lineOf[one.Cause]);
                }

                if (one.Kind == TraceKind.Step)
                {
                    before.AddRange(stepBefore);
                    step.Add(edges.Count);
                }

                last[lane] = lineOf[one.Index] = edges.Count;
                edges.Add(before);
            }
        }

        return edges;
    }

    private static HashSet<int> Past(List<List<int>> edges, int of)
    {
        var seen = new HashSet<int> { of };
        var open = new Stack<int>([of]);
        while (open.TryPop(out var one))
        {
            foreach (var before in edges[one].Where(seen.Add))
            {
                open.Push(before);
            }
        }

        return seen;
    }

    private static (string Parser, List<(string Host, Dictionary<string, long> Clock, string Event)> Entries) Log(Picture picture)
    {
        var file = new StringWriter { NewLine = "\n" };
        ShiVizLog.Write(file, picture);
        var lines = file.ToString().Split('\n', 3);
        Assert.Equal("", lines[1]);
        var matches = Regex.Matches(lines[2], lines[0]);
        return (lines[0], [.. matches.Select(match => (
            match.Groups["host"].Value, JsonSerializer.Deserialize<Dictionary<string, long>>(match.Groups["clock"].Value)!,
            match.Groups["event"].Value))]);
    }
}
