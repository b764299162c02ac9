using System.Text.RegularExpressions;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>
/// The traces of several nodes as one picture. Nodes number their own events and know only their own causes: a receipt is
/// matched with its sending by sender, receiver and number, and all are put into an order that keeps causes before effects.
/// </summary>
internal static partial class ClusterPicture
{
    /// <param name="title">A phrase.</param>
    /// <param name="lines">Each with the ring of events that it comes from: one run of one node's process.</param>
    public static Picture Of(string title, IReadOnlyList<(int Ring, PictureEvent Event)> lines) => Of(title, lines, out _);

    /// <inheritdoc cref="Of(string, IReadOnlyList{ValueTuple{int, PictureEvent}})"/>
    /// <param name="title">A phrase.</param>
    /// <param name="lines">Each with the ring of events that it comes from.</param>
    /// <param name="placeOfLine">Of each line, the index of its event in the picture.</param>
    public static Picture Of(string title, IReadOnlyList<(int Ring, PictureEvent Event)> lines, out int[] placeOfLine)
    {
        var (known, placeOf) = Distinct(lines);
        var order = new CausalOrder(known.Count, place =>
            (known[place].Event.Trace.At, known[place].Ring, known[place].Event.Trace.Index));
        var causes = CausesOf(known, lines, placeOf, order);
        var placed = order.Sorted(out var isKept);
        var places = new int[known.Count];
        for (var i = 0; i < placed.Count; i++)
        {
            places[placed[i]] = i;
        }

        placeOfLine = [.. placeOf.Select(place => places[place])];

        var start = known.Count == 0 ? 0 : known.Min(line => line.Event.Trace.At);
        var events = new PictureBuilder();
        foreach (var place in placed)
        {
            var one = known[place].Event.Trace;
            var cause = causes[place] < 0 || places[causes[place]] >= events.Count ? -1 : places[causes[place]];
            var added = events.Add(one.At - start, one.Kind, one.Where, one.Text, one.Peer, one.Message, cause);
            if (one.Kind == TraceKind.Fault && CutsOf(one.Text) is { } cuts)
            {
                events.Cut(added, cuts);
            }
            else if (one.Kind == TraceKind.Note && HighlightOf(one.Text) is { } highlight)
            {
                events.Tell(cause < 0 ? added : cause, [], highlight);
            }
        }

        return new Picture
        {
            Title = title,
            Source = PictureSource.Cluster,
            Events = events.Events(),
            Remarks = isKept
                ? []
                : ["Causes and effects of some events go round in a circle: the traces are of different runs, or damaged."],
        };
    }

    /// <summary>Without the lines that two files both have; and of each line the place of the one that is kept.</summary>
    private static (List<(int Ring, PictureEvent Event)> Known, int[] PlaceOf) Distinct(
        IReadOnlyList<(int Ring, PictureEvent Event)> lines)
    {
        var known = new List<(int Ring, PictureEvent Event)>();
        var places = new Dictionary<(Address, long, long, TraceKind, string), int>();
        var placeOf = new int[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            var one = lines[i].Event.Trace;
            var key = (one.Where, one.Index, one.At, one.Kind, one.Text);
            if (!places.TryGetValue(key, out placeOf[i]))
            {
                places[key] = placeOf[i] = known.Count;
                known.Add(lines[i]);
            }
        }

        return (known, placeOf);
    }

    private static int[] CausesOf(
        List<(int Ring, PictureEvent Event)> known, IReadOnlyList<(int Ring, PictureEvent Event)> lines, int[] placeOf, CausalOrder order)
    {
        var places = new Dictionary<(int Ring, long Index), int>();
        var last = new Dictionary<(int Ring, Address Where), int>();
        for (var i = 0; i < lines.Count; i++)
        {
            var (ring, one) = (lines[i].Ring, lines[i].Event.Trace);
            var place = places[(ring, one.Index)] = placeOf[i];
            if (last.TryGetValue((ring, one.Where), out var before))
            {
                order.Add(before, place);
            }

            last[(ring, one.Where)] = place;
        }

        var causes = new int[known.Count];
        Array.Fill(causes, -1);
        for (var i = 0; i < lines.Count; i++)
        {
            // A line that two files have may have its cause in one of them alone.
            if (causes[placeOf[i]] < 0 && lines[i].Event.Trace is var one && !IsReceipt(one))
            {
                causes[placeOf[i]] = places.GetValueOrDefault((lines[i].Ring, one.Cause), -1);
            }
        }

        FindSendings(known, causes);
        for (var place = 0; place < causes.Length; place++)
        {
            if (causes[place] >= 0)
            {
                order.Add(causes[place], place);
            }
        }

        return causes;
    }

    private static bool IsReceipt(TraceEvent one) => one is { Kind: TraceKind.Deliver, Peer: not null };

    private static void FindSendings(List<(int Ring, PictureEvent Event)> known, int[] causes)
    {
        var sends = Enumerable.Range(0, known.Count).Where(place => known[place].Event.Trace is { Kind: TraceKind.Send, Peer: not null })
            .GroupBy(place => known[place].Event.Trace is var one ? (one.Where, one.Peer!.Value, one.Message) : default)
            .ToDictionary(same => same.Key, same => same.ToList());
        for (var place = 0; place < known.Count; place++)
        {
            var one = known[place].Event.Trace;
            if (IsReceipt(one))
            {
                causes[place] = SendingOf(known, sends.GetValueOrDefault((one.Peer!.Value, one.Where, one.Message)), one);
            }
        }
    }

    /// <summary>The latest of the sendings with its number and text: a sender that restarts may number anew.</summary>
    private static int SendingOf(List<(int Ring, PictureEvent Event)> lines, List<int>? sends, TraceEvent receipt)
    {
        var same = (sends ?? []).Where(place => lines[place].Event.Trace.Text == receipt.Text).ToList();
        return same.Count == 0 ? -1
            : same.Where(place => lines[place].Event.Trace.At <= receipt.At).DefaultIfEmpty(same[0])
                .MaxBy(place => lines[place].Event.Trace.At);
    }

    /// <summary>A text that no node of this build wrote says nothing of links.</summary>
    private static Set<Link>? CutsOf(string fault)
    {
        try
        {
            return FaultText.CutsOf(fault);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>What roles note at the moments that scenarios mark: a node's trace holds no states to see them by.</summary>
    private static Highlight? HighlightOf(string note) =>
        Leads().IsMatch(note) ? Highlight.Election(note) : Decides().IsMatch(note) ? Highlight.Decision(note)
        : Records().IsMatch(note) ? Highlight.Cut(note)
        : null;

    [GeneratedRegex(@"^leads term \d+$")]
    private static partial Regex Leads();

    [GeneratedRegex(@"^records [^ ]+#\d+$")]
    private static partial Regex Records();

    [GeneratedRegex(@"^(decides |obeys: |has [^ ]+#\d+: )|is chosen$")]
    private static partial Regex Decides();
}
