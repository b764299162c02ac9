namespace ActorLab.Console;

/// <summary>What the command line of <c>pbm</c> says before its palette and command are looked at.</summary>
public sealed record PbmOptions
{
    public PbmAddress Address { get; init; } = PbmAddress.Default;

    public bool Json { get; init; }

    public bool Help { get; init; }

    public bool AllowRemote { get; init; }

    public bool KeepGoing { get; init; }

    public string? TokenFile { get; init; }

    /// <summary>Palette, command and arguments, without the switches of <c>pbm</c> itself.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    private static readonly string[] Switches = ["--json", "--help", "--token-file", "--allow-remote", "--keep-going"];

    /// <summary>
    /// Reads <c>[host:port] palette command [switches]</c>; switches of <c>pbm</c> may stand anywhere before <c>--</c>.
    /// </summary>
    /// <exception cref="BadInput">
    /// An unknown switch before the palette, a switch without its value, or an address that is none or may not be used.
    /// </exception>
    public static PbmOptions Parse(IReadOnlyList<string> args)
    {
        var options = new PbmOptions();
        var command = new List<string>();
        var addressed = false;
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--")
            {
                command.AddRange(args.Skip(i));
                break;
            }
            if (!addressed && command.Count == 0 && PbmAddress.LooksLikeOne(args[i]))
            {
                addressed = true;
                options = options with { Address = PbmAddress.Parse(args[i]) };
            }
            else if (args[i] == "--token-file")
            {
                options = options with
                {
                    TokenFile = ++i < args.Count ? args[i] : throw new BadInput("--token-file wants the path of a lab's token file."),
                };
            }
            else if (args[i].StartsWith("--token-file=", StringComparison.Ordinal))
            {
                options = options with { TokenFile = args[i]["--token-file=".Length..] };
            }
            else if (WithFlag(options, args[i]) is { } changed)
            {
                options = changed;
            }
            else if (command.Count == 0 && args[i].Length > 1 && args[i][0] == '-')
            {
                throw new BadInput(Suggest.Unknown("switch of pbm", args[i].Split('=')[0], Switches));
            }
            else
            {
                command.Add(args[i]);
            }
        }
        RequireAllowed(options);
        return options with { Command = command };
    }

    /// <summary>
    /// Reads a line of a prompt or a script, where the lab is settled and only <c>--json</c> and <c>--help</c> can be
    /// added.
    /// </summary>
    public static PbmOptions ParseLine(IReadOnlyList<string> tokens, PbmOptions settled)
    {
        var end = tokens.TakeWhile(t => t != "--").Count();
        var ours = tokens.Take(end).ToList();
        return settled with
        {
            Json = settled.Json || ours.Contains("--json"),
            Help = ours.Contains("--help") || ours.Contains("-h"),
            Command = [.. ours.Where(t => t is not ("--json" or "--help" or "-h")), .. tokens.Skip(end)],
        };
    }

    /// <summary><c>--token-file</c>, else <c>ACTORLAB_TOKEN_FILE</c>, else where the lab on this port puts it.</summary>
    public string TokenPath(Func<string, string?> environment) =>
        TokenFile
        ?? (environment("ACTORLAB_TOKEN_FILE") is { Length: > 0 } named ? named : LabToken.DefaultPath(Address.Port));

    private static PbmOptions? WithFlag(PbmOptions options, string arg) => arg switch
    {
        "--json" => options with { Json = true },
        "--help" or "-h" => options with { Help = true },
        "--allow-remote" => options with { AllowRemote = true },
        "--keep-going" => options with { KeepGoing = true },
        _ => null,
    };

    private static void RequireAllowed(PbmOptions options)
    {
        if (!options.Address.IsLoopback && !options.AllowRemote)
        {
            throw new BadInput($"{options.Address} is not on this machine, and the token would cross the network unencrypted. Add --allow-remote if you want that.");
        }
    }
}
