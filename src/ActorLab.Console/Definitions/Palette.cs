using System.Text.Json.Serialization;

namespace ActorLab.Console;

/// <summary>A group of commands that belong together, such as <c>raft</c> or <c>partition</c>.</summary>
/// <param name="Name">What a user types first: lower-case letters, digits and hyphens.</param>
/// <param name="Description">One sentence for <c>help</c>.</param>
/// <param name="Commands">The commands, in the order in which <c>help</c> lists them.</param>
public sealed record Palette(string Name, string Description, IReadOnlyList<Command> Commands);

/// <summary>
/// Does the work of a command. It writes to the context while it works; returning is success. Throw
/// <see cref="CommandFailed"/> when the command could not be done, <see cref="BadInput"/> when the user asked for
/// something that makes no sense.
/// </summary>
/// <param name="context">The arguments, already checked against the definition, and the output.</param>
/// <param name="stopped">Cancelled when the user stops the command, goes away, or the time limit passed.</param>
public delegate Task CommandHandler(CommandContext context, CancellationToken stopped);

/// <summary>One command of a palette: what it takes, an example, and who does the work.</summary>
/// <param name="Name">What a user types after the palette: lower-case letters, digits and hyphens.</param>
/// <param name="Description">One sentence for <c>help</c>.</param>
public sealed record Command(string Name, string Description)
{
    /// <summary>Positional parameters are filled in this order; switches may stand anywhere.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    /// <summary>A line that a user can type as it stands, with the palette in front.</summary>
    public string Example { get; init; } = "";

    /// <summary>How long the command may run before the host stops it.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Set on the host; never sent, so null in the definitions that a client fetched.</summary>
    [JsonIgnore]
    public CommandHandler? Handler { get; init; }
}

/// <summary>The command was understood and could not be done: exit code 1.</summary>
/// <param name="sentence">What went wrong, with which value, and what to do about it.</param>
public sealed class CommandFailed(string sentence) : Exception(sentence);

/// <summary>The command was not understood, or its arguments make no sense: exit code 2.</summary>
/// <param name="sentence">What was wrong, which value, and what would be right.</param>
public sealed class BadInput(string sentence) : Exception(sentence);

/// <summary>What a command, and the program that ran it, answers to the shell.</summary>
public static class ExitCode
{
    public const int Success = 0;
    public const int Failed = 1;
    public const int BadInput = 2;
}
