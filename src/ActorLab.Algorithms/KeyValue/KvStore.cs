using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.KeyValue;

/// <summary>What the store holds.</summary>
/// <param name="Values">Each value by its key.</param>
/// <param name="Keys">The keys again, as the index that lets a scan start anywhere without walking there.</param>
[MemoryPackable]
public sealed partial record KvState(Map<string, string> Values, [property: MemoryPackIgnore] Set<string> Keys)
{
    public static readonly KvState Empty = new(default, default);

    /// <summary>As it is read: the index is not written.</summary>
    [MemoryPackConstructor]
    public KvState(Map<string, string> values)
        : this(values, values.Keys.ToSet())
    {
    }

    public KvState With(string key, string value) =>
        new(Values.Set(key, value), Values.ContainsKey(key) ? Keys : Keys.Add(key));

    internal KvState Without(string key) => new(Values.Remove(key), Keys.Remove(key));
}

/// <summary>The key-value store as a deterministic state machine: strings by string keys, in ordinal order.</summary>
public sealed class KvStore : IStateMachine<KvState, KvCommand, KvReply>
{
    public static readonly KvStore Instance = new();

    private static readonly KvReply Done = new KvReply.Done();
    private static readonly KvReply Missing = new KvReply.Missing();
    private static readonly KvReply Swapped = new KvReply.Swapped();

    public KvState Initial => KvState.Empty;

    public (KvState State, KvReply Reply) Apply(KvState state, KvCommand command) =>
        KvLimits.Refusal(command) is { } refusal
            ? (state, new KvReply.TooLarge(refusal))
            : command switch
            {
                KvCommand.Get get =>
                    (state, state.Values.TryGetValue(get.Key, out var value) ? new KvReply.Found(value) : Missing),
                KvCommand.Put put => (state.With(put.Key, put.Value), Done),
                KvCommand.Delete delete => state.Values.ContainsKey(delete.Key)
                    ? (state.Without(delete.Key), new KvReply.Deleted(true))
                    : (state, new KvReply.Deleted(false)),
                KvCommand.Append append => Append(state, append),
                KvCommand.CompareAndSet cas => CompareAndSet(state, cas),
                KvCommand.Scan scan => (state, Scan(state, scan)),
                _ => throw new ArgumentException($"The store knows no {command.GetType().Name}."),
            };

    public Access AccessOf(KvCommand command) => command switch
    {
        KvCommand.Get get => get.MaybeStale ? Access.StaleRead : Access.Read,
        KvCommand.Scan scan => scan.MaybeStale ? Access.StaleRead : Access.Read,
        _ => Access.Write,
    };

    public string? Refusal(KvCommand command) => KvLimits.Refusal(command);

    public int SizeOf(KvCommand command) => command switch
    {
        KvCommand.Put put => Overhead + Bytes(put.Key) + Bytes(put.Value),
        KvCommand.Delete delete => Overhead + Bytes(delete.Key),
        KvCommand.Append append => Overhead + Bytes(append.Key) + Bytes(append.Value),
        KvCommand.CompareAndSet cas => Overhead + Bytes(cas.Key) + Bytes(cas.Expected ?? "") + Bytes(cas.Value),
        KvCommand.Get get => Overhead + Bytes(get.Key),
        KvCommand.Scan scan => Overhead + Bytes(scan.From),
        _ => Overhead,
    };

    /// <summary>Tags and lengths of one command.</summary>
    private const int Overhead = 32;

    private static int Bytes(string text) => System.Text.Encoding.UTF8.GetByteCount(text);

    private static (KvState State, KvReply Reply) Append(KvState state, KvCommand.Append append)
    {
        var value = state.Values.FindOr(append.Key, "") + append.Value;
        var bytes = Bytes(value);
        return bytes > KvLimits.MostValueBytes
            ? (state, new KvReply.TooLarge(KvLimits.TooLongValue(bytes)))
            : (state.With(append.Key, value), new KvReply.Appended(bytes));
    }

    private static (KvState State, KvReply Reply) CompareAndSet(KvState state, KvCommand.CompareAndSet cas)
    {
        var actual = state.Values.Find(cas.Key);
        return actual == cas.Expected
            ? (state.With(cas.Key, cas.Value), Swapped)
            : (state, new KvReply.Differs(actual));
    }

    private static KvReply.Page Scan(KvState state, KvCommand.Scan scan)
    {
        var pairs = Seq<KvPair>.Empty;
        var bytes = 0;
        for (var i = state.Keys.CountBefore(scan.From); i < state.Keys.Count; i++)
        {
            var key = state.Keys[i];
            var value = state.Values[key];
            bytes += Bytes(key) + Bytes(value);
            if (pairs.Count == scan.Limit || (bytes > KvLimits.MostPageBytes && !pairs.IsEmpty))
            {
                return new KvReply.Page(pairs, key);
            }

            pairs = pairs.Add(new KvPair(key, value));
        }

        return new KvReply.Page(pairs, null);
    }
}
