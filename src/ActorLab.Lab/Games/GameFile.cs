using System.Text.Json;
using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>A game of tokens as it stands in a file.</summary>
internal sealed record Game(string Name, Map<NodeId, long> Tokens, Seq<string> Links, Seq<string> Events, Seq<int> Delays)
{
    /// <exception cref="BadInput">It makes no sense.</exception>
    public Seq<GlobalSnapshot> Play()
    {
        try
        {
            return TokenGame.Play(Tokens, Links, Events, Delays);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new BadInput($"{Name}: {SafeText.Shorten(e.Message, 300)}");
        }
    }
}

/// <summary>
/// A file of games: <c>delays</c> and <c>cases</c>, each case with <c>name</c>, <c>tokens</c>, <c>links</c> and <c>events</c>,
/// and with <c>delays</c> where it has its own. What else stands there is for readers.
/// </summary>
internal static class GameFile
{
    private const long MostBytes = 16 << 20;

    /// <exception cref="BadInput">There is no such file, or it holds no games.</exception>
    public static Seq<Game> Load(string path)
    {
        var shown = SafeText.Shorten(path, 200);
        try
        {
            if (!File.Exists(path))
            {
                throw new BadInput($"There is no file {shown}.");
            }

            if (new FileInfo(path).Length > MostBytes)
            {
                throw new BadInput($"{shown} is too large for a file of games: more than {MostBytes >> 20} MiB.");
            }

            var text = File.ReadAllText(path);
            if (JsonShape.SyntaxMistake(text) is { } damage)
            {
                throw new BadInput($"{shown} holds no games: {damage}");
            }

            using var json = JsonDocument.Parse(text);
            return Read(json.RootElement);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInput($"{shown} cannot be read: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            throw new BadInput($"{shown} holds a text that is no text: half of a surrogate pair.");
        }
        catch (FormatException e)
        {
            throw new BadInput($"{shown} holds no games: {SafeText.Shorten(e.Message, 300)}");
        }
    }

    private static Seq<Game> Read(JsonElement root)
    {
        var cases = Require(root, "cases", JsonValueKind.Array, "the file");
        Seq<Game> games = [];
        foreach (var one in cases.EnumerateArray())
        {
            var name = one.ValueKind == JsonValueKind.Object && one.TryGetProperty("name", out var given)
                && given.ValueKind == JsonValueKind.String
                ? given.GetString()!
                : $"case {games.Count + 1}";
            var ownDelays = one.ValueKind == JsonValueKind.Object && one.TryGetProperty("delays", out _);
            games = games.Add(new Game(
                name, Tokens(Require(one, "tokens", JsonValueKind.Object, name), name), Texts(one, "links", name), Texts(one, "events", name),
                Delays(ownDelays ? one : root, ownDelays ? name : "the file")));
        }

        return games.IsEmpty ? throw new FormatException("cases is empty.") : games;
    }

    private static Map<NodeId, long> Tokens(JsonElement tokens, string name)
    {
        var all = Map<NodeId, long>.Empty;
        foreach (var server in tokens.EnumerateObject())
        {
            if (server.Name.Length == 0 || server.Name.AsSpan().ContainsAny(" >/"))
            {
                throw new FormatException($"{name} has a server '{server.Name}': a name has no blank, > or / in it.");
            }

            if (server.Value.ValueKind != JsonValueKind.Number || !server.Value.TryGetInt64(out var count))
            {
                throw new FormatException($"{name} gives {server.Name} tokens that are no whole number.");
            }

            all = all.ContainsKey(new NodeId(server.Name))
                ? throw new FormatException($"{name} names the server {server.Name} twice.")
                : all.Set(new NodeId(server.Name), count);
        }

        return all;
    }

    private static Seq<string> Texts(JsonElement game, string member, string name) =>
        Seq.ToSeq(Require(game, member, JsonValueKind.Array, name).EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String
            ? item.GetString()!
            : throw new FormatException($"{member} of {name} are texts, not {SafeText.Shorten(item.GetRawText(), 40)}.")));

    private static Seq<int> Delays(JsonElement owner, string name) =>
        Seq.ToSeq(Require(owner, "delays", JsonValueKind.Array, name).EnumerateArray().Select(item =>
            item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var delay)
                ? delay
                : throw new FormatException($"delays of {name} are whole numbers, not {SafeText.Shorten(item.GetRawText(), 40)}.")));

    private static JsonElement Require(JsonElement owner, string member, JsonValueKind kind, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(member, out var value) && value.ValueKind == kind
            ? value
            : throw new FormatException($"{name} needs {member}, {(kind == JsonValueKind.Array ? "a list" : "an object")}.");
}
