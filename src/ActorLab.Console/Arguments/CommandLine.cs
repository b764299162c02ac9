using System.Text;

namespace ActorLab.Console;

/// <summary>
/// The grammar of a command line, the same for the shell, the prompt and scripts. System.CommandLine would give a misspelt
/// switch to the next positional argument; here it is an error that names the nearest one.
/// </summary>
public static class CommandLine
{
    /// <summary>Most characters of one line: a value of 1 MiB, and what stands around it.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    /// <summary>
    /// Splits a line at blanks. Single quotes keep everything; double quotes keep everything but <c>\"</c> and <c>\\</c>;
    /// a quoted piece glues to what touches it; <c>""</c> is an empty argument.
    /// </summary>
    /// <exception cref="BadInput">A quote is not closed.</exception>
    public static List<string> Split(string line)
    {
        var tokens = SplitKeeping(line, out var open);
        return open is null ? [.. tokens.Select(t => t.Text)] : throw new BadInput($"The quote {open} is not closed.");
    }

    /// <summary>The same, for completion: with the place of each token, and an open quote is no error.</summary>
    public static List<(string Text, int Start, int End)> SplitKeeping(string line, out char? open)
    {
        if (line.Length > MaxLength)
        {
            throw new BadInput($"The line has {line.Length} characters; at most {MaxLength} are allowed.");
        }

        var tokens = new List<(string, int, int)>();
        var text = new StringBuilder();
        open = null;
        var start = -1;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (open is null && char.IsWhiteSpace(c))
            {
                if (start >= 0)
                {
                    tokens.Add((text.ToString(), start, i));
                }

                text.Clear();
                start = -1;
                continue;
            }
            start = start < 0 ? i : start;
            if (open == c)
            {
                open = null;
            }
            else if (open is null && (c is '\'' or '"'))
            {
                open = c;
            }
            else if (open == '"' && c == '\\' && i + 1 < line.Length && (line[i + 1] is '"' or '\\'))
            {
                text.Append(line[++i]);
            }
            else
            {
                text.Append(c);
            }
        }
        if (start >= 0)
        {
            tokens.Add((text.ToString(), start, line.Length));
        }

        return tokens;
    }

    /// <summary>Reads <c>palette command arguments...</c> against the definitions.</summary>
    /// <exception cref="BadInput">An unknown name or switch, a switch without its value, or too many values.</exception>
    public static Call Parse(IReadOnlyList<string> tokens, PaletteSet palettes)
    {
        if (tokens.Count == 0)
        {
            throw new BadInput("There is no command: type help for the list.");
        }

        if (tokens.Count == 1)
        {
            var only = palettes.Find(tokens[0]);
            throw new BadInput($"{only.Name} wants a command: {string.Join(", ", only.Commands.Select(c => c.Name))}.");
        }
        var (palette, command) = palettes.Find(tokens[0], tokens[1]);
        return new Call(palette.Name, command.Name, ParseArguments(palette, command, [.. tokens.Skip(2)]));
    }

    private static Dictionary<string, IReadOnlyList<string>> ParseArguments(
        Palette palette,
        Command command,
        IReadOnlyList<string> tokens)
    {
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var positional = new List<string>();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i] == "--")
            {
                positional.AddRange(tokens.Skip(i + 1));
                break;
            }
            if (!IsSwitch(tokens[i]))
            {
                positional.Add(tokens[i]);
                continue;
            }
            var (name, value) = SplitSwitch(tokens[i]);
            var parameter = FindSwitch(palette, command, name, tokens[i]);
            if (value is null && parameter.Kind == ParameterKind.Flag)
            {
                value = "true";
            }
            else if (value is null)
            {
                value = i + 1 < tokens.Count && !tokens[i + 1].StartsWith("--", StringComparison.Ordinal)
                    ? tokens[++i]
                    : throw new BadInput($"--{name} wants a value: {parameter.Description}. Write --{name}=VALUE where the value starts with --.");
            }

            values[name] = values.TryGetValue(name, out var before) ? [.. before, value] : [value];
        }
        Place(palette, command, positional, values);
        return values;
    }

    /// <summary>Fills the positional parameters that were not given by name, in their order.</summary>
    private static void Place(
        Palette palette,
        Command command,
        List<string> positional,
        Dictionary<string, IReadOnlyList<string>> values)
    {
        var places = command.Parameters.Where(p => p.Positional && !values.ContainsKey(p.Name)).ToList();
        if (positional.Count > places.Count)
        {
            if (places is [.., { Kind: ParameterKind.NodeList }])
            {
                var nodes = positional.Skip(places.Count - 1).Select(n => n.Trim(','));
                throw new BadInput($"{palette.Name} {command.Name} takes nodes separated by commas: write {SafeText.Shorten(string.Join(",", nodes), 60)}.");
            }

            var takes = places.Count == 0 ? "no more arguments" : $"only {string.Join(", ", places.Select(p => p.Name))}";
            throw new BadInput($"{palette.Name} {command.Name} takes {takes}; \"{SafeText.Shorten(positional[places.Count], 60)}\" is one too many. Quote a value that holds blanks.");
        }
        for (var i = 0; i < positional.Count; i++)
        {
            values[places[i].Name] = [positional[i]];
        }
    }

    /// <summary>A lone hyphen and negative numbers are values.</summary>
    private static bool IsSwitch(string token) =>
        token.Length > 1 && token[0] == '-' && !char.IsAsciiDigit(token[1]) && token[1] != '.';

    private static (string Name, string? Value) SplitSwitch(string token)
    {
        var body = token.TrimStart('-');
        var equals = body.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (body, null) : (body[..equals], body[(equals + 1)..]);
    }

    private static Parameter FindSwitch(Palette palette, Command command, string name, string token) =>
        command.Parameters.FirstOrDefault(p => p.Name == name && token.StartsWith("--", StringComparison.Ordinal))
        ?? throw new BadInput(command.Parameters.Count == 0
            ? $"{palette.Name} {command.Name} takes no switches; \"{SafeText.Shorten(token, 60)}\" is one."
            : Suggest.Unknown($"{palette.Name} {command.Name} switch", token.Split('=')[0], command.Parameters.Select(p => "--" + p.Name)));
}
