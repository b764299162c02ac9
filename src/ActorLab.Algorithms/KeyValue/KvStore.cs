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

    /// <summary>How many commands have changed something; 0 where versions are not kept.</summary>
    public long Revision { get; init; }

    /// <summary>When each key was written; empty where versions are not kept.</summary>
    public Map<string, KvVersion> Versions { get; init; }

    /// <param name="key">The key.</param>
    /// <param name="value">The value it gets.</param>
    /// <param name="revision">The one that writes it; 0 to keep no versions.</param>
    public KvState With(string key, string value, long revision = 0)
    {
        var values = Values.Set(key, value);
        var keys = values.Count == Values.Count ? Keys : Keys.Add(key);
        if (revision == 0)
        {
            return new KvState(values, keys);
        }

        var version = Versions.Find(key) is { } old
            ? new KvVersion(old.Created, revision, old.Writes + 1)
            : new KvVersion(revision, revision, 1);
        return new KvState(values, keys) { Revision = revision, Versions = Versions.Set(key, version) };
    }

    /// <param name="key">One that is there.</param>
    /// <param name="revision">The one that removes it; 0 to keep no versions.</param>
    internal KvState Without(string key, long revision) =>
        new(Values.Remove(key), Keys.Remove(key)) { Revision = revision, Versions = Versions.Remove(key) };
}

/// <summary>The key-value store as a deterministic state machine: strings by string keys, in ordinal order.</summary>
public sealed class KvStore : IStateMachine<KvState, KvCommand, KvReply>
{
    public static readonly KvStore Instance = new(keepsVersions: true);

    /// <summary>
    /// The same store to those who never ask for versions. A judge that looks for an order of operations meets far fewer
    /// states of it: with versions no two orders give the same.
    /// </summary>
    public static readonly KvStore WithoutVersions = new(keepsVersions: false);

    private readonly bool _keepsVersions;

    private KvStore(bool keepsVersions) => _keepsVersions = keepsVersions;

    private static readonly KvReply Done = new KvReply.Done();
    private static readonly KvReply Missing = new KvReply.Missing();
    private static readonly KvReply Swapped = new KvReply.Swapped();

    public KvState Initial => KvState.Empty;

    public (KvState State, KvReply Reply) Apply(KvState state, KvCommand command)
    {
        if (KvLimits.Refusal(command) is { } refusal)
        {
            return (state, new KvReply.TooLarge(refusal));
        }

        var next = _keepsVersions ? state.Revision + 1 : 0;
        return command switch
        {
            KvCommand.Get get =>
                (state, state.Values.TryGetValue(get.Key, out var value) ? new KvReply.Found(value) : Missing),
            KvCommand.Put put => (state.With(put.Key, put.Value, next), Done),
            KvCommand.Delete delete => state.Values.ContainsKey(delete.Key)
                ? (state.Without(delete.Key, next), new KvReply.Deleted(true))
                : (state, new KvReply.Deleted(false)),
            KvCommand.Append append => Append(state, append, next),
            KvCommand.CompareAndSet cas => CompareAndSet(state, cas, next),
            KvCommand.Transact transact => KvTransaction.Apply(state, transact, next),
            KvCommand.Scan scan => (state, Scan(state, scan)),
            _ => throw new ArgumentException($"The store knows no {command.GetType().Name}."),
        };
    }

    public Access AccessOf(KvCommand command) => command switch
    {
        KvCommand.Get get => get.MaybeStale ? Access.StaleRead : Access.Read,
        KvCommand.Scan scan => scan.MaybeStale ? Access.StaleRead : Access.Read,
        KvCommand.Transact { OnlyReads: true } transact => transact.MaybeStale ? Access.StaleRead : Access.Read,
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
        KvCommand.Transact transact => Overhead + SizeOf(transact),
        _ => Overhead,
    };

    private static int SizeOf(KvCommand.Transact transact)
    {
        var bytes = 0;
        for (var i = 0; i < transact.Compares.Count; i++)
        {
            bytes += Overhead + SizeOf(transact.Compares[i].Range) + Bytes(transact.Compares[i].Text);
        }

        return bytes + SizeOf(transact.Then) + SizeOf(transact.Else);
    }

    private static int SizeOf(Seq<KvStep> steps)
    {
        var bytes = 0;
        for (var i = 0; i < steps.Count; i++)
        {
            bytes += SizeOf(steps[i]);
        }

        return bytes;
    }

    private static int SizeOf(KvStep step) => Overhead + step switch
    {
        KvStep.Read read => SizeOf(read.Range),
        KvStep.Put put => Bytes(put.Key) + Bytes(put.Value),
        KvStep.Delete delete => SizeOf(delete.Range),
        _ => 0,
    };

    private static int SizeOf(KvRange range) => Bytes(range.From) + Bytes(range.To);

    /// <summary>Tags and lengths of one command.</summary>
    internal const int Overhead = 32;

    private static int Bytes(string text) => System.Text.Encoding.UTF8.GetByteCount(text);

    private static (KvState State, KvReply Reply) Append(KvState state, KvCommand.Append append, long next)
    {
        var value = state.Values.FindOr(append.Key, "") + append.Value;
        var bytes = Bytes(value);
        return bytes > KvLimits.MostValueBytes
            ? (state, new KvReply.TooLarge(KvLimits.TooLongValue(bytes)))
            : (state.With(append.Key, value, next), new KvReply.Appended(bytes));
    }

    private static (KvState State, KvReply Reply) CompareAndSet(KvState state, KvCommand.CompareAndSet cas, long next)
    {
        var actual = state.Values.Find(cas.Key);
        return actual == cas.Expected
            ? (state.With(cas.Key, cas.Value, next), Swapped)
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
