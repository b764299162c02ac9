using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ActorLab.Core;

/// <summary>What keeps a text from being read as JSON of some type, in words for whoever wrote the text.</summary>
public static class JsonShape
{
    private static readonly (string Type, string Word)[] Words =
    [
        ("TimeSpan", "no time: write it as 00:00:01.5"), ("Double", "no number"), ("Int", "no whole number"), ("Boolean", "neither true nor false"),
        ("NodeId", "no name of a node"), (".Link", "no link: write it as n1>n2"), ("Address", "no role: write it as n1/server"),
    ];

    /// <summary>Of plain types what is wanted, and whether a value of JSON is it.</summary>
    private static readonly (Type Type, string Wanted, Func<JsonElement, bool> Is)[] Plain =
    [
        (typeof(TimeSpan), "a time, written as 00:00:01.5", one =>
            IsText(one) && TimeSpan.TryParseExact(one.GetString(), "c", CultureInfo.InvariantCulture, out _)),
        (typeof(double), "a number", one => one.ValueKind == JsonValueKind.Number),
        (typeof(int), "a whole number", one => one.ValueKind == JsonValueKind.Number && one.TryGetInt32(out _)),
        (typeof(long), "a whole number", one => one.ValueKind == JsonValueKind.Number && one.TryGetInt64(out _)),
        (typeof(bool), "true or false", one => one.ValueKind is JsonValueKind.True or JsonValueKind.False),
        (typeof(string), "a text", IsText),
        (typeof(NodeId), "the name of a node", IsText),
        (typeof(Link), "a link, written as n1>n2", IsText),
        (typeof(Address), "a role, written as n1/server", IsText),
    ];

    /// <summary>What the reader says of a text that is cut short.</summary>
    private static readonly string[] Unfinished = ["isFinalBlock", "end of data", "open JSON", "end of string"];

    /// <summary>What is no JSON in a text, or has a field or a verb that its type does not know; null where all is known.</summary>
    public static string? Mistake(string json, Type type, JsonSerializerOptions options)
    {
        if (SyntaxMistake(json) is { } mistake)
        {
            return mistake;
        }

        options.MakeReadOnly(populateMissingResolver: true);
        using var document = JsonDocument.Parse(json);
        return Unknown(document.RootElement, type, options, "");
    }

    /// <summary>Why a text is no JSON, with line and column; null where it is.</summary>
    public static string? SyntaxMistake(string json)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return "there is nothing in it.";
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return null;
        }
        catch (JsonException error)
        {
            var line = ((error.LineNumber ?? 0) + 1).ToString(CultureInfo.InvariantCulture);
            var sentence = error.Message.Split(" LineNumber:")[0].Split(". ")[0].TrimEnd('.');
            return Unfinished.Any(words => error.Message.Contains(words, StringComparison.Ordinal))
                ? $"it ends in line {line} in the middle of something."
                : $"line {line}, column {ColumnOf(error, json)} is no JSON: {sentence}.";
        }
    }

    /// <summary>In characters from 1, as editors count: the reader counts bytes from 0.</summary>
    private static string ColumnOf(JsonException error, string json)
    {
        var line = Encoding.UTF8.GetBytes(json.Split('\n')[(int)(error.LineNumber ?? 0)]);
        var before = (int)Math.Min(error.BytePositionInLine ?? 0, line.Length);
        return (Encoding.UTF8.GetCharCount(line, 0, before) + 1).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>What an error of the reader says, with the field where that is known.</summary>
    public static string Sentence(Exception error)
    {
        var sentence = error.Message.Split('\n')[0].Split(" Path:")[0].Split(" LineNumber:")[0];
        var path = (error as JsonException)?.Path ?? "";
        if (error is NotSupportedException)
        {
            return "something in it is of no known kind.";
        }

        return sentence.StartsWith("The JSON value could not be converted", StringComparison.Ordinal)
            ? $"{(path is "" or "$" ? "it" : path)} is {WordOf(sentence)}."
            : path.Contains('.') ? $"{sentence} ({path})" : sentence;
    }

    private static string WordOf(string sentence) =>
        Words.FirstOrDefault(known => sentence.Contains(known.Type, StringComparison.Ordinal)).Word ?? "of another kind than is wanted there";

    private static bool IsText(JsonElement one) => one.ValueKind == JsonValueKind.String;

    /// <summary>A value of another kind than its field has: where, what is wanted, and what is there. Null where it is of that kind.</summary>
    private static string? WrongKind(JsonElement element, Type type, JsonSerializerOptions options, string where)
    {
        if (element.ValueKind == JsonValueKind.Null)
        {
            return null; // left out, or for the reader to refuse
        }

        (string, Func<JsonElement, bool>) kind = Array.Find(Plain, one => one.Type == type) is { Wanted: not null } plain ? (plain.Wanted, plain.Is)
            : ItemOf(type) == typeof(byte) ? ("bytes as base64", IsText)
            : ItemOf(type) is not null ? ("a list", one => one.ValueKind == JsonValueKind.Array)
            : options.GetTypeInfo(type).Kind is JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary
                ? ("an object", one => one.ValueKind == JsonValueKind.Object)
            : ("", _ => true); // what has a converter of its own says itself what it wants
        var (wanted, isOne) = kind;
        return isOne(element) ? null : $"{Place(where)} wants {wanted}, and {Found(element)} is there.";
    }

    private static Type? ItemOf(Type type) => type.IsArray ? type.GetElementType()!
        : type.IsGenericType && type.GetGenericArguments() is [var item] && type.IsAssignableTo(typeof(System.Collections.IEnumerable)) ? item
        : null;

    private static string Found(JsonElement element)
    {
        var text = element.GetRawText();
        return element.ValueKind switch
        {
            JsonValueKind.Array => "a list",
            JsonValueKind.Object => "an object",
            _ => text.Length <= 60 ? text : $"{text[..60]}...",
        };
    }

    private static string? Unknown(JsonElement element, Type type, JsonSerializerOptions options, string where)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (WrongKind(element, type, options, where) is { } wrong)
        {
            return wrong;
        }

        if (element.ValueKind == JsonValueKind.Array)
        {
            return ItemOf(type) is not { } item ? null : element.EnumerateArray()
                .Select((one, i) => Unknown(one, item, options, string.Create(CultureInfo.InvariantCulture, $"{where}[{i}]")))
                .FirstOrDefault(mistake => mistake is not null);
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (Twice(element) is { } twice)
        {
            return $"{Place(where)} has \"{twice}\" twice.";
        }

        var shape = options.GetTypeInfo(type);
        string? verb = null;
        if (shape.PolymorphismOptions is { } kinds)
        {
            verb = kinds.TypeDiscriminatorPropertyName;
            var isThere = element.TryGetProperty(verb, out var said);
            var kind = kinds.DerivedTypes.FirstOrDefault(kind => isThere && kind.TypeDiscriminator!.ToString() == said.ToString()).DerivedType;
            if (kind is null)
            {
                return $"{Place(where)} has {(isThere ? $"the unknown \"{verb}\" {said}" : $"no \"{verb}\"")}; "
                    + $"known: {string.Join(", ", kinds.DerivedTypes.Select(known => known.TypeDiscriminator))}.";
            }

            shape = options.GetTypeInfo(kind);
        }

        return shape.Kind switch
        {
            JsonTypeInfoKind.Object => UnknownField(element, shape, options, where, verb),
            JsonTypeInfoKind.Dictionary when type.GetGenericArguments() is [_, var value] => element.EnumerateObject()
                .Select(one => Unknown(one.Value, value, options, where.Length == 0 ? one.Name : $"{where}.{one.Name}"))
                .FirstOrDefault(mistake => mistake is not null),
            _ => null,
        };
    }

    /// <summary>A field that is there twice, in upper or lower case: of two values one would be lost.</summary>
    private static string? Twice(JsonElement element)
    {
        var seen = Set<string>.Empty;
        foreach (var name in element.EnumerateObject().Select(field => field.Name))
        {
            var plain = name.ToLowerInvariant();
            if (seen.Contains(plain))
            {
                return name;
            }

            seen = seen.Add(plain);
        }

        return null;
    }

    private static string? UnknownField(JsonElement element, JsonTypeInfo shape, JsonSerializerOptions options, string where, string? verb)
    {
        var given = new List<JsonPropertyInfo>();
        foreach (var field in element.EnumerateObject().Where(field => field.Name != verb))
        {
            var known = shape.Properties.FirstOrDefault(property => string.Equals(property.Name, field.Name, StringComparison.OrdinalIgnoreCase));
            if (known is null)
            {
                var names = shape.Properties.Select(property => property.Name).ToList();
                var list = names.Count == 0 ? "it has none" : $"known: {string.Join(", ", names)}";
                return $"{Place(where)} has the unknown field \"{field.Name}\"; {list}.";
            }

            given.Add(known);
            if (Unknown(field.Value, known.PropertyType, options, where.Length == 0 ? known.Name : $"{where}.{known.Name}") is { } mistake)
            {
                return mistake;
            }
        }

        // A node has no default, and other fields have.
        return typeof(FaultAction).IsAssignableFrom(shape.Type)
            && shape.Properties.FirstOrDefault(property => property.PropertyType == typeof(NodeId) && !given.Contains(property)) is { } missing
            ? $"{Place(where)} has no \"{missing.Name}\"."
            : null;
    }

    private static string Place(string where) => where.Length == 0 ? "it" : where;
}
