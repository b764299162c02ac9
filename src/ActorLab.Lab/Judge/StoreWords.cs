using System.Globalization;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>The lab's own store, both ways: its replies say more than those of a textbook.</summary>
internal sealed class StoreWords : IWords
{
    public static readonly StoreWords Instance = new();

    public object CommandOf(HistoryLine asked)
    {
        string Key() => asked["key"]?.Text ?? throw ObjectWords.Missing(asked, "key");
        string Text() => ObjectWords.Value(asked).Text ?? throw ObjectWords.Missing(asked);
        var stale = ObjectWords.Truth(asked, "stale") ?? false;
        switch (asked.F)
        {
            case "get":
                return new KvCommand.Get(Key(), stale);
            case "put":
                return new KvCommand.Put(Key(), Text());
            case "append":
                return new KvCommand.Append(Key(), Text());
            case "delete":
                return new KvCommand.Delete(Key());
            case "cas":
                var (from, to) = ObjectWords.Pair(asked);
                return new KvCommand.CompareAndSet(Key(), from.Text, to.Text ?? throw ObjectWords.Missing(asked));
            case "scan":
                return new KvCommand.Scan(asked["from"]?.Text ?? "", Number(asked, "limit"), stale);
            default:
                throw new FormatException(
                    $"Line {asked.Line}: the store has get, put, append, delete, cas and scan, not \"{SafeText.Shorten(asked.F, 40)}\".");
        }
    }

    public bool HasAnswer(object command) => command is KvCommand.Get;

    public (Outcome Outcome, object? Reply) EndOf(object command, HistoryLine heard) => heard.Type switch
    {
        "info" => (Outcome.Unknown, null),
        "fail" => (Outcome.Failed, null),
        _ when heard["refused"]?.Text is { } reason => (Outcome.Ok, new KvReply.TooLarge(reason)),
        _ => (Outcome.Ok, (KvReply)((KvCommand)command switch
        {
            KvCommand.Get => ObjectWords.Value(heard).Text is { } found ? new KvReply.Found(found) : new KvReply.Missing(),
            KvCommand.Append => new KvReply.Appended(Number(heard, "bytes")),
            KvCommand.Delete => new KvReply.Deleted(Said(heard, "existed")),
            KvCommand.CompareAndSet => Said(heard, "swapped")
                ? new KvReply.Swapped()
                : new KvReply.Differs((heard["actual"] ?? throw ObjectWords.Missing(heard, "actual")).Text),
            KvCommand.Scan => new KvReply.Page(Pairs(heard), heard["next"]?.Text),
            _ => new KvReply.Done(),
        })),
    };

    /// <summary>The fields of a command; f is among them.</summary>
    public static IEnumerable<(string Name, object? Value)> FieldsOf(KvCommand command) => command switch
    {
        KvCommand.Get get => [("f", "get"), ("key", get.Key), .. Stale(get.MaybeStale)],
        KvCommand.Put put => [("f", "put"), ("key", put.Key), ("value", put.Value)],
        KvCommand.Append append => [("f", "append"), ("key", append.Key), ("value", append.Value)],
        KvCommand.Delete delete => [("f", "delete"), ("key", delete.Key)],
        KvCommand.CompareAndSet cas => [("f", "cas"), ("key", cas.Key), ("value", new[] { cas.Expected, cas.Value })],
        KvCommand.Scan scan => [("f", "scan"), ("from", scan.From), ("limit", scan.Limit), .. Stale(scan.MaybeStale)],
        _ => throw new ArgumentException($"A history file has no {command.GetType().Name}."),
    };

    public static IEnumerable<(string Name, object? Value)> FieldsOf(KvReply reply) => reply switch
    {
        KvReply.Found found => [("value", found.Value)],
        KvReply.Missing => [("value", null)],
        KvReply.Appended appended => [("bytes", appended.Bytes)],
        KvReply.Deleted deleted => [("existed", deleted.Existed)],
        KvReply.Swapped => [("swapped", true)],
        KvReply.Differs differs => [("swapped", false), ("actual", differs.Actual)],
        KvReply.Page page => [("pairs", page.Pairs.Select(pair => new[] { pair.Key, pair.Value })), ("next", page.Next)],
        KvReply.TooLarge large => [("refused", large.Reason)],
        _ => [],
    };

    private static (string Name, object? Value)[] Stale(bool stale) => stale ? [("stale", true)] : [];

    private static bool Said(HistoryLine read, string name) => ObjectWords.Truth(read, name) ?? throw ObjectWords.Missing(read, name);

    private static string Word(HistoryLine read, string name) => read[name]?.Text ?? throw ObjectWords.Missing(read, name);

    private static int Number(HistoryLine read, string name) =>
        int.TryParse(Word(read, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"Line {read.Line}: {name} is a number, not \"{SafeText.Shorten(read[name]?.Text ?? "", 40)}\".");

    private static Seq<KvPair> Pairs(HistoryLine read) => read["pairs"] is Edn.Vector vector
        ? Seq.ToSeq(vector.Items.Select(item => item is Edn.Vector { Items: [{ Text: { } key }, { Text: { } value }] }
            ? new KvPair(key, value)
            : throw ObjectWords.Missing(read, "pairs of key and value")))
        : throw ObjectWords.Missing(read, "pairs");
}
