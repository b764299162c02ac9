using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>
/// A drawing as the data of the page: columns of numbers, and each text once. The encoder writes &lt;, &gt; and &amp; as
/// escapes, so that nothing in a text can end the script element or start a tag.
/// </summary>
internal sealed class DiagramData
{
    private const int MaxText = 4_000;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private readonly Drawing _drawing;
    private readonly List<string> _texts = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    private DiagramData(Drawing drawing) => _drawing = drawing;

    /// <summary>The page's data as UTF-8.</summary>
    public static byte[] Of(Drawing drawing)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            new DiagramData(drawing).Write(json);
        }

        return bytes.ToArray();
    }

    private void Write(Utf8JsonWriter json)
    {
        var picture = _drawing.Picture;
        var marks = _drawing.Marks;
        var letters = _drawing.Letters;
        json.WriteStartObject();
        json.WriteString("title", picture.Title);
        json.WriteString("source", JsonNamingPolicy.CamelCase.ConvertName(picture.Source.ToString()));
        json.WriteString("command", picture.Command);
        json.WriteNumber("loopsTo", _drawing.LoopsTo);
        Strings(json, "remarks", picture.Remarks);
        Strings(json, "nodes", _drawing.Nodes.Select(node => node.ToString()));
        Strings(json, "kinds", Enum.GetNames<TraceKind>().Select(JsonNamingPolicy.CamelCase.ConvertName));
        Rows(json, "lanes", _drawing.Lanes, lane =>
        {
            json.WriteNumberValue(_drawing.Nodes.IndexOf(lane.Node));
            json.WriteStringValue(lane.Role);
        });
        json.WriteStartObject("events");
        Numbers(json, "index", marks, mark => mark.Event.Trace.Index);
        Numbers(json, "at", marks, mark => mark.Event.Trace.At);
        Numbers(json, "kind", marks, mark => (int)mark.Event.Trace.Kind);
        Numbers(json, "lane", marks, LaneOf);
        Numbers(json, "peer", marks, mark => mark.Peer);
        Numbers(json, "cause", marks, mark => mark.Cause);
        Numbers(json, "message", marks, mark => mark.Letter);
        Numbers(json, "text", marks, mark => NumberOf(mark.Event.Trace.Text));
        json.WriteEndObject();
        json.WriteStartObject("messages");
        Numbers(json, "from", letters, letter => letter.From);
        Numbers(json, "to", letters, letter => letter.To);
        Numbers(json, "sent", letters, letter => letter.SentAt);
        Numbers(json, "lane", letters, letter => letter.Lane);
        Numbers(json, "text", letters, letter => NumberOf(letter.Text));
        Numbers(json, "type", letters, letter => NumberOf(EventText.TypeOf(letter.Text)));
        Numbers(json, "lost", letters, letter => letter.IsLost ? 1 : 0);
        json.WriteEndObject();
        WriteSparse(json);
        WriteViolation(json, picture.Violation);
        Strings(json, "texts", _texts); // last: now all have their numbers
        json.WriteEndObject();
    }

    private void WriteSparse(Utf8JsonWriter json)
    {
        var marks = _drawing.Marks.Select((mark, place) => (Mark: mark, Place: place)).ToList();
        Rows(json, "notes", marks.Where(one => one.Mark.Notes is not null), one =>
        {
            json.WriteNumberValue(one.Place);
            one.Mark.Notes!.ForEach(note => json.WriteNumberValue(NumberOf(note)));
        });
        Rows(json, "changes", marks.Where(one => !one.Mark.Event.Changes.IsEmpty), one =>
        {
            json.WriteNumberValue(one.Place);
            foreach (var change in one.Mark.Event.Changes)
            {
                json.WriteNumberValue(NumberOf(change.Path));
                json.WriteNumberValue(change.After == Difference.Absent ? -1 : NumberOf(change.After));
            }
        });
        Rows(json, "highlights", marks.Where(one => one.Mark.Event.Highlight is not null), one =>
        {
            json.WriteNumberValue(one.Place);
            json.WriteNumberValue((int)one.Mark.Event.Highlight!.Kind);
            json.WriteNumberValue(NumberOf(one.Mark.Event.Highlight.Text));
        });
        Rows(json, "spells", _drawing.Spells, spell =>
        {
            json.WriteNumberValue(spell.From);
            json.WriteNumberValue(spell.To);
            json.WriteNumberValue(spell.IsPause ? 1 : 0);
            Array.ForEach(spell.Lanes, json.WriteNumberValue);
        });
        Rows(json, "cuts", _drawing.Cuts, cut =>
        {
            json.WriteNumberValue(cut.From);
            json.WriteNumberValue(cut.To);
            json.WriteNumberValue(NumberOf(cut.Text(_drawing.Nodes)));
            json.WriteNumberValue(cut.Flaps ? 1 : 0);
            Array.ForEach(cut.ShadesOf(_drawing.Nodes), json.WriteNumberValue);
        });
    }

    private void WriteViolation(Utf8JsonWriter json, PictureViolation? violation)
    {
        if (violation is null)
        {
            json.WriteNull("violation");
            return;
        }

        json.WriteStartObject("violation");
        json.WriteString("property", violation.Property);
        json.WriteString("claim", violation.Claim);
        json.WriteString("reason", violation.Reason);
        json.WriteNumber("event", _drawing.ViolationAt);
        Rows(json, "facts", violation.Facts, fact =>
        {
            json.WriteStringValue(fact.Of);
            json.WriteStringValue(fact.Path);
            json.WriteStringValue(Short(fact.Value));
            json.WriteBooleanValue(fact.Matters);
        });
        json.WriteEndObject();
    }

    /// <summary>A lane, or -2 less the number of a node that the event happens to as a whole, or -1.</summary>
    private long LaneOf(Mark mark) => mark.Lane >= 0 ? mark.Lane
        : _drawing.Nodes.IndexOf(mark.Event.Trace.Where.Node) is var node and >= 0 && mark.Event.Trace.Kind != TraceKind.Fault
            && mark.Event.Trace.Kind != TraceKind.Step ? -2 - node
        : -1;

    private int NumberOf(string text)
    {
        text = Short(text);
        if (!_numbers.TryGetValue(text, out var number))
        {
            _numbers[text] = number = _texts.Count;
            _texts.Add(text);
        }

        return number;
    }

    private static string Short(string text) => Console.SafeText.Shorten(text, MaxText);

    private static void Numbers<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Func<T, long> number)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteNumberValue(number(item));
        }

        json.WriteEndArray();
    }

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void Rows<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> row)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartArray();
            row(item);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}
