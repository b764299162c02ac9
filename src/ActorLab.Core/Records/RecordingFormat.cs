using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorLab.Core;

/// <summary>
/// How a recording is written: a line of JSON for each <see cref="RecordedLine"/>, whose last field is a checksum of all
/// bytes before it. A line without its end is the torn last one of a process that was killed: it counts as never written.
/// </summary>
public static class RecordingFormat
{
    public const int Version = 2;

    private const string FileEnd = ".recording.jsonl";

    /// <summary>The pattern of the names of such files.</summary>
    public const string Files = $"*{FileEnd}";

    /// <summary>The name of the file in a node's data folder, such as <c>raft.recording.jsonl</c>.</summary>
    public static string FileOf(string scenario) => $"{scenario.Replace(':', '.')}{FileEnd}";

    private const int SumLength = 16;
    private static readonly byte[] SumField = Encoding.ASCII.GetBytes(",\"sum\":\"");
    private static readonly int TailLength = SumField.Length + SumLength + 2;

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The line with its checksum and its end.</summary>
    public static byte[] Write(RecordedLine line)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(line, Form);

        // The checksum comes before the brace that ends the object, so that the line stays JSON.
        var content = json.AsSpan(0, json.Length - 1);
        var written = new byte[content.Length + TailLength + 1];
        content.CopyTo(written);
        var tail = written.AsSpan(content.Length);
        SumField.CopyTo(tail);
        Encoding.ASCII.GetBytes(Sum(content), tail[SumField.Length..]);
        "\"}\n"u8.CopyTo(tail[(SumField.Length + SumLength)..]);
        return written;
    }

    /// <summary>Reads a line without its end.</summary>
    /// <exception cref="FormatException">It is damaged, or no line of a recording; half a sentence says how.</exception>
    public static RecordedLine Read(ReadOnlySpan<byte> line)
    {
        if (line.Length <= TailLength || !line[^TailLength..].StartsWith(SumField) || !line.EndsWith("\"}"u8))
        {
            throw new FormatException("it is no line of a recording");
        }

        var content = line[..^TailLength];
        if (Sum(content) != Encoding.ASCII.GetString(line.Slice(line.Length - SumLength - 2, SumLength)))
        {
            throw new FormatException("its checksum is wrong");
        }

        try
        {
            return JsonSerializer.Deserialize<RecordedLine>([.. content, (byte)'}'], Form) ?? throw new JsonException("it holds nothing");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new FormatException($"it cannot be read ({e.Message.Split('\n')[0]})", e);
        }
    }

    public static string TextOf(UInt128 fingerprint) => fingerprint.ToString("x32", CultureInfo.InvariantCulture);

    private static string Sum(ReadOnlySpan<byte> bytes) =>
        XxHash3.HashToUInt64(bytes).ToString("x16", CultureInfo.InvariantCulture);
}
