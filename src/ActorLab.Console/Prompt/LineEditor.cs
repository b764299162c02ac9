using Spectre.Console.Rendering;

namespace ActorLab.Console;

/// <summary>How reading a line ended.</summary>
public enum LineEnd
{
    Entered,

    /// <summary>Ctrl-C: the line is thrown away.</summary>
    Interrupted,

    /// <summary>Ctrl-D on an empty line.</summary>
    EndOfInput,
}

/// <summary>
/// Reads a line with the keys of a shell: arrows, Home, End, Ctrl-A/E/B/F/K/U/W/L, history with up and down, completion
/// with Tab. A line longer than the terminal scrolls sideways. (RadLine would be the library for this; its last release
/// calls constructors that Spectre.Console no longer has.)
/// </summary>
/// <param name="terminal">Keys and screen.</param>
/// <param name="history">What up and down walk through.</param>
/// <param name="complete">What can stand at the end of the given text.</param>
public sealed class LineEditor(ITerminal terminal, PromptHistory history, Func<string, Task<Completion>> complete)
{
    private const int MaxTypedAhead = 4096;

    private readonly Queue<ConsoleKeyInfo> _typedAhead = new();
    private readonly LineBuffer _line = new();
    private int _historyAt;
    private string _draft = "";

    /// <summary>Keeps a key that came while a command ran, for the next line.</summary>
    public void TypeAhead(ConsoleKeyInfo key)
    {
        if (_typedAhead.Count < MaxTypedAhead)
        {
            _typedAhead.Enqueue(key);
        }
    }

    /// <summary>Reads one line; the text is what stood there when it ended, however it ended.</summary>
    /// <param name="prompt">What stands before it, without control characters.</param>
    /// <param name="stopped">Gives up.</param>
    public async Task<(LineEnd End, string Text)> Read(string prompt, CancellationToken stopped)
    {
        _line.Set("");
        _draft = "";
        _historyAt = history.Lines.Count;
        while (true)
        {
            Draw(prompt);
            var key = _typedAhead.TryDequeue(out var typed) ? typed : await terminal.ReadKey(stopped).ConfigureAwait(false);
            if (EndOf(key) is { } end)
            {
                _line.MoveToEnd();
                Draw(prompt);
                terminal.Write(end == LineEnd.Interrupted ? "^C\r\n" : "\r\n");
                return (end, _line.Text);
            }
            if (key.Key == ConsoleKey.Tab || key.KeyChar == '\t')
            {
                await CompleteWord().ConfigureAwait(false);
            }
            else if (!Edit(key) && !char.IsControl(key.KeyChar) && key.KeyChar != '\0' && _line.Text.Length < CommandLine.MaxLength)
            {
                _line.Insert(key.KeyChar.ToString());
            }
        }
    }

    private LineEnd? EndOf(ConsoleKeyInfo key) => key switch
    {
        { KeyChar: '\x03' } or { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control } => LineEnd.Interrupted,
        { Key: ConsoleKey.Enter } or { KeyChar: '\r' or '\n' } => LineEnd.Entered,
        { KeyChar: '\x04' } or { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } when _line.Text.Length == 0 => LineEnd.EndOfInput,
        _ => null,
    };

    /// <summary>Does what an editing key asks for; false when the key is none.</summary>
    private bool Edit(ConsoleKeyInfo key)
    {
        Action? action = (key.Modifiers, key.Key) switch
        {
            (ConsoleModifiers.Control, _) => ControlKey(key.Key),
            (ConsoleModifiers.Alt, ConsoleKey.B or ConsoleKey.LeftArrow) => _line.MoveWordLeft,
            (ConsoleModifiers.Alt, ConsoleKey.F or ConsoleKey.RightArrow) => _line.MoveWordRight,
            (ConsoleModifiers.Alt, ConsoleKey.Backspace) => _line.DeleteWord,
            (_, ConsoleKey.LeftArrow) => _line.MoveLeft,
            (_, ConsoleKey.RightArrow) => _line.MoveRight,
            (_, ConsoleKey.Home) => _line.MoveToStart,
            (_, ConsoleKey.End) => _line.MoveToEnd,
            (_, ConsoleKey.Backspace) => _line.Backspace,
            (_, ConsoleKey.Delete) => _line.Delete,
            (_, ConsoleKey.UpArrow) => () => WalkHistory(-1),
            (_, ConsoleKey.DownArrow) => () => WalkHistory(+1),
            (_, ConsoleKey.Escape) => Ignore,
            _ => null,
        };
        action?.Invoke();
        return action is not null;
    }

    private static void Ignore()
    {
        // A lone Escape would otherwise be inserted as a character.
    }

    private Action? ControlKey(ConsoleKey key) => key switch
    {
        ConsoleKey.A => _line.MoveToStart,
        ConsoleKey.E => _line.MoveToEnd,
        ConsoleKey.B => _line.MoveLeft,
        ConsoleKey.F => _line.MoveRight,
        ConsoleKey.LeftArrow => _line.MoveWordLeft,
        ConsoleKey.RightArrow => _line.MoveWordRight,
        ConsoleKey.D => _line.Delete,
        ConsoleKey.H => _line.Backspace,
        ConsoleKey.W or ConsoleKey.Backspace => _line.DeleteWord,
        ConsoleKey.U => _line.DeleteToStart,
        ConsoleKey.K => _line.DeleteToEnd,
        ConsoleKey.P => () => WalkHistory(-1),
        ConsoleKey.N => () => WalkHistory(+1),
        ConsoleKey.L => () => terminal.Write(ClearScreen),
        _ => null,
    };

    /// <summary>The sequence that clears a terminal and moves to its first line.</summary>
    public const string ClearScreen = "\u001b[H\u001b[2J\u001b[3J";

    private void WalkHistory(int step)
    {
        var to = _historyAt + step;
        if (to < 0 || to > history.Lines.Count)
        {
            return;
        }
        _draft = _historyAt == history.Lines.Count ? _line.Text : _draft;
        _historyAt = to;
        _line.Set(to == history.Lines.Count ? _draft : history.Lines[to]);
    }

    /// <summary>One candidate is put in; of several what they share, and when that adds nothing they are listed.</summary>
    private async Task CompleteWord()
    {
        var completion = await complete(_line.Text[.._line.Cursor]).ConfigureAwait(false);
        if (completion.Candidates.Count == 0)
        {
            return;
        }
        var shared = completion.Candidates.Aggregate(SharedStart);
        if (shared.Length > _line.Cursor - completion.Start)
        {
            _line.Replace(completion.Start, _line.Cursor, shared);
        }
        else if (completion.Candidates.Count > 1)
        {
            terminal.Write("\r\n" + Columns(completion.Candidates) + "\r\n");
        }
    }

    private static string SharedStart(string a, string b) => a[..a.AsSpan().CommonPrefixLength(b)];

    private string Columns(IReadOnlyList<string> candidates)
    {
        var texts = candidates.Select(c => SafeText.Escape(c.TrimEnd())).ToList();
        var width = texts.Max(Width) + 2;
        var perLine = Math.Max(1, (terminal.Width - 1) / width);
        return string.Join("\r\n", texts.Chunk(perLine).Select(row =>
            string.Concat(row.Select(t => t + new string(' ', width - Width(t)))).TrimEnd()));
    }

    /// <summary>Draws prompt and line anew; shows the part of the line around the cursor that fits.</summary>
    private void Draw(string prompt)
    {
        var room = Math.Max(10, terminal.Width - Width(prompt) - 1);
        // Only what can be seen is looked at: a pasted value may have a megabyte.
        var before = SafeText.Escape(_line.Text[Math.Max(0, _line.Cursor - terminal.Width).._line.Cursor]);
        var after = SafeText.Escape(_line.Text[_line.Cursor..Math.Min(_line.Text.Length, _line.Cursor + terminal.Width)]);
        var shownBefore = Width(before) < room ? before : TakeLast(before, (room * 3 / 4) - 1);
        var shownAfter = TakeFirst(after, room - Width(shownBefore));
        var column = Width(prompt) + Width(shownBefore);
        terminal.Write($"\r\u001b[36m{prompt}\u001b[0m{shownBefore}{shownAfter}\u001b[K\r\u001b[{column}C");
    }

    private static string TakeFirst(string text, int width)
    {
        var end = Math.Min(text.Length, width);
        while (end > 0 && Width(text[..end]) > width)
        {
            end--;
        }
        return text[..end];
    }

    private static string TakeLast(string text, int width)
    {
        var start = Math.Max(0, text.Length - width);
        while (start < text.Length && Width(text[start..]) > width)
        {
            start++;
        }
        return text[start..];
    }

    private static int Width(string text) => new Segment(text).CellCount();
}
