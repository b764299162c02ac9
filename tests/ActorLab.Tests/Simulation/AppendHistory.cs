using ActorLab.Algorithms.KeyValue;
using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Lab;

namespace ActorLab.Tests.Simulation;

/// <summary>
/// Histories whose writes append tokens that are each used once are those of one store: linearizable together with a read
/// of every key at the end, and no stale read saw what never was a value.
/// </summary>
internal static class AppendHistory
{
    public static string Token(Address client, long number) => $"{client.Node}-{number};";

    /// <summary>What is wrong, as a sentence, or null.</summary>
    /// <param name="history">Of appends and gets.</param>
    /// <param name="last">The values at the end of the run.</param>
    public static string? Fault(History history, Map<string, string> last)
    {
        var end = history.Operations.Select(operation => Math.Max(operation.InvokedAt, operation.CompletedAt ?? 0)).DefaultIfEmpty().Max();
        var keys = history.Operations.Select(operation => KeyOf(operation.Command)).Distinct().Order(StringComparer.Ordinal);
        var whole = new History(history.Operations.AddRange(keys.Select((key, i) => new HistoryOperation(
            new Address(new NodeId("end"), "reader"), i, new KvCommand.Get(key), end + 1, end + 2, Outcome.Ok,
            last.TryGetValue(key, out var value) ? new KvReply.Found(value) : new KvReply.Missing())).ToSeq()));
        var result = LinearizabilityChecker.Check(whole, KvStoreModel.Instance);
        return result.Culprit is { Broken: { } broken } culprit
                ? $"{whole.Operations[broken.Operation]} of {culprit.Object} cannot be placed in any order; what was before it leaves {broken.State}"
                    + Repeated(last.FindOr(culprit.Object!, ""))
            : result.Verdict != LinearizabilityVerdict.Linearizable ? $"the history was not judged: {result.Reason}"
            : history.Operations.Where(operation => operation is { Command: KvCommand.Get { MaybeStale: true }, Outcome: Outcome.Ok })
                .Select(read => FaultOfStale(read, last)).FirstOrDefault(fault => fault is not null);
    }

    /// <summary>No token is appended twice by its client: one that is in a value again was applied again.</summary>
    private static string Repeated(string value) =>
        value.Split(';', StringSplitOptions.RemoveEmptyEntries).GroupBy(token => token).FirstOrDefault(same => same.Count() > 1)?.Key is { } token
            ? $"; in the end {token} is in it more than once"
            : "";

    /// <summary>A stale read sees a value on the way to the last one.</summary>
    private static string? FaultOfStale(HistoryOperation read, Map<string, string> last) =>
        read.Reply is not KvReply.Found found || last.FindOr(KeyOf(read.Command), "").StartsWith(found.Value, StringComparison.Ordinal)
            ? null
            : $"{read.Client}'s stale get {read.Number} gave {found.Value}, which never was a value on the way to the last one";

    private static string KeyOf(object command) => command switch
    {
        KvCommand.Append append => append.Key,
        KvCommand.Get get => get.Key,
        _ => throw new ArgumentException($"This check knows appends and gets, not {command}."),
    };
}
