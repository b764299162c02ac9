using System.Text;
using System.Text.Json;

namespace ActorLab.Lab;

/// <summary>A value of EDN or JSON, as far as histories have them.</summary>
internal abstract record Edn
{
    /// <summary>The value as a text: a string without its quotes; null for nil.</summary>
    public abstract string? Text { get; }

    public sealed record Nil : Edn
    {
        public override string? Text => null;
    }

    /// <summary>A string, a number, a keyword without its colon, true or false.</summary>
    public sealed record Atom(string Value, bool IsKeyword = false) : Edn
    {
        public override string Text => Value;
    }

    /// <summary>A vector, a list or a set.</summary>
    public sealed record Vector(IReadOnlyList<Edn> Items) : Edn
    {
        public override string Text => $"[{string.Join(' ', Items.Select(item => item.Text ?? "nil"))}]";
    }

    public sealed record Map(IReadOnlyDictionary<string, Edn> Fields, int Line) : Edn
    {
        public override string Text => $"{{{string.Join(' ', Fields.Select(pair => $"{pair.Key} {pair.Value.Text ?? "nil"}"))}}}";
    }

    /// <summary>Whether both are the same to a model, for which 3, "3" and :3 are one value.</summary>
    public static bool AreSame(Edn one, Edn other) => (one, other) switch
    {
        (Nil, Nil) => true,
        (Atom, Atom) => one.Text == other.Text,
        (Vector { Items: var items }, Vector { Items: var others }) =>
            items.Count == others.Count && items.Zip(others, AreSame).All(same => same),
        (Map { Fields: var fields }, Map { Fields: var others }) => fields.Count == others.Count
            && fields.All(field => others.GetValueOrDefault(field.Key) is { } value && AreSame(field.Value, value)),
        _ => false,
    };

    /// <exception cref="FormatException">An object has a field twice.</exception>
    public static Edn Of(JsonElement element, int line) => element.ValueKind switch
    {
        JsonValueKind.Null => new Nil(),
        JsonValueKind.String => new Atom(element.GetString()!),
        JsonValueKind.Array => new Vector([.. element.EnumerateArray().Select(item => Of(item, line))]),
        JsonValueKind.Object => new Map(FieldsOf(element, line), line),
        _ => new Atom(element.GetRawText()),
    };

    private static Dictionary<string, Edn> FieldsOf(JsonElement element, int line)
    {
        var fields = new Dictionary<string, Edn>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (!fields.TryAdd(property.Name, Of(property.Value, line)))
            {
                throw new FormatException($"Line {line}: an object has {Console.SafeText.Shorten(property.Name, 40)} twice.");
            }
        }

        return fields;
    }
}

/// <summary>Reads EDN; what is wrong is a sentence with the line.</summary>
internal sealed class EdnReader(string text)
{
    private const int MostNested = 64;

    private int _place;
    private int _line = 1;
    private int _depth;

    /// <summary>The next value; null at the end.</summary>
    /// <exception cref="FormatException">What is there is no EDN.</exception>
    public Edn? Next()
    {
        SkipBlank();
        return _place == text.Length ? null : Value();
    }

    private Edn Value()
    {
        SkipBlank();
        if (_place == text.Length)
        {
            throw Wrong("the file ends in the middle of a value");
        }

        if (++_depth > MostNested)
        {
            throw Wrong($"values are nested more than {MostNested} deep");
        }

        var line = _line;
        var value = text[_place] switch
        {
            '{' => MapOf(Items('}'), line),
            '[' => new Edn.Vector(Items(']')),
            '(' => new Edn.Vector(Items(')')),
            '"' => new Edn.Atom(String()),
            '#' => Tagged(),
            ':' => new Edn.Atom(Token()[1..], IsKeyword: true),
            ')' or ']' or '}' => throw Wrong($"'{text[_place]}' closes nothing"),
            _ => Word(Token()),
        };
        _depth--;
        return value;
    }

    private Edn Word(string token) => token == "nil" ? new Edn.Nil()
        : token.All(c => char.IsLetterOrDigit(c) || "+-.*/_!?$%&=<>|#".Contains(c, StringComparison.Ordinal)) ? new Edn.Atom(token)
        : throw Wrong($"\"{Console.SafeText.Shorten(token, 40)}\" is no value");

    private Edn Tagged()
    {
        _place++;
        if (_place < text.Length && text[_place] == '{')
        {
            return new Edn.Vector(Items('}'));
        }

        if (_place < text.Length && text[_place] == '_')
        {
            _place++;
            Value(); // #_ means: not the next one.
            return Value();
        }

        Token(); // A tag, such as #jepsen.history.Op.
        return Value();
    }

    private Edn.Map MapOf(List<Edn> items, int line)
    {
        if (items.Count % 2 != 0)
        {
            throw new FormatException($"Line {line}: a map has a key without a value.");
        }

        var fields = new Dictionary<string, Edn>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i += 2)
        {
            if (!fields.TryAdd(items[i].Text ?? "nil", items[i + 1]))
            {
                throw new FormatException($"Line {line}: a map has {items[i].Text} twice.");
            }
        }

        return new Edn.Map(fields, line);
    }

    private List<Edn> Items(char end)
    {
        var (items, line) = (new List<Edn>(), _line);
        for (_place++; ;)
        {
            SkipBlank();
            if (_place == text.Length)
            {
                throw new FormatException($"Line {line}: what begins here has no '{end}'.");
            }

            if (text[_place] == end)
            {
                _place++;
                return items;
            }

            items.Add(Value());
        }
    }

    private string String()
    {
        var line = _line;
        var content = new StringBuilder();
        for (_place++; _place < text.Length && text[_place] != '"'; _place++)
        {
            var character = text[_place];
            if (character == '\\' && _place + 1 < text.Length)
            {
                character = text[++_place] switch
                {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    '"' => '"',
                    '\\' => '\\',
                    'u' when _place + 4 < text.Length && ushort.TryParse(
                        text.AsSpan(_place + 1, 4), System.Globalization.NumberStyles.HexNumber, null, out var code) => Skip(4, (char)code),
                    var other => throw Wrong($"a string has \\{other}, which means nothing"),
                };
            }

            _line += character == '\n' ? 1 : 0;
            content.Append(character);
        }

        if (_place == text.Length)
        {
            throw new FormatException($"Line {line}: a string has no end.");
        }

        _place++;
        return content.ToString();
    }

    private char Skip(int count, char character)
    {
        _place += count;
        return character;
    }

    private string Token()
    {
        var from = _place++;
        while (_place < text.Length && !char.IsWhiteSpace(text[_place]) && !"{}[]()\",;".Contains(text[_place], StringComparison.Ordinal))
        {
            _place++;
        }

        return text[from.._place];
    }

    private void SkipBlank()
    {
        for (; _place < text.Length && (char.IsWhiteSpace(text[_place]) || text[_place] is ',' or ';'); _place++)
        {
            if (text[_place] == ';')
            {
                while (_place + 1 < text.Length && text[_place + 1] != '\n')
                {
                    _place++;
                }
            }

            _line += text[_place] == '\n' ? 1 : 0;
        }
    }

    private FormatException Wrong(string what) => new($"Line {_line}: {what}.");
}
