using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ActorLab.Console;

/// <summary>The wire form of output events: one JSON object each, named after what it holds.</summary>
public static class OutputJson
{
    /// <summary>Most bytes of one event: a value of 1 MiB in which JSON escapes every byte, with room around it.</summary>
    public const int MaxEventBytes = 8 * 1024 * 1024;

    /// <summary>
    /// Camel case, enums as words, nulls left out; what is not ASCII stays escaped, so a line never holds a control
    /// character.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>For requests, whose size the host bounds: only what JSON itself demands is escaped.</summary>
    public static JsonSerializerOptions RequestOptions { get; } = new(Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static JsonObject Write(Output output) => output switch
    {
        Output.Line line => WriteLine(line),
        Output.Table table => new JsonObject { ["table"] = WriteTable(table) },
        Output.Progress progress => new JsonObject { ["progress"] = progress.Text },
        Output.Data data => new JsonObject { ["data"] = data.Json.DeepClone() },
        Output.Error error => new JsonObject { ["error"] = error.Sentence },
        Output.Exit exit => new JsonObject { ["exit"] = exit.Code },
        _ => throw new ArgumentException($"There is no wire form for {output.GetType().Name}."),
    };

    /// <exception cref="JsonException">The text is not an output event.</exception>
    public static Output Read(ReadOnlySpan<byte> utf8)
    {
        if (JsonNode.Parse(utf8) is not JsonObject json)
        {
            throw new JsonException("An output event is a JSON object.");
        }

        try
        {
            return Read(json);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or NullReferenceException)
        {
            throw new JsonException("An output event has a field of the wrong kind.", e);
        }
    }

    private static Output Read(JsonObject json)
    {
        if (json["line"] is { } line)
        {
            return new Output.Line(line is JsonArray parts ? [.. parts.Select(p => ReadCell(p!))] : [ReadCell(line)]);
        }
        if (json["table"] is JsonObject table)
        {
            return ReadTable(table);
        }

        if (json["progress"] is { } progress)
        {
            return new Output.Progress(progress.GetValue<string>());
        }

        if (json["data"] is JsonObject data)
        {
            return new Output.Data((JsonObject)data.DeepClone());
        }

        if (json["error"] is { } error)
        {
            return new Output.Error(error.GetValue<string>());
        }

        if (json["exit"] is { } exit)
        {
            return new Output.Exit(exit.GetValue<int>());
        }

        throw new JsonException("An output event holds one of line, table, progress, data, error and exit.");
    }

    /// <summary>A text, or an array of pieces when there are several: a value of a megabyte is never sent twice.</summary>
    private static JsonObject WriteLine(Output.Line line) => new()
    {
        ["line"] = line.Parts.Count == 1 ? WriteCell(line.Parts[0]) : new JsonArray([.. line.Parts.Select(WriteCell)]),
    };

    private static JsonObject WriteTable(Output.Table table)
    {
        var json = new JsonObject();
        if (table.Title is not null)
        {
            json["title"] = table.Title;
        }

        json["columns"] = JsonSerializer.SerializeToNode(table.Columns, Options);
        json["rows"] = new JsonArray([.. table.Rows.Select(row => new JsonArray([.. row.Select(WriteCell)]))]);
        return json;
    }

    private static Output.Table ReadTable(JsonObject table)
    {
        var columns = table["columns"].Deserialize<Column[]>(Options) ?? [];
        var rows = table["rows"]!.AsArray()
            .Select(row => (IReadOnlyList<Cell>)[.. row!.AsArray().Select(cell => ReadCell(cell!))])
            .ToList();
        if (rows.Any(row => row.Count != columns.Length))
        {
            throw new JsonException("A row of a table has another number of cells than the table has columns.");
        }

        return new Output.Table(columns, rows, table["title"]?.GetValue<string>());
    }

    private static JsonNode WriteCell(Cell cell)
    {
        if (cell is { Tone: Tone.Plain, Value: null })
        {
            return JsonValue.Create(cell.Text);
        }

        var json = new JsonObject { ["text"] = cell.Text };
        if (cell.Tone != Tone.Plain)
        {
            json["tone"] = JsonSerializer.SerializeToNode(cell.Tone, Options);
        }

        if (cell.Value is not null)
        {
            json["value"] = cell.Value.DeepClone();
        }

        return json;
    }

    private static Cell ReadCell(JsonNode json) => json is JsonObject cell
        ? new Cell(cell["text"]!.GetValue<string>(), cell["tone"].Deserialize<Tone?>(Options) ?? Tone.Plain)
        {
            Value = cell["value"]?.DeepClone() as JsonValue,
        }
        : json.GetValue<string>();
}
