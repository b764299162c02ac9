using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Console;
using Command = System.CommandLine.Command;

namespace ActorLab.Lab;

/// <summary><c>lab replay-game</c>.</summary>
internal static class ReplayGameCommand
{
    private static readonly Argument<string> FilePath = new("file") { Description = "The games: delays, and cases with tokens, links and events (docs/snapshots.md)" };

    private static readonly JsonSerializerOptions Form = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // N1>N2 reads so
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    public static Command Build()
    {
        var command = new Command(
            "replay-game",
            "Play games of tokens, sent round by the processes of Chandy and Lamport with given delays, and print the states that their\n"
            + "snapshots recorded, as JSON. Exit code: 0 played; 2 a game makes no sense, and then nothing is printed.");
        command.Arguments.Add(FilePath);
        command.SetAction(Run);
        return command;
    }

    /// <summary>What a file of games comes to.</summary>
    /// <exception cref="BadInput">One of them makes no sense.</exception>
    public static string Play(string path) => JsonSerializer.Serialize(
        new { Cases = GameFile.Load(path).Select(game => new { game.Name, Snapshots = game.Play().Select(Told).ToArray() }).ToArray() }, Form);

    private static int Run(ParseResult parsed)
    {
        System.Console.Out.WriteLine(Play(parsed.GetRequiredValue(FilePath)));
        return ExitCode.Success;
    }

    private static object Told(GlobalSnapshot snapshot) => new
    {
        Snapshot = snapshot.Id.ToString(),
        Recorded = snapshot.Parts.ToDictionary(part => part.Key.Name, part => part.Value.State),
        InFlight = (
            from part in snapshot.Parts
            from channel in part.Value.Channels
            orderby channel.Key, part.Key
            from tokens in channel.Value
            select $"{channel.Key}>{part.Key} {tokens}").ToArray(),
        snapshot.Total,
    };
}
