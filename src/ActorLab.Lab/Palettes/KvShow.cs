using System.Text.Json.Nodes;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>The answers of a replicated store, on the console.</summary>
internal static class KvShow
{
    public static bool Reads(object command) => KvStore.Instance.AccessOf((KvCommand)command) != Access.Write;

    public static void Show(CommandContext c, JsonObject body)
    {
        if (body["pairs"] is JsonArray pairs)
        {
            c.Table(["key", "value"], pairs.Select(pair => new Cell[] { Cell.Strong((string)pair!["key"]!), (string)pair["value"]! }));
            var count = pairs.Count == 1 ? "1 pair" : $"{pairs.Count} pairs";
            c.Line(body["next"] is { } next ? $"{count}; the next key is {next}" : $"{count}, up to the end", Tone.Dim);
            return;
        }

        c.Line(Said(body));
    }

    private static string Said(JsonObject body)
    {
        if (body["value"] is { } value)
        {
            return (string)value!;
        }

        if (body["existed"] is { } existed)
        {
            return (bool)existed ? "deleted" : "there was no such key";
        }

        return body["bytes"] is { } bytes ? $"appended; the value has {bytes} bytes now" : "done";
    }
}
