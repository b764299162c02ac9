using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Console;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ActorLab.Lab;

/// <summary>Reads the requests of the key-value API. What makes no sense is a <see cref="FormatException"/> with a sentence.</summary>
public static class KvRequest
{
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan MostLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LeastLimit = TimeSpan.FromMilliseconds(10);

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The time limit of the query or the header <c>timeout</c>, such as <c>2s</c>.</summary>
    public static TimeSpan Limit(HttpRequest request)
    {
        string? text = request.Query["timeout"];
        text ??= request.Headers["timeout"];
        return text is null ? DefaultLimit : Limit(text);
    }

    public static TimeSpan Limit(string text) =>
        Durations.TryParse(text, out var limit) && limit >= LeastLimit && limit <= MostLimit
            ? limit
            : throw new FormatException($"timeout wants a time from 10ms to 60s, such as 2s or 500ms, not \"{SafeText.Shorten(text, 40)}\".");

    /// <summary>
    /// The key: a segment of the path as it was sent. The server's own decoding leaves <c>%2F</c> as it is, so that
    /// two keys would look like one.
    /// </summary>
    public static string Key(HttpContext context, int segment)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var path = target.AsSpan(0, target.IndexOf('?') is >= 0 and var query ? query : target.Length).ToString();
        return Decode(path.Split('/')[segment]);
    }

    /// <summary>Percent-encoded UTF-8.</summary>
    public static string Decode(string segment)
    {
        var bytes = new List<byte>(segment.Length);
        for (var i = 0; i < segment.Length; i++)
        {
            if (segment[i] != '%')
            {
                bytes.Add((byte)segment[i]); // a target is ASCII
                continue;
            }

            if (i + 2 >= segment.Length
                || !byte.TryParse(segment.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                throw NotUtf8();
            }

            bytes.Add(value);
            i += 2;
        }

        try
        {
            return Utf8.GetString(bytes.ToArray());
        }
        catch (DecoderFallbackException)
        {
            throw NotUtf8();
        }
    }

    public static bool Stale(HttpRequest request) => request.Query["stale"].ToString() switch
    {
        "" when !request.Query.ContainsKey("stale") => false,
        "true" => true,
        "false" => false,
        var text => throw new FormatException($"stale is true or false, not \"{SafeText.Shorten(text, 40)}\"."),
    };

    public static KvCommand Scan(HttpRequest request)
    {
        var text = request.Query["limit"].ToString();
        var limit = 100;
        return text.Length == 0 || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
            ? new KvCommand.Scan(request.Query["from"].ToString(), limit, Stale(request))
            : throw new FormatException($"limit wants a whole number from 1 to {KvLimits.MostScanned}, not \"{SafeText.Shorten(text, 40)}\".");
    }

    /// <summary>The named texts of a JSON body; null for one that is null or not there and may be so.</summary>
    public static async Task<IReadOnlyList<string?>> Texts(HttpRequest request, params (string Name, bool Optional)[] fields)
    {
        var shape = $"{{{string.Join(", ", fields.Select(field => $"\"{field.Name}\": \"...\"{(field.Optional ? " or null" : "")}"))}}}";
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, default, request.HttpContext.RequestAborted).ConfigureAwait(false);
            var known = fields.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
            return body.RootElement.ValueKind == JsonValueKind.Object
                && body.RootElement.EnumerateObject().All(property => known.Contains(property.Name))
                ? [.. fields.Select(field => Text(body.RootElement, field.Name, field.Optional, shape))]
                : throw Misshapen(shape);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Misshapen(shape);
        }
    }

    private static string? Text(JsonElement body, string name, bool optional, string shape) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : optional && value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : throw Misshapen(shape);

    private static FormatException Misshapen(string shape) => new($"The body must be {shape}, and nothing else.");

    private static FormatException NotUtf8() => new("The key in the path is not percent-encoded UTF-8.");
}
