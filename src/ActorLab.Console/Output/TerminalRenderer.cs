using Spectre.Console;
using Spectre.Console.Rendering;

namespace ActorLab.Console;

/// <summary>
/// Colours and framed tables for people. A line is left to the terminal to wrap, so that what is copied from it has no
/// breaks that were not there.
/// </summary>
public sealed class TerminalRenderer : IRenderer
{
    private readonly IAnsiConsole _console;
    private readonly IAnsiConsole _errors;
    private bool _progressShown;

    /// <param name="writer">The terminal.</param>
    /// <param name="errors">Where errors go.</param>
    /// <param name="colour">False where the user set NO_COLOR: then there are frames and bold text at most.</param>
    /// <param name="width">Columns of the terminal; null to ask it.</param>
    public TerminalRenderer(TextWriter writer, TextWriter errors, bool colour, int? width = null)
    {
        _console = Create(writer, colour, width);
        _errors = Create(errors, colour, width);
    }

    public void Show(Output output)
    {
        ClearProgress();
        switch (output)
        {
            case Output.Line line:
                _console.Write(new UnwrappedLine(line.Parts));
                break;
            case Output.Table table:
                _console.Write(TableOf(table));
                break;
            case Output.Progress progress:
                ShowProgress(progress.Text);
                break;
            case Output.Data data:
                _console.Write(new UnwrappedLine([data.Json.ToJsonString(OutputJson.Options)]));
                break;
            case Output.Error error:
                _errors.Write(new UnwrappedLine([new Cell(error.Sentence, Tone.Bad)]));
                break;
            case Output.Exit:
                // The process's own exit code says it.
                break;
        }
    }

    internal static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Good => new Style(Color.Green),
        Tone.Bad => new Style(Color.Red),
        Tone.Warn => new Style(Color.Yellow),
        Tone.Dim => new Style(Color.Grey),
        Tone.Strong => new Style(decoration: Decoration.Bold),
        _ => Style.Plain,
    };

    private static Table TableOf(Output.Table output)
    {
        var table = new Table { Border = TableBorder.Rounded, BorderStyle = StyleOf(Tone.Dim) };
        if (output.Title is not null)
        {
            table.Title = new TableTitle(Markup.Escape(SafeText.Escape(output.Title)), StyleOf(Tone.Strong));
        }
        foreach (var column in output.Columns)
        {
            table.AddColumn(new TableColumn(new Text(SafeText.Escape(column.Name), StyleOf(Tone.Strong)))
            {
                Alignment = JustifyOf(column.Align),
            });
        }
        foreach (var row in output.Rows)
        {
            table.AddRow(row.Select(cell => new Text(SafeText.Escape(cell.Text), StyleOf(cell.Tone))));
        }
        return table;
    }

    private static Justify JustifyOf(Align align) => align switch
    {
        Align.Right => Justify.Right,
        Align.Center => Justify.Center,
        _ => Justify.Left,
    };

    private static IAnsiConsole Create(TextWriter writer, bool colour, int? width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (width is { } columns)
        {
            console.Profile.Width = columns;
        }
        return console;
    }

    /// <summary>Writes over the line in place, without ending it.</summary>
    private void ShowProgress(string text)
    {
        var room = Math.Max(10, _console.Profile.Width - 5);
        _console.Write(new Text("... " + SafeText.Shorten(SafeText.Escape(text), room), StyleOf(Tone.Dim)));
        _console.Profile.Out.Writer.Flush();
        _progressShown = true;
    }

    private void ClearProgress()
    {
        if (_progressShown)
        {
            _console.Profile.Out.Writer.Write("\r\u001b[K");
            _progressShown = false;
        }
    }

    /// <summary>Pieces of text one after the other, then a line break, whatever the width of the terminal.</summary>
    private sealed class UnwrappedLine(IReadOnlyList<Cell> parts) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => new(0, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            [.. parts.Select(p => new Segment(SafeText.Escape(p.Text), StyleOf(p.Tone))), Segment.LineBreak];
    }
}
