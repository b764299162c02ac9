using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;

namespace ActorLab.Tests.Simulation;

/// <summary>
/// A sound check of histories whose writes append tokens that are each used once: it accepts every linearizable history,
/// and refuses lost, repeated, invented and reordered appends, and reads of the past or of another branch.
/// </summary>
internal static class AppendHistory
{
    public static string Token(Address client, long number) => $"{client.Node}-{number};";

    /// <summary>What is wrong, as a sentence, or null.</summary>
    /// <param name="history">Of appends and gets.</param>
    /// <param name="last">The values at the end of the run.</param>
    public static string? Fault(History history, Map<string, string> last)
    {
        var operations = history.Operations;
        var keys = operations.Select(operation => KeyOf(operation.Command)).Distinct().Order(StringComparer.Ordinal);
        return keys.Select(key => FaultOf(
            key, [.. operations.Where(operation => KeyOf(operation.Command) == key)], Tokens(last.FindOr(key, ""))))
            .FirstOrDefault(fault => fault is not null);
    }

    private static string? FaultOf(string key, HistoryOperation[] operations, string[] final)
    {
        var place = new Dictionary<string, int>();
        foreach (var token in final)
        {
            if (!place.TryAdd(token, place.Count))
            {
                return $"{token} was appended to {key} more than once";
            }
        }

        var appends = operations.Where(operation => operation.Command is KvCommand.Append)
            .ToDictionary(operation => ((KvCommand.Append)operation.Command).Value.TrimEnd(';'));
        return place.Keys.Where(token => !appends.ContainsKey(token) || appends[token].Outcome == Outcome.Failed)
                .Select(token => $"{token} is in {key}, but nobody appended it, or was told that it failed").FirstOrDefault()
            ?? appends.Where(pair => pair.Value.Outcome == Outcome.Ok && !place.ContainsKey(pair.Key))
                .Select(pair => $"{pair.Key} was acknowledged, and is not in {key}").FirstOrDefault()
            ?? OutOfOrder(key, [.. final.Select(token => appends[token])])
            ?? operations.Where(operation => operation is { Command: KvCommand.Get, Outcome: Outcome.Ok })
                .Select(get => FaultOfRead(key, get, final, appends, place)).FirstOrDefault(fault => fault is not null)
            ?? GoesBack(key, operations);
    }

    /// <summary>An append that was acknowledged before another was asked comes before it.</summary>
    private static string? OutOfOrder(string key, HistoryOperation[] inOrder)
    {
        var latestInvocation = long.MinValue;
        foreach (var append in inOrder)
        {
            if ((append.CompletedAt ?? long.MaxValue) < latestInvocation && append.Outcome == Outcome.Ok)
            {
                return $"{append.Client}'s append {append.Number} to {key} comes after one that was asked when it was done";
            }

            latestInvocation = Math.Max(latestInvocation, append.InvokedAt);
        }

        return null;
    }

    private static string? FaultOfRead(
        string key, HistoryOperation get, string[] final, Dictionary<string, HistoryOperation> appends,
        Dictionary<string, int> place)
    {
        var read = ReadBy(get);
        if (!final.AsSpan(0, Math.Min(read.Length, final.Length)).SequenceEqual(read))
        {
            return $"{get.Client}'s get {get.Number} of {key} gave {read.Length} tokens up to {read.LastOrDefault()} at "
                + $"{get.CompletedAt} µs, which never was a value on the way to the last one";
        }

        if (read.FirstOrDefault(token => appends[token].InvokedAt > get.CompletedAt) is { } early)
        {
            return $"{get.Client} read {early} of {key} before anybody asked for it";
        }

        var missed = appends.FirstOrDefault(pair =>
            pair.Value.Outcome == Outcome.Ok && pair.Value.CompletedAt < get.InvokedAt && place[pair.Key] >= read.Length);
        return missed.Key is null || IsStale(get)
            ? null
            : $"{get.Client}'s get {get.Number} of {key} misses {missed.Key}, which was acknowledged before";
    }

    /// <summary>A read that began when another was done sees no less.</summary>
    private static string? GoesBack(string key, HistoryOperation[] operations)
    {
        var reads = operations
            .Where(operation => operation is { Command: KvCommand.Get, Outcome: Outcome.Ok } && !IsStale(operation))
            .ToArray();
        var ended = reads.OrderBy(read => read.CompletedAt).ToArray();
        var (next, seen) = (0, 0);
        foreach (var read in reads.OrderBy(read => read.InvokedAt))
        {
            for (; next < ended.Length && ended[next].CompletedAt < read.InvokedAt; next++)
            {
                seen = Math.Max(seen, ReadBy(ended[next]).Length);
            }

            if (ReadBy(read).Length < seen)
            {
                return $"{read.Client}'s get {read.Number} of {key} saw less than one that was done when it was asked";
            }
        }

        return null;
    }

    private static bool IsStale(HistoryOperation operation) => operation.Command is KvCommand.Get { MaybeStale: true };

    private static string[] ReadBy(HistoryOperation get) => get.Reply is KvReply.Found found ? Tokens(found.Value) : [];

    private static string[] Tokens(string value) => value.Split(';', StringSplitOptions.RemoveEmptyEntries);

    private static string KeyOf(object command) => command switch
    {
        KvCommand.Append append => append.Key,
        KvCommand.Get get => get.Key,
        _ => throw new ArgumentException($"This check knows appends and gets, not {command}."),
    };
}
