using System.Text;
using Spectre.Console.Rendering;

namespace ActorLab.Console;

/// <summary>
/// Aligned text without colours, frames or control characters, for pipes and files. Progress and errors go to the error
/// stream, so that the rest can be read by a program. An empty cell is a hyphen, so that columns can be counted.
/// </summary>
public sealed class PlainRenderer(TextWriter writer, TextWriter errors) : IRenderer
{
    private const string Gap = "  ";

    /// <summary>One long key in a column must not fill every other row with blanks.</summary>
    private const int MostPadding = 100;

    public void Show(Output output)
    {
        switch (output)
        {
            case Output.Line line:
                writer.WriteLine(SafeText.Escape(line.Text));
                break;
            case Output.Table table:
                WriteTable(table);
                break;
            case Output.Progress progress:
                errors.WriteLine("... " + SafeText.Escape(progress.Text));
                break;
            case Output.Data data:
                writer.WriteLine(data.Json.ToJsonString(OutputJson.Options));
                break;
            case Output.Error error:
                writer.Flush();
                errors.WriteLine(SafeText.Escape(error.Sentence));
                break;
            case Output.Exit:
                // The process's own exit code says it.
                break;
        }
        writer.Flush();
        errors.Flush();
    }

    private void WriteTable(Output.Table table)
    {
        if (table.Title is not null)
        {
            writer.WriteLine(SafeText.Escape(table.Title));
        }
        var texts = table.Rows
            .Select(row => row.Select(cell => cell.Text.Length == 0 ? "-" : SafeText.Escape(cell.Text)).ToArray())
            .Prepend([.. table.Columns.Select(c => SafeText.Escape(c.Name))])
            .ToList();
        var widths = table.Columns.Select((_, i) => Math.Min(MostPadding, texts.Max(row => Width(row[i])))).ToArray();
        foreach (var row in texts)
        {
            var line = new StringBuilder();
            for (var i = 0; i < row.Length; i++)
            {
                Append(line.Append(i == 0 ? "" : Gap), row[i], widths[i], table.Columns[i].Align, last: i == row.Length - 1);
            }
            writer.WriteLine(line.ToString());
        }
    }

    /// <summary>Nothing follows the last cell, so that what stands at its end is its own.</summary>
    private static void Append(StringBuilder line, string text, int width, Align align, bool last)
    {
        var missing = Math.Max(0, width - Width(text));
        var left = align switch
        {
            Align.Right => missing,
            Align.Center => missing / 2,
            _ => 0,
        };
        line.Append(' ', left).Append(text).Append(' ', last ? 0 : missing - left);
    }

    /// <summary>Columns on a screen: a Chinese character takes two.</summary>
    private static int Width(string text) => new Segment(text).CellCount();
}
