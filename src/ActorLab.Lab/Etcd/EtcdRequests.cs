using System.Text;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;
using Google.Protobuf;
using Grpc.Core;

namespace ActorLab.Lab.Etcd;

/// <summary>
/// Reads requests of etcd's API as commands of the lab's store. The store holds text: keys and values that are no UTF-8,
/// and what the store does not have (leases, older revisions), are refused with a sentence.
/// </summary>
internal static class EtcdRequests
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    public static KvCommand.Transact Command(RangeRequest request) => new(default, [Step(request)], default, request.Serializable);

    public static KvCommand.Transact Command(PutRequest request) => new(default, [Step(request)], default);

    public static KvCommand.Transact Command(DeleteRangeRequest request) => new(default, [Step(request)], default);

    public static KvCommand.Transact Command(TxnRequest request)
    {
        var command = new KvCommand.Transact(
            [.. request.Compare.Select(Compare)], [.. request.Success.Select(Step)], [.. request.Failure.Select(Step)]);
        return command with { MaybeStale = command.OnlyReads && IsSerializable(request) };
    }

    /// <summary>Whether the front orders or filters what the store found, so that the limit is the front's too.</summary>
    public static bool IsArranged(RangeRequest request) =>
        request.MinModRevision != 0 || request.MaxModRevision != 0 || request.MinCreateRevision != 0 || request.MaxCreateRevision != 0
        || request.SortOrder == RangeRequest.Types.SortOrder.Descend
        || request.SortTarget != RangeRequest.Types.SortTarget.Key;

    public static RpcException Invalid(string sentence) => new(new Status(StatusCode.InvalidArgument, sentence));

    private static bool IsSerializable(TxnRequest request)
    {
        var steps = request.Success.Concat(request.Failure).ToList();
        return steps.Count > 0 && steps.All(step => step.RequestRange.Serializable);
    }

    private static KvStep Step(RequestOp step) => step.RequestCase switch
    {
        RequestOp.RequestOneofCase.RequestRange => Step(step.RequestRange),
        RequestOp.RequestOneofCase.RequestPut => Step(step.RequestPut),
        RequestOp.RequestOneofCase.RequestDeleteRange => Step(step.RequestDeleteRange),
        RequestOp.RequestOneofCase.RequestTxn => throw Invalid("A transaction within a transaction is not served here."),
        _ => throw Invalid("A step of the transaction asks for nothing."),
    };

    private static KvStep.Read Step(RangeRequest request) => request switch
    {
        { Revision: > 0 } => throw new RpcException(new Status(StatusCode.OutOfRange, "The lab keeps no older revisions: leave the revision out.")),
        { Limit: < 0 or > int.MaxValue } => throw Invalid("The limit is 0, for all, or a positive number."),
        _ => new KvStep.Read(
            Range(request.Key, request.RangeEnd), IsArranged(request) ? 0 : (int)request.Limit,
            request.CountOnly, request.KeysOnly && request.SortTarget != RangeRequest.Types.SortTarget.Value),
    };

    private static KvStep.Put Step(PutRequest request) => request switch
    {
        { Lease: not 0 } => throw Invalid("The lab has no leases."),
        { IgnoreValue: true } or { IgnoreLease: true } => throw Invalid("A put here always brings its value, and has no lease to keep."),
        _ => new KvStep.Put(Key(request.Key), Value(request.Value), request.PrevKv),
    };

    private static KvStep.Delete Step(DeleteRangeRequest request) => new(Range(request.Key, request.RangeEnd), request.PrevKv);

    private static KvCompare Compare(Compare compare)
    {
        var relation = compare.Result switch
        {
            Etcd.Compare.Types.CompareResult.Equal => KvRelation.Equal,
            Etcd.Compare.Types.CompareResult.NotEqual => KvRelation.NotEqual,
            Etcd.Compare.Types.CompareResult.Less => KvRelation.Less,
            Etcd.Compare.Types.CompareResult.Greater => KvRelation.Greater,
            _ => throw Invalid("A comparison is by none of =, !=, < and >."),
        };
        var range = Range(compare.Key, compare.RangeEnd);
        return compare.Target switch
        {
            Etcd.Compare.Types.CompareTarget.Value => new KvCompare(range, KvAspect.Value, relation, Value(compare.Value), 0),
            Etcd.Compare.Types.CompareTarget.Create => new KvCompare(range, KvAspect.Created, relation, "", compare.CreateRevision),
            Etcd.Compare.Types.CompareTarget.Mod => new KvCompare(range, KvAspect.Modified, relation, "", compare.ModRevision),
            Etcd.Compare.Types.CompareTarget.Version => new KvCompare(range, KvAspect.Writes, relation, "", compare.Version),
            _ => throw Invalid("A comparison looks at value, version, create or mod revision; the lab has no leases."),
        };
    }

    /// <summary>
    /// etcd's three forms: no end, for one key; a zero byte, for all keys from this one on; else the keys before the end, which
    /// clients use for prefixes too: then the end is the prefix with its last byte one higher, which need not be text.
    /// </summary>
    private static KvRange Range(ByteString key, ByteString end)
    {
        if (end.IsEmpty)
        {
            return new KvRange(KvRangeKind.One, Key(key));
        }

        if (end.Length == 1 && end[0] == 0)
        {
            return key.IsEmpty ? new KvRange(KvRangeKind.Prefix, "") : new KvRange(KvRangeKind.Onwards, Key(key));
        }

        return IsPrefixOf(key, end)
            ? new KvRange(KvRangeKind.Prefix, Key(key))
            : new KvRange(KvRangeKind.Between, key.IsEmpty ? "" : Key(key), Text(end, "end of the range"));
    }

    private static bool IsPrefixOf(ByteString key, ByteString end)
    {
        // Trailing bytes of 255 cannot be counted up: etcd's clients drop them first. Text has none.
        return !key.IsEmpty && key.Length == end.Length && key[^1] < byte.MaxValue && end[^1] == key[^1] + 1
            && key.Span[..^1].SequenceEqual(end.Span[..^1]);
    }

    private static string Key(ByteString key) => key.IsEmpty
        ? throw Invalid("The key is empty; give it 1 byte or more.")
        : Text(key, "key");

    private static string Value(ByteString value) => Text(value, "value");

    private static string Text(ByteString bytes, string what)
    {
        try
        {
            return Utf8.GetString(bytes.Span);
        }
        catch (DecoderFallbackException)
        {
            throw Invalid($"The {what} is no UTF-8: the lab's store holds text.");
        }
    }
}
