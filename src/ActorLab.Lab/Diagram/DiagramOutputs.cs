using System.CommandLine;
using System.Text;
using ActorLab.Console;
using ActorLab.Core;
using Command = System.CommandLine.Command;

namespace ActorLab.Lab;

/// <summary>The switches of all commands that show a picture, and what they ask for.</summary>
internal static class DiagramOutputs
{
    private const int WidthOfNoTerminal = 160;

    private static readonly Option<string> Html = Switches.Text(
        "--html", "Write a page with the space-time diagram, which needs nothing else", "FILE", "none");
    private static readonly Option<string> JsonLines = Switches.Text(
        "--jsonl", "Write the events as JSON lines, which lab diagram reads", "FILE", "none");
    private static readonly Option<string> ShiViz = Switches.Text(
        "--shiviz", "Write the log that ShiViz reads, with vector clocks", "FILE", "none");
    private static readonly Option<bool> Text = Switches.Flag("--text", "Show the space-time diagram here");
    private static readonly Option<int> Rows = Switches.Number(
        "--rows", "Most rows of --text, the last ones", 200, 1, 1_000_000);

    public static void AddTo(Command command)
    {
        foreach (var option in (Option[])[Html, Text, Rows, JsonLines, ShiViz])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether a diagram in the terminal is wanted.</summary>
    public static bool WantsText(ParseResult parsed) => parsed.GetRequiredValue(Text);

    /// <summary>Whether any picture is wanted.</summary>
    public static bool AnyWanted(ParseResult parsed) => WantsText(parsed) || Files(parsed).Any();

    /// <summary>Before the work begins: whether what it is for can be written.</summary>
    /// <exception cref="BadInput">A file cannot be written there, or two are to be the same.</exception>
    public static void RequireWritable(ParseResult parsed)
    {
        var files = Files(parsed).ToList();
        foreach (var (path, what, _) in files)
        {
            WholeFile.Try(path, what);
        }

        if (files.GroupBy(file => Path.GetFullPath(file.Path)).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new BadInput($"{string.Join(" and ", twice.Select(file => file.What))} cannot both be written to {SafeText.Shorten(twice.Key, 200)}.");
        }
    }

    /// <summary>Writes the files and shows the text that are asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="picture">What to show.</param>
    /// <param name="renderer">Where the text goes.</param>
    /// <param name="orText">Whether to show the text where nothing is asked for.</param>
    /// <exception cref="CommandFailed">A file cannot be written; what was written of it is removed.</exception>
    public static void Show(ParseResult parsed, Picture picture, IRenderer renderer, bool orText = false)
    {
        if (WantsText(parsed) || (orText && !AnyWanted(parsed)))
        {
            var width = System.Console.IsOutputRedirected ? WidthOfNoTerminal : Math.Max(60, System.Console.WindowWidth);
            foreach (var (text, tone) in DiagramText.Lines(picture, width, parsed.GetRequiredValue(Rows)))
            {
                renderer.Show(new Output.Line([new Cell(text, tone)]));
            }
        }

        foreach (var (path, what, write) in Files(parsed))
        {
            WholeFile.Write(path, what, stream => write(stream, picture));
            renderer.Show(new Output.Line([$"{what} is in {path}."]));
        }
    }

    /// <summary>A path as a shell takes it.</summary>
    public static string Quoted(string path) => path.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '_' or '-')
        ? path
        : $"'{path.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static IEnumerable<(string Path, string What, Action<Stream, Picture> Write)> Files(ParseResult parsed) =>
        new (Option<string> Option, string What, Action<Stream, Picture> Write)[]
        {
            (Html, "The diagram", DiagramHtml.Write),
            (JsonLines, "The picture",
                (stream, picture) => WithText(stream, text => DiagramFile.Write(text, picture))),
            (ShiViz, "The log for ShiViz",
                (stream, picture) => WithText(stream, text => ShiVizLog.Write(text, picture))),
        }
        .Where(one => parsed.GetRequiredValue(one.Option) != "none")
        .Select(one => (parsed.GetRequiredValue(one.Option), one.What, one.Write));

    private static void WithText(Stream stream, Action<TextWriter> write)
    {
        using var text = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        write(text);
    }
}
