namespace ActorLab.Console;

/// <summary>Help as output events, from the definitions that the lab serves.</summary>
public static class PbmHelp
{
    /// <summary>What <c>pbm --help</c> says before any lab is asked.</summary>
    public static IEnumerable<Output> OfProgram()
    {
        yield return Line("pbm [host:port] <palette> <command> [switches]");
        yield return Line("Without a command: a prompt, or a script from standard input. Default address: ", Cell.Strong(PbmAddress.Default.ToString()));
        yield return new Output.Table(["switch", "what it does"],
        [
            ["--json", "one JSON object a line, for programs"],
            ["--help", "help on a palette or a command: pbm <palette> [command] --help"],
            ["--token-file PATH", "the lab's token; else $ACTORLAB_TOKEN_FILE, else the lab's default place"],
            ["--allow-remote", "talk to a lab on another machine"],
            ["--keep-going", "in a script: go on after a command that failed"],
        ]);
        yield return Line("Exit code: 0 done, 1 failed, 2 bad input. ", Cell.Strong("pbm help"), " lists what the running lab can do.");
    }

    /// <summary>All palettes.</summary>
    public static IEnumerable<Output> OfLab(PaletteSet palettes)
    {
        yield return new Output.Table(["palette", "commands", "what it is for"],
        [
            .. palettes.Palettes.Select(p => new[]
            {
                Cell.Strong(p.Name),
                string.Join(", ", p.Commands.Select(c => c.Name)),
                p.Description,
            }),
        ]);
        yield return Line("help <palette> lists its commands; <palette> <command> --help explains one.");
    }

    /// <summary>The commands of one palette.</summary>
    public static IEnumerable<Output> Of(Palette palette)
    {
        yield return Line(Cell.Strong(palette.Name), ": ", palette.Description);
        yield return new Output.Table(["command", "what it does", "example"],
        [
            .. palette.Commands.Select(c => new[] { Cell.Strong(c.Name), c.Description, Cell.Dim(c.Example) }),
        ]);
    }

    /// <summary>Usage, parameters and an example of one command.</summary>
    public static IEnumerable<Output> Of(Palette palette, Command command)
    {
        yield return Line(Cell.Strong($"{palette.Name} {command.Name}"), ": ", command.Description);
        yield return Line("usage: ", string.Join(" ", command.Parameters.Select(UsageOf).Prepend($"{palette.Name} {command.Name}")));
        if (command.Parameters.Count > 0)
        {
            yield return new Output.Table(["argument", "what it is", "takes", "default"],
            [
                .. command.Parameters.Select(p => new[]
                {
                    Cell.Strong(p.Shown), p.Description, TakesOf(p), p.Default ?? (p.Mandatory ? Cell.Warn("must be given") : ""),
                }),
            ]);
        }
        if (command.Example.Length > 0)
        {
            yield return Line("example: ", Cell.Good(command.Example));
        }
    }

    private static string UsageOf(Parameter parameter)
    {
        var form = parameter switch
        {
            { Kind: ParameterKind.Flag } => "--" + parameter.Name,
            { Positional: true } => $"<{parameter.Name}>",
            _ => $"--{parameter.Name}=<{parameter.Kind.ToString().ToLowerInvariant()}>",
        };
        return parameter.Mandatory ? form : $"[{form}]";
    }

    private static string TakesOf(Parameter p)
    {
        var kind = p.Kind switch
        {
            ParameterKind.Text => $"text, up to {p.MaxBytes} bytes",
            ParameterKind.Integer => "whole number",
            ParameterKind.Number => "number",
            ParameterKind.Duration => "time (150ms, 2s, 1m)",
            ParameterKind.Flag => "nothing",
            ParameterKind.Choice => string.Join(" or ", p.Allowed),
            ParameterKind.Node => "a node",
            ParameterKind.NodeList => "nodes: n1,n2",
            ParameterKind.File => $"a file, up to {p.MaxBytes} bytes",
            _ => "",
        };
        return kind + RangeOf(p);
    }

    private static string RangeOf(Parameter p)
    {
        string Show(double n) => p.Kind == ParameterKind.Duration ? Durations.Format(TimeSpan.FromSeconds(n)) : ((Cell)n).Text;
        return (p.Minimum, p.Maximum) switch
        {
            ({ } least, { } most) when p.AboveMinimum => $", above {Show(least)}, up to {Show(most)}",
            ({ } least, { } most) => $", {Show(least)} to {Show(most)}",
            ({ } least, null) => $", at least {Show(least)}",
            (null, { } most) => $", at most {Show(most)}",
            _ => "",
        };
    }

    private static Output.Line Line(params IReadOnlyList<Cell> parts) => new(parts);
}
