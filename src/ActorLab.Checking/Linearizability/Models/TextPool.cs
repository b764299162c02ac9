namespace ActorLab.Checking;

/// <summary>
/// Texts by number: equal texts have the same. A text that was appended to another is kept as the two of them, so that
/// appending takes no longer for long texts than for short ones.
/// </summary>
internal sealed class TextPool
{
    /// <summary>The value that nobody wrote.</summary>
    public const int Null = 0;

    private const ulong Base = 0x9E3779B97F4A7C15;

    private readonly List<Text> _texts = [new Text(-1, "", 0, 0)];
    private readonly Dictionary<ulong, int> _byHash = [];
    private readonly Dictionary<(int Text, int Tail), int> _appended = [];

    public int Of(string? text)
    {
        if (text is null)
        {
            return Null;
        }

        return Find(new Text(-1, text, text.Length, HashOf(text)));
    }

    /// <summary>The text with another at its end; nothing counts as the empty text.</summary>
    public int Append(int text, int tail)
    {
        if (!_appended.TryGetValue((text, tail), out var number))
        {
            var (before, after) = (_texts[text], _texts[tail]);
            number = before.Length == 0 ? tail : Find(new Text(
                text, ToString(tail), before.Length + after.Length, (before.Hash * Power(after.Length)) + after.Hash));
            _appended[(text, tail)] = number;
        }

        return number;
    }

    /// <summary>Whether a text begins with another.</summary>
    public bool StartsWith(int text, int head)
    {
        if (text == head)
        {
            return true;
        }

        var length = _texts[head].Length;
        return length <= _texts[text].Length && Same(text, _texts[text].Length - length, head);
    }

    /// <summary>Whether a text has another one right behind a part as long as a third.</summary>
    public bool HasAt(int text, int before, int tail)
    {
        var rest = _texts[text].Length - _texts[before].Length - _texts[tail].Length;
        return rest >= 0 && (_texts[text].Head < 0
            ? _texts[text].Tail.AsSpan(_texts[before].Length).StartsWith(ToString(tail))
            : ToString(text).AsSpan(_texts[before].Length).StartsWith(ToString(tail)));
    }

    public string ToString(int text)
    {
        if (_texts[text].Head < 0)
        {
            return _texts[text].Tail;
        }

        var characters = new char[_texts[text].Length];
        for (var end = characters.Length; text >= 0 && end > 0; text = _texts[text].Head)
        {
            _texts[text].Tail.CopyTo(0, characters, end - _texts[text].Tail.Length, _texts[text].Tail.Length);
            end -= _texts[text].Tail.Length;
        }

        return new string(characters);
    }

    private int Find(Text text)
    {
        _texts.Add(text);
        var number = _texts.Count - 1;
        var found = _byHash.TryGetValue(text.Hash, out var first);
        for (var other = found ? first : -1; other >= 0; other = _texts[other].NextOfHash)
        {
            if (_texts[other].Length == text.Length && Same(other, 0, number))
            {
                _texts.RemoveAt(number);
                return other;
            }
        }

        _texts[number] = text with { NextOfHash = found ? first : -1 };
        _byHash[text.Hash] = number;
        return number;
    }

    /// <summary>
    /// Whether a text without its last characters is another: compared from the end, where different ones differ.
    /// </summary>
    private bool Same(int one, int without, int other)
    {
        var skipped = 0;
        for (var left = _texts[other].Length; left > 0;)
        {
            for (; _texts[one].Tail.Length <= without; one = _texts[one].Head)
            {
                without -= _texts[one].Tail.Length;
            }

            for (; _texts[other].Tail.Length <= skipped; other = _texts[other].Head)
            {
                skipped -= _texts[other].Tail.Length;
            }

            if (one == other && without == skipped)
            {
                return true;
            }

            var mine = _texts[one].Tail.AsSpan()[..^without];
            var its = _texts[other].Tail.AsSpan()[..^skipped];
            var common = Math.Min(mine.Length, its.Length);
            if (!mine[^common..].SequenceEqual(its[^common..]))
            {
                return false;
            }

            without += common;
            skipped += common;
            left -= common;
        }

        return true;
    }

    private static ulong HashOf(string text)
    {
        var hash = 0UL;
        foreach (var character in text)
        {
            hash = (hash * Base) + character + 1;
        }

        return hash;
    }

    private static ulong Power(int exponent)
    {
        var (result, factor) = (1UL, Base);
        for (; exponent > 0; exponent >>= 1, factor *= factor)
        {
            result *= (exponent & 1) != 0 ? factor : 1;
        }

        return result;
    }

    /// <param name="Head">The text that <paramref name="Tail"/> was appended to; -1 for none.</param>
    /// <param name="Tail">Its last characters, or all.</param>
    /// <param name="Length">Of the whole.</param>
    /// <param name="Hash">Of the whole: a polynomial, so that it follows from the hashes of the two parts.</param>
    private readonly record struct Text(int Head, string Tail, int Length, ulong Hash)
    {
        public int NextOfHash { get; init; } = -1;
    }
}
