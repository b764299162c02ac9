using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;
using Google.Protobuf;

namespace ActorLab.Lab.Etcd;

/// <summary>Tells results of the lab's store in the words of etcd's API.</summary>
internal static class EtcdAnswers
{
    public static RangeResponse Range(RangeRequest request, KvResult result, ResponseHeader header)
    {
        var items = (KvResult.Items)result;
        var response = new RangeResponse { Header = header, Count = items.Count };
        if (!EtcdRequests.IsArranged(request))
        {
            response.Kvs.AddRange(items.Found.Select(KeyValue));
            response.More = !request.CountOnly && items.Found.Count < items.Count;
            return response;
        }

        var arranged = Arrange(request, items.Found);
        var most = request.Limit == 0 ? int.MaxValue : (int)request.Limit;
        response.More = arranged.Count > most;
        response.Kvs.AddRange(arranged.Take(most).Select(item => KeyValue(request.KeysOnly ? item with { Value = "" } : item)));
        return response;
    }

    public static PutResponse Put(KvResult result, ResponseHeader header) =>
        new() { Header = header, PrevKv = ((KvResult.Written)result).Previous is { } previous ? KeyValue(previous) : null };

    public static DeleteRangeResponse Delete(KvResult result, ResponseHeader header)
    {
        var removed = (KvResult.Removed)result;
        var response = new DeleteRangeResponse { Header = header, Deleted = removed.Count };
        response.PrevKvs.AddRange(removed.Previous.Select(KeyValue));
        return response;
    }

    public static TxnResponse Txn(TxnRequest request, KvReply.Transacted reply, ResponseHeader header)
    {
        var response = new TxnResponse { Header = header, Succeeded = reply.Held };
        response.Responses.AddRange((reply.Held ? request.Success : request.Failure)
            .Zip(reply.Results, (step, result) => Step(step, result, new ResponseHeader { Revision = reply.Revision })));
        return response;
    }

    private static ResponseOp Step(RequestOp step, KvResult result, ResponseHeader header) => step.RequestCase switch
    {
        RequestOp.RequestOneofCase.RequestRange => new ResponseOp { ResponseRange = Range(step.RequestRange, result, header) },
        RequestOp.RequestOneofCase.RequestPut => new ResponseOp { ResponsePut = Put(result, header) },
        _ => new ResponseOp { ResponseDeleteRange = Delete(result, header) },
    };

    private static KeyValue KeyValue(KvItem item) => new()
    {
        Key = ByteString.CopyFromUtf8(item.Key),
        Value = ByteString.CopyFromUtf8(item.Value),
        CreateRevision = item.Created,
        ModRevision = item.Modified,
        Version = item.Writes,
    };

    private static List<KvItem> Arrange(RangeRequest request, Seq<KvItem> found)
    {
        var kept = found.Where(item =>
            Within(item.Modified, request.MinModRevision, request.MaxModRevision)
            && Within(item.Created, request.MinCreateRevision, request.MaxCreateRevision));
        var ordered = request.SortTarget switch
        {
            RangeRequest.Types.SortTarget.Version => kept.OrderBy(item => item.Writes),
            RangeRequest.Types.SortTarget.Create => kept.OrderBy(item => item.Created),
            RangeRequest.Types.SortTarget.Mod => kept.OrderBy(item => item.Modified),
            RangeRequest.Types.SortTarget.Value => kept.OrderBy(item => item.Value, StringComparer.Ordinal),
            _ => kept.OrderBy(item => item.Key, StringComparer.Ordinal),
        };
        return [.. request.SortOrder == RangeRequest.Types.SortOrder.Descend ? ordered.Reverse() : ordered];
    }

    private static bool Within(long revision, long least, long most) => revision >= least && (most == 0 || revision <= most);
}
