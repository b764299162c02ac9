using System.Globalization;
using ActorLab.Core;

namespace ActorLab.Algorithms.KeyValue;

/// <summary>What users may ask of a replicated key-value store, once for console, HTTP and workloads.</summary>
public static class KvOperations
{
    private static readonly OperationParameter Key = new("key", "1 byte to 1 KiB of text", KvLimits.MostKeyBytes);

    private static readonly OperationParameter Stale = new(
        "stale", "any node answers from what it has applied, which may be old", 5, Optional: true, Flag: true);

    /// <summary>
    /// Get, put, delete, append, cas and scan, taken by a role of that name; they build a <see cref="KvCommand"/>.
    /// </summary>
    public static Seq<OperationKind> For(string role) =>
    [
        Kind(role, "get", "Reads a value.", [Key, Stale],
            given => new KvCommand.Get(given["key"], StaleOf(given))),
        Kind(role, "put", "Writes a value.", [Key, Value("value", "up to 1 MiB of text")],
            given => new KvCommand.Put(given["key"], given["value"])),
        Kind(role, "delete", "Removes a key.", [Key],
            given => new KvCommand.Delete(given["key"])),
        Kind(role, "append", "Adds text to the end of a value.", [Key, Value("value", "up to 1 MiB of text")],
            given => new KvCommand.Append(given["key"], given["value"])),
        Kind(role, "cas", "Writes a value if the present one is as expected.",
            [
                Key,
                Value("value", "the new value"),
                Value("expected", "the present value; left out: there must be none") with { Optional = true },
            ],
            given => new KvCommand.CompareAndSet(given["key"], given.Find("expected"), given["value"])),
        Kind(role, "scan", "Lists keys and values in order.",
            [
                new OperationParameter("from", "the first key that may be listed", KvLimits.MostKeyBytes, Optional: true),
                new OperationParameter("limit", "how many, 1 to 1000 (100)", 64, Optional: true),
                Stale,
            ],
            given => new KvCommand.Scan(given.FindOr("from", ""), LimitOf(given), StaleOf(given))),
    ];

    private static OperationParameter Value(string name, string summary) => new(name, summary, KvLimits.MostValueBytes);

    private static OperationKind Kind(
        string role, string name, string summary, Seq<OperationParameter> parameters,
        Func<Map<string, string>, KvCommand> build) =>
        new(name, summary, parameters, role, given =>
        {
            foreach (var parameter in parameters)
            {
                if (!parameter.Optional && !given.ContainsKey(parameter.Name))
                {
                    throw new FormatException($"{name} needs a {parameter.Name}: {parameter.Summary}.");
                }
            }

            var command = build(given);
            return KvLimits.Refusal(command) is { } refusal ? throw new FormatException(refusal) : command;
        });

    private static bool StaleOf(Map<string, string> given) => given.FindOr("stale", "false") switch
    {
        "true" => true,
        "false" => false,
        var other => throw new FormatException($"stale is true or false, not '{other}'."),
    };

    private static int LimitOf(Map<string, string> given) =>
        int.TryParse(given.FindOr("limit", "100"), NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? limit
            : throw new FormatException($"limit is a number of 1 to {KvLimits.MostScanned}, not '{given["limit"]}'.");
}
