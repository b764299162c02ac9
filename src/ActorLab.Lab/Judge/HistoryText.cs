using System.Text.Json;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary>One line of a recorded history: a client asks, or hears.</summary>
/// <param name="Line">In its file, from 1.</param>
/// <param name="Process">Who.</param>
/// <param name="Type">invoke, ok, fail or info.</param>
/// <param name="F">What it asks for.</param>
/// <param name="Fields">Everything else, by name.</param>
internal sealed record HistoryLine(int Line, string Process, string Type, string F, IReadOnlyDictionary<string, Edn> Fields)
{
    public Edn? this[string field] => Fields.GetValueOrDefault(field);
}

/// <summary>The formats in which histories come.</summary>
internal static class HistoryText
{
    public static readonly string[] Formats = ["auto", "jepsen", "edn", "json"];

    private static readonly string[] Types = ["invoke", "ok", "fail", "info"];

    /// <exception cref="FormatException">A sentence with the line.</exception>
    public static List<HistoryLine> Read(string text, string format) => (format == "auto" ? FormatOf(text) : format) switch
    {
        "jepsen" => Jepsen(text),
        "edn" => EdnMaps(text),
        _ => JsonLines(text),
    };

    public static string FormatOf(string text)
    {
        var start = text.AsSpan().TrimStart();
        return start.StartsWith("{\"") || (start.StartsWith("{") && start[1..].TrimStart().StartsWith("\"")) ? "json"
            : start.StartsWith("{") || start.StartsWith("[") || start.StartsWith("#") || start.StartsWith(";") || start.StartsWith("(") ? "edn"
            : "jepsen";
    }

    /// <summary>Lines of <c>jepsen.util - PROCESS, type, f and value</c> with tabs between; all other lines say other things.</summary>
    private static List<HistoryLine> Jepsen(string text)
    {
        const string Mark = "jepsen.util - ";
        var (events, number) = (new List<HistoryLine>(), 0);
        foreach (var range in text.AsSpan().Split('\n'))
        {
            number++;
            var line = text.AsSpan()[range].TrimEnd('\r');
            var mark = line.IndexOf(Mark, StringComparison.Ordinal);
            if (mark < 0 || mark + Mark.Length == line.Length || !char.IsAsciiDigit(line[mark + Mark.Length]))
            {
                continue;
            }

            var parts = line[(mark + Mark.Length)..].ToString().Split('\t');
            if (parts.Length < 4 || !parts[1].StartsWith(':') || !parts[2].StartsWith(':'))
            {
                throw new FormatException($"Line {number}: a process, :type, :f and a value with tabs between are wanted, not \"{SafeText.Shorten(line.ToString(), 80)}\".");
            }

            if (new EdnReader(parts[3]) is var reader && (Value(reader, number), Rest(reader, number)) is not ({ } value, null))
            {
                throw new FormatException($"Line {number}: \"{SafeText.Shorten(parts[3], 40)}\" is no value.");
            }

            events.Add(Checked(new HistoryLine(
                number, parts[0].Trim(), parts[1][1..], parts[2][1..], new Dictionary<string, Edn> { ["value"] = value })));
        }

        return events;
    }

    private static Edn? Value(EdnReader reader, int line)
    {
        try
        {
            return reader.Next();
        }
        catch (FormatException error)
        {
            throw new FormatException($"Line {line}:{error.Message[error.Message.IndexOf(':', StringComparison.Ordinal)..][1..]}");
        }
    }

    private static Edn? Rest(EdnReader reader, int line) => Value(reader, line);

    /// <summary>Maps one after the other, or one vector of maps.</summary>
    private static List<HistoryLine> EdnMaps(string text)
    {
        var (events, reader) = (new List<HistoryLine>(), new EdnReader(text));
        while (reader.Next() is { } value)
        {
            foreach (var map in value is Edn.Vector vector ? vector.Items : [value])
            {
                events.Add(map is Edn.Map fields
                    ? OfMap(fields)
                    : throw new FormatException($"A history in EDN is maps, but after {events.Count} of them comes {SafeText.Shorten(map.Text ?? "nil", 60)}."));
            }
        }

        return events;
    }

    private static List<HistoryLine> JsonLines(string text)
    {
        var (events, number) = (new List<HistoryLine>(), 0);
        foreach (var range in text.AsSpan().Split('\n'))
        {
            number++;
            var line = text.AsSpan()[range].Trim();
            if (line.IsEmpty)
            {
                continue;
            }

            try
            {
                using var document = JsonDocument.Parse(line.ToString());
                events.Add(Edn.Of(document.RootElement, number) is Edn.Map map
                    ? OfMap(map)
                    : throw new FormatException($"Line {number}: a JSON object is wanted."));
            }
            catch (JsonException error)
            {
                throw new FormatException($"Line {number}: this is no JSON: {error.Message.Split('.')[0]}.");
            }
        }

        return events;
    }

    private static HistoryLine OfMap(Edn.Map map)
    {
        string Field(string name) => map.Fields.GetValueOrDefault(name)?.Text
            ?? throw new FormatException($"Line {map.Line}: the event has no {name}.");
        return Checked(new HistoryLine(map.Line, Field("process"), Field("type"), Field("f"), map.Fields));
    }

    private static HistoryLine Checked(HistoryLine read) => Types.Contains(read.Type)
        ? read
        : throw new FormatException($"Line {read.Line}: the type of an event is {string.Join(", ", Types)}, not \"{SafeText.Shorten(read.Type, 40)}\".");
}
