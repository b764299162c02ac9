namespace ActorLab.Console;

/// <summary>What can stand where the cursor is.</summary>
/// <param name="Start">Where the word begins that a candidate replaces, up to the cursor.</param>
/// <param name="Candidates">Whole words, ordered; each ends with a blank where the next word can begin.</param>
public sealed record Completion(int Start, IReadOnlyList<string> Candidates);

/// <summary>Completes a line from the definitions: palettes, commands, switches, choices and nodes.</summary>
public static class Completer
{
    private static readonly string[] PromptWords = ["help", "clear", "exit", "quit"];

    /// <param name="line">The line up to the cursor.</param>
    /// <param name="palettes">What the lab has.</param>
    /// <param name="nodes">The lab's nodes.</param>
    public static Completion Complete(string line, PaletteSet palettes, IReadOnlyList<string> nodes)
    {
        var tokens = CommandLine.SplitKeeping(line, out var open);
        var inWord = tokens.Count > 0 && tokens[^1].End == line.Length && (open is not null || !char.IsWhiteSpace(line[^1]));
        var word = inWord ? tokens[^1].Text : "";
        var start = inWord ? tokens[^1].Start : line.Length;
        var before = tokens.Take(inWord ? tokens.Count - 1 : tokens.Count).Select(t => t.Text).ToList();
        var candidates = open is null ? CandidatesAfter(before, word, palettes, nodes) : [];
        return new Completion(start, [.. candidates.Where(c => c.StartsWith(word, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);
    }

    private static IEnumerable<string> CandidatesAfter(
        List<string> before,
        string word,
        PaletteSet palettes,
        IReadOnlyList<string> nodes)
    {
        var asksForHelp = before.FirstOrDefault() == "help";
        var names = asksForHelp ? before.Skip(1).ToList() : before;
        if (names.Count == 0)
        {
            return Words(palettes.Palettes.Select(p => p.Name).Concat(asksForHelp ? [] : PromptWords));
        }
        if (palettes.Palettes.FirstOrDefault(p => p.Name == names[0]) is not { } palette)
        {
            return [];
        }
        if (names.Count == 1)
        {
            return Words(palette.Commands.Select(c => c.Name).Concat(asksForHelp ? [] : ["help"]));
        }
        return asksForHelp || palette.Commands.FirstOrDefault(c => c.Name == names[1]) is not { } command
            ? []
            : ArgumentsOf(command, [.. names.Skip(2)], word, nodes);
    }

    private static IEnumerable<string> ArgumentsOf(
        Command command,
        List<string> given,
        string word,
        IReadOnlyList<string> nodes)
    {
        if (word.StartsWith("--", StringComparison.Ordinal) && word.Contains('='))
        {
            var name = word[2..word.IndexOf('=')];
            return Named(command, name) is { } switched
                ? ValuesOf(switched, word[(name.Length + 3)..], nodes).Select(v => $"--{name}={v}")
                : [];
        }
        if (given.Count > 0 && given[^1].StartsWith("--", StringComparison.Ordinal)
            && Named(command, given[^1][2..]) is { Kind: not ParameterKind.Flag } waiting)
        {
            return ValuesOf(waiting, word, nodes);
        }
        var switches = command.Parameters
            .Where(p => !p.Positional && !given.Any(g => g == "--" + p.Name || g.StartsWith($"--{p.Name}=", StringComparison.Ordinal)))
            .Select(p => p.Kind == ParameterKind.Flag ? $"--{p.Name} " : $"--{p.Name}=");
        var place = PlaceOf(command, given);
        var values = place is null ? [] : ValuesOf(place, word, nodes);
        return word.StartsWith('-') ? switches.Concat(["--help ", "--json "]) : values.Concat(word.Length == 0 ? switches : []);
    }

    /// <summary>The positional parameter that comes next.</summary>
    private static Parameter? PlaceOf(Command command, List<string> given)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        var placed = 0;
        for (var i = 0; i < given.Count; i++)
        {
            if (!given[i].StartsWith("--", StringComparison.Ordinal))
            {
                placed++;
                continue;
            }
            var name = given[i][2..].Split('=')[0];
            named.Add(name);
            var takesNext = !given[i].Contains('=') && Named(command, name) is { Kind: not ParameterKind.Flag };
            i += takesNext ? 1 : 0;
        }
        return command.Parameters.Where(p => p.Positional && !named.Contains(p.Name)).ElementAtOrDefault(placed);
    }

    private static IEnumerable<string> ValuesOf(
        Parameter parameter,
        string word,
        IReadOnlyList<string> nodes) => parameter.Kind switch
        {
            ParameterKind.Choice => Words(parameter.Allowed),
            ParameterKind.Node => Words(nodes),
            ParameterKind.NodeList => NextNodes(word, nodes),
            _ => [],
        };

    private static IEnumerable<string> NextNodes(string word, IReadOnlyList<string> nodes)
    {
        var comma = word.LastIndexOf(',') + 1;
        var listed = word[..comma].Split(',');
        return nodes.Where(n => !listed.Contains(n)).Select(n => word[..comma] + n);
    }

    private static Parameter? Named(Command command, string name) => command.Parameters.FirstOrDefault(p => p.Name == name);

    private static IEnumerable<string> Words(IEnumerable<string> words) => words.Select(w => w + " ");
}
