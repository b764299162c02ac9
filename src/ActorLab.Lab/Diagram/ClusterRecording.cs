using System.Text.RegularExpressions;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>
/// The traces of several nodes as one recording. Nodes number their own events and know only their own causes: a receipt is
/// matched with its sending by sender, receiver and number, and all are put into an order that keeps causes before effects.
/// </summary>
internal static partial class ClusterRecording
{
    /// <param name="title">A phrase.</param>
    /// <param name="lines">Each with the ring of events that it comes from: one run of one node's process.</param>
    public static Recording Of(string title, IReadOnlyList<(int Ring, RecordedEvent Event)> lines)
    {
        var known = Distinct(lines);
        var order = new CausalOrder(known.Count, place =>
            (known[place].Event.Trace.At, known[place].Ring, known[place].Event.Trace.Index));
        var causes = CausesOf(known, order);
        var placed = order.Sorted(out var isKept);
        var places = new int[known.Count];
        for (var i = 0; i < placed.Count; i++)
        {
            places[placed[i]] = i;
        }

        var start = known.Count == 0 ? 0 : known.Min(line => line.Event.Trace.At);
        var events = new RecordingBuilder();
        foreach (var place in placed)
        {
            var one = known[place].Event.Trace;
            var cause = causes[place] < 0 || places[causes[place]] >= events.Count ? -1 : places[causes[place]];
            var added = events.Add(one.At - start, one.Kind, one.Where, one.Text, one.Peer, one.Message, cause);
            if (one.Kind == TraceKind.Fault && FaultText.CutsOf(one.Text) is { } cuts)
            {
                events.Cut(added, cuts);
            }
            else if (one.Kind == TraceKind.Note && HighlightOf(one.Text) is { } highlight)
            {
                events.Tell(cause < 0 ? added : cause, [], highlight);
            }
        }

        return new Recording
        {
            Title = title,
            Source = RecordingSource.Cluster,
            Events = events.Events(),
            Remarks = isKept
                ? []
                : ["Causes and effects of some events go round in a circle: the traces are of different runs, or damaged."],
        };
    }

    /// <summary>Without the lines that two files both have.</summary>
    private static List<(int Ring, RecordedEvent Event)> Distinct(IReadOnlyList<(int Ring, RecordedEvent Event)> lines) =>
        [.. lines.DistinctBy(line => line.Event.Trace is var one ? (one.Where, one.Index, one.At, one.Kind, one.Text) : default)];

    private static int[] CausesOf(List<(int Ring, RecordedEvent Event)> lines, CausalOrder order)
    {
        var places = new Dictionary<(int Ring, long Index), int>();
        var sends = new Dictionary<(Address From, Address To, long Number), List<int>>();
        var last = new Dictionary<(int Ring, Address Where), int>();
        for (var place = 0; place < lines.Count; place++)
        {
            var (ring, one) = (lines[place].Ring, lines[place].Event.Trace);
            places[(ring, one.Index)] = place;
            if (last.TryGetValue((ring, one.Where), out var before))
            {
                order.Add(before, place);
            }

            last[(ring, one.Where)] = place;
            if (one is { Kind: TraceKind.Send, Peer: { } to })
            {
                if (!sends.TryGetValue((one.Where, to, one.Message), out var same))
                {
                    sends[(one.Where, to, one.Message)] = same = [];
                }

                same.Add(place);
            }
        }

        var causes = new int[lines.Count];
        for (var place = 0; place < lines.Count; place++)
        {
            var one = lines[place].Event.Trace;
            causes[place] = one is { Kind: TraceKind.Deliver, Peer: { } from }
                ? SendingOf(lines, sends.GetValueOrDefault((from, one.Where, one.Message)), one)
                : places.GetValueOrDefault((lines[place].Ring, one.Cause), -1);
            if (causes[place] >= 0)
            {
                order.Add(causes[place], place);
            }
        }

        return causes;
    }

    /// <summary>The latest of the sendings with its number and text: a sender that restarts may number anew.</summary>
    private static int SendingOf(List<(int Ring, RecordedEvent Event)> lines, List<int>? sends, TraceEvent receipt)
    {
        var same = (sends ?? []).Where(place => lines[place].Event.Trace.Text == receipt.Text).ToList();
        return same.Count == 0 ? -1
            : same.Where(place => lines[place].Event.Trace.At <= receipt.At).DefaultIfEmpty(same[0])
                .MaxBy(place => lines[place].Event.Trace.At);
    }

    /// <summary>What roles note at the moments that scenarios mark: a node's trace holds no states to see them by.</summary>
    private static Highlight? HighlightOf(string note) =>
        Leads().IsMatch(note) ? Highlight.Election(note) : Decides().IsMatch(note) ? Highlight.Decision(note) : null;

    [GeneratedRegex(@"^leads term \d+$")]
    private static partial Regex Leads();

    [GeneratedRegex(@"^(decides |obeys: )|is chosen$")]
    private static partial Regex Decides();
}
