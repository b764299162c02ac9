using ActorLab.Algorithms.KeyValue;
using ActorLab.Lab.Etcd;
using Google.Protobuf;
using Grpc.Core;

namespace ActorLab.Tests.Etcd;

/// <summary>Requests of etcd's API as commands of the store, and the store's results in etcd's words.</summary>
public sealed class EtcdRequestsTests
{
    [Fact]
    public void Ranges_are_read_as_etcds_clients_write_them()
    {
        Assert.Equal(new KvRange(KvRangeKind.One, "k"), RangeOf("k", ""));
        Assert.Equal(new KvRange(KvRangeKind.Prefix, "k"), RangeOf("k", "l"));
        Assert.Equal(new KvRange(KvRangeKind.Prefix, "a/"), RangeOf("a/", "a0"));
        Assert.Equal(new KvRange(KvRangeKind.Between, "k", "m"), RangeOf("k", "m"));
        Assert.Equal(new KvRange(KvRangeKind.Onwards, "k"), RangeOf("k", "\0"));
        Assert.Equal(new KvRange(KvRangeKind.Onwards, "\0"), RangeOf("\0", "\0"));

        // The end of a prefix need not be text: it is the last byte of the prefix and one.
        var prefix = ByteString.CopyFrom(0xc2, 0xbf);
        Assert.Equal(
            new KvRange(KvRangeKind.Prefix, "\u00bf"),
            ((KvStep.Read)EtcdRequests.Command(new RangeRequest { Key = prefix, RangeEnd = ByteString.CopyFrom(0xc2, 0xc0) }).Then[0]).Range);

        static KvRange RangeOf(string key, string end) => ((KvStep.Read)EtcdRequests.Command(new RangeRequest { Key = Utf8(key), RangeEnd = Utf8(end) }).Then[0]).Range;
    }

    [Fact]
    public void A_transaction_is_read_whole()
    {
        var command = EtcdRequests.Command(new TxnRequest
        {
            Compare =
            {
                new Compare { Key = Utf8("a"), Target = Compare.Types.CompareTarget.Mod, Result = Compare.Types.CompareResult.Greater, ModRevision = 7 },
                new Compare { Key = Utf8("a"), Target = Compare.Types.CompareTarget.Value, Result = Compare.Types.CompareResult.NotEqual, Value = Utf8("x") },
            },
            Success = { new RequestOp { RequestPut = new PutRequest { Key = Utf8("a"), Value = Utf8("1"), PrevKv = true } } },
            Failure = { new RequestOp { RequestDeleteRange = new DeleteRangeRequest { Key = Utf8("b") } } },
        });
        Assert.Equal(
            new KvCommand.Transact(
                [
                    new KvCompare(new KvRange(KvRangeKind.One, "a"), KvAspect.Modified, KvRelation.Greater, "", 7),
                    new KvCompare(new KvRange(KvRangeKind.One, "a"), KvAspect.Value, KvRelation.NotEqual, "x", 0),
                ],
                [new KvStep.Put("a", "1", true)],
                [new KvStep.Delete(new KvRange(KvRangeKind.One, "b"), false)]),
            command);
    }

    [Fact]
    public void Serializable_reads_may_be_stale_and_nothing_else_may()
    {
        Assert.True(EtcdRequests.Command(new RangeRequest { Key = Utf8("a"), Serializable = true }).MaybeStale);
        Assert.False(EtcdRequests.Command(new RangeRequest { Key = Utf8("a") }).MaybeStale);
        var both = new TxnRequest
        {
            Success =
            {
                new RequestOp { RequestRange = new RangeRequest { Key = Utf8("a"), Serializable = true } },
                new RequestOp { RequestRange = new RangeRequest { Key = Utf8("b"), Serializable = false } },
            },
        };
        Assert.False(EtcdRequests.Command(both).MaybeStale);
    }

    [Fact]
    public void What_the_store_does_not_have_is_refused_with_a_sentence()
    {
        Refused("UTF-8", StatusCode.InvalidArgument, () => EtcdRequests.Command(new PutRequest { Key = ByteString.CopyFrom(0xff) }));
        Refused("UTF-8", StatusCode.InvalidArgument, () => EtcdRequests.Command(new PutRequest { Key = Utf8("a"), Value = ByteString.CopyFrom(0xff) }));
        Refused("empty", StatusCode.InvalidArgument, () => EtcdRequests.Command(new PutRequest { Value = Utf8("a") }));
        Refused("leases", StatusCode.InvalidArgument, () => EtcdRequests.Command(new PutRequest { Key = Utf8("a"), Lease = 7 }));
        Refused("value", StatusCode.InvalidArgument, () => EtcdRequests.Command(new PutRequest { Key = Utf8("a"), IgnoreValue = true }));
        Refused("older revisions", StatusCode.OutOfRange, () => EtcdRequests.Command(new RangeRequest { Key = Utf8("a"), Revision = 3 }));
        Refused("limit", StatusCode.InvalidArgument, () => EtcdRequests.Command(new RangeRequest { Key = Utf8("a"), Limit = -1 }));
        Refused("within a transaction", StatusCode.InvalidArgument, () => EtcdRequests.Command(new TxnRequest { Success = { new RequestOp { RequestTxn = new TxnRequest() } } }));
        Refused("asks for nothing", StatusCode.InvalidArgument, () => EtcdRequests.Command(new TxnRequest { Success = { new RequestOp() } }));
        Refused("leases", StatusCode.InvalidArgument, () => EtcdRequests.Command(new TxnRequest { Compare = { new Compare { Key = Utf8("a"), Target = Compare.Types.CompareTarget.Lease } } }));
        Refused("none of", StatusCode.InvalidArgument, () => EtcdRequests.Command(new TxnRequest { Compare = { new Compare { Key = Utf8("a"), Result = (Compare.Types.CompareResult)9 } } }));

        static void Refused(string words, StatusCode code, Func<object> read)
        {
            var refusal = Assert.Throws<RpcException>(read);
            Assert.Equal(code, refusal.StatusCode);
            Assert.Contains(words, refusal.Status.Detail);
        }
    }

    [Fact]
    public void Items_are_ordered_filtered_and_cut_as_asked()
    {
        var items = new KvResult.Items([new KvItem("a", "z", 1, 9, 2), new KvItem("b", "y", 2, 2, 1), new KvItem("c", "x", 3, 8, 3)], 3);
        Assert.Equal("a b c", Keys(new RangeRequest()));
        Assert.Equal("c b a", Keys(new RangeRequest { SortOrder = RangeRequest.Types.SortOrder.Descend }));
        Assert.Equal("b c a", Keys(new RangeRequest { SortTarget = RangeRequest.Types.SortTarget.Mod }));
        Assert.Equal("c b a", Keys(new RangeRequest { SortTarget = RangeRequest.Types.SortTarget.Value }));
        Assert.Equal("b a c", Keys(new RangeRequest { SortTarget = RangeRequest.Types.SortTarget.Version }));
        Assert.Equal("a c", Keys(new RangeRequest { MinModRevision = 3 }));
        Assert.Equal("b", Keys(new RangeRequest { MinCreateRevision = 2, MaxCreateRevision = 2 }));
        var cut = EtcdAnswers.Range(new RangeRequest { SortOrder = RangeRequest.Types.SortOrder.Descend, Limit = 2 }, items, new ResponseHeader());
        Assert.Equal((2, true, 3), (cut.Kvs.Count, cut.More, cut.Count));

        string Keys(RangeRequest request) =>
            string.Join(" ", EtcdAnswers.Range(request, items, new ResponseHeader()).Kvs.Select(pair => pair.Key.ToStringUtf8()));
    }

    private static ByteString Utf8(string text) => ByteString.CopyFromUtf8(text);
}
