using System.Globalization;
using System.Text.Json.Nodes;

namespace ActorLab.Console;

/// <summary>What a text means, from which a renderer picks its colour.</summary>
public enum Tone
{
    Plain,
    Good,
    Bad,
    Warn,
    Dim,
    Strong,
}

/// <summary>A piece of output: its text, what it means, and for machines its value where that is more than text.</summary>
/// <param name="Text">Any text; renderers escape what a terminal would act on.</param>
/// <param name="Tone">What the text means.</param>
public sealed record Cell(string Text, Tone Tone = Tone.Plain)
{
    /// <summary>A number or truth value in <c>--json</c> output; null where the text is all there is.</summary>
    public JsonValue? Value { get; init; }

    public static Cell Good(Cell cell) => cell with { Tone = Tone.Good };

    public static Cell Bad(Cell cell) => cell with { Tone = Tone.Bad };

    public static Cell Warn(Cell cell) => cell with { Tone = Tone.Warn };

    public static Cell Dim(Cell cell) => cell with { Tone = Tone.Dim };

    public static Cell Strong(Cell cell) => cell with { Tone = Tone.Strong };

    public static implicit operator Cell(string? text) => new(text ?? "");

    public static implicit operator Cell(int number) => (long)number;

    public static implicit operator Cell(long number) =>
        new(number.ToString(CultureInfo.InvariantCulture)) { Value = JsonValue.Create(number) };

    public static implicit operator Cell(double number) => double.IsFinite(number)
        ? new(number.ToString("0.###", CultureInfo.InvariantCulture)) { Value = JsonValue.Create(number) }
        : new(number.ToString(CultureInfo.InvariantCulture));

    public static implicit operator Cell(bool truth) => new(truth ? "yes" : "no") { Value = JsonValue.Create(truth) };
}

/// <summary>Where a column's text stands.</summary>
public enum Align
{
    Left,
    Right,
    Center,
}

/// <summary>A column of a table. A string is a column that stands left.</summary>
public sealed record Column(string Name, Align Align = Align.Left)
{
    public static Column Right(string name) => new(name, Align.Right);

    public static Column Center(string name) => new(name, Align.Center);

    public static implicit operator Column(string name) => new(name);
}

/// <summary>One event of a command's output: what is said, never how it looks.</summary>
public abstract record Output
{
    private Output()
    {
    }

    /// <summary>One line, in pieces that may have different tones.</summary>
    public sealed record Line(IReadOnlyList<Cell> Parts) : Output
    {
        public string Text => string.Concat(Parts.Select(p => p.Text));
    }

    /// <summary>A table; each row has as many cells as there are columns.</summary>
    public sealed record Table(
        IReadOnlyList<Column> Columns,
        IReadOnlyList<IReadOnlyList<Cell>> Rows,
        string? Title = null) : Output;

    /// <summary>What the command is doing now: a later event replaces it.</summary>
    public sealed record Progress(string Text) : Output;

    /// <summary>A JSON object for machines, which a terminal shows as JSON too.</summary>
    public sealed record Data(JsonObject Json) : Output;

    /// <summary>Why the command did not succeed, in one sentence.</summary>
    public sealed record Error(string Sentence) : Output;

    /// <summary>The last event: 0, 1 or 2 as in <see cref="ExitCode"/>.</summary>
    public sealed record Exit(int Code) : Output;
}
