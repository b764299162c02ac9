using System.Globalization;
using System.Text;

namespace ActorLab.Console;

/// <summary>
/// Keys, values and log lines come from anywhere. Before they reach a terminal, whatever could move its cursor, colour
/// it, hide text or reverse its order is shown as an escape instead of done.
/// </summary>
public static class SafeText
{
    /// <summary>
    /// The same text with every control, format and unpaired character written as <c>\n</c>, <c>\x1b</c> or
    /// <c>\u202e</c>.
    /// </summary>
    public static string Escape(string text)
    {
        if (IsSafe(text))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i) && !IsUnsafe(CharUnicodeInfo.GetUnicodeCategory(text, i)))
            {
                escaped.Append(text[i]).Append(text[++i]);
            }
            else if (IsUnsafe(char.GetUnicodeCategory(text[i])))
            {
                escaped.Append(EscapeOne(text[i]));
            }
            else
            {
                escaped.Append(text[i]);
            }
        }
        return escaped.ToString();
    }

    /// <summary>At most so many characters, with "..." where something was cut.</summary>
    public static string Shorten(string text, int most) =>
        text.Length <= most ? text : string.Concat(text.AsSpan(0, CutAt(text, most - 3)), "...");

    private static int CutAt(string text, int length) =>
        length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;

    private static bool IsSafe(string text)
    {
        foreach (var c in text)
        {
            if (c is < ' ' or > '~')
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsUnsafe(UnicodeCategory category) =>
        category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string EscapeOne(char c) => c switch
    {
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        < (char)0x100 => $@"\x{(int)c:x2}",
        _ => $@"\u{(int)c:x4}",
    };
}
