using System.Text.RegularExpressions;

namespace ActorLab.Console;

/// <summary>
/// The palettes of one lab. Host and client look commands up through it, so both answer an unknown name with the same
/// sentence.
/// </summary>
public sealed partial class PaletteSet
{
    /// <summary>Switches of <c>pbm</c> itself, which no command may take for its own.</summary>
    public static IReadOnlyList<string> ReservedSwitches { get; } =
        ["json", "help", "token-file", "allow-remote", "keep-going"];

    private static readonly string[] ReservedPalettes = ["help", "exit", "quit", "clear"];

    public PaletteSet(IReadOnlyList<Palette> palettes)
    {
        Palettes = palettes;
        RequireDistinct(palettes.Select(p => p.Name), "palette");
        foreach (var palette in palettes)
        {
            RequireName(palette.Name, ReservedPalettes);
            RequireDistinct(palette.Commands.Select(c => c.Name), $"command of {palette.Name}");
            foreach (var command in palette.Commands)
            {
                RequireName(command.Name, ["help"]);
                RequireParameters(palette, command);
            }
        }
    }

    public IReadOnlyList<Palette> Palettes { get; }

    /// <exception cref="BadInput">There is no such palette.</exception>
    public Palette Find(string palette) =>
        Palettes.FirstOrDefault(p => p.Name == palette)
        ?? throw new BadInput(Suggest.Unknown("palette", palette, Palettes.Select(p => p.Name)));

    /// <exception cref="BadInput">There is no such palette, or it has no such command.</exception>
    public (Palette Palette, Command Command) Find(string palette, string command)
    {
        var found = Find(palette);
        return (found, found.Commands.FirstOrDefault(c => c.Name == command)
            ?? throw new BadInput(Suggest.Unknown($"{palette} command", command, found.Commands.Select(c => c.Name))));
    }

    private static void RequireParameters(Palette palette, Command command)
    {
        RequireDistinct(command.Parameters.Select(p => p.Name), $"parameter of {palette.Name} {command.Name}");
        var optionalSeen = false;
        foreach (var parameter in command.Parameters)
        {
            RequireName(parameter.Name, ReservedSwitches);
            if (!parameter.Positional)
            {
                continue;
            }

            if (optionalSeen && parameter.Mandatory)
            {
                throw new ArgumentException($"{palette.Name} {command.Name}: the mandatory {parameter.Name} stands after an optional one, so no place would reach it.");
            }

            optionalSeen |= !parameter.Mandatory;
        }
    }

    private static void RequireName(string name, IEnumerable<string> reserved)
    {
        if (!NamePattern().IsMatch(name))
        {
            throw new ArgumentException($"\"{name}\" cannot be typed as a name: use lower-case letters, digits and hyphens.");
        }

        if (reserved.Contains(name))
        {
            throw new ArgumentException($"\"{name}\" belongs to pbm itself: choose another name.");
        }
    }

    private static void RequireDistinct(IEnumerable<string> names, string what)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!seen.Add(name))
            {
                throw new ArgumentException($"Two definitions share one name: {what} \"{name}\".");
            }
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}$")]
    private static partial Regex NamePattern();
}
