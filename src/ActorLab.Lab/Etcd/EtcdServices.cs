using Grpc.Core;

namespace ActorLab.Lab.Etcd;

/// <summary>Reads and writes. Linearizable unless a range asks to be serializable.</summary>
internal sealed class KvService(EtcdFront front) : KV.KVBase
{
    public override async Task<RangeResponse> Range(RangeRequest request, ServerCallContext context)
    {
        var reply = await front.Ask(EtcdRequests.Command(request), context).ConfigureAwait(false);
        return EtcdAnswers.Range(request, reply.Results[0], front.Header(reply.Revision));
    }

    public override async Task<PutResponse> Put(PutRequest request, ServerCallContext context)
    {
        var reply = await front.Ask(EtcdRequests.Command(request), context).ConfigureAwait(false);
        return EtcdAnswers.Put(reply.Results[0], front.Header(reply.Revision));
    }

    public override async Task<DeleteRangeResponse> DeleteRange(DeleteRangeRequest request, ServerCallContext context)
    {
        var reply = await front.Ask(EtcdRequests.Command(request), context).ConfigureAwait(false);
        return EtcdAnswers.Delete(reply.Results[0], front.Header(reply.Revision));
    }

    public override async Task<TxnResponse> Txn(TxnRequest request, ServerCallContext context)
    {
        var reply = await front.Ask(EtcdRequests.Command(request), context).ConfigureAwait(false);
        return EtcdAnswers.Txn(request, reply, front.Header(reply.Revision));
    }
}

/// <summary>Who the members are.</summary>
internal sealed class ClusterService(EtcdFront front) : Cluster.ClusterBase
{
    public override Task<MemberListResponse> MemberList(MemberListRequest request, ServerCallContext context)
    {
        var response = new MemberListResponse { Header = front.Header() };
        response.Members.AddRange(front.Members());
        return Task.FromResult(response);
    }
}

/// <summary>How this member is.</summary>
internal sealed class MaintenanceService(EtcdFront front) : Maintenance.MaintenanceBase
{
    /// <summary>There are no alarms: a member that cannot write is down.</summary>
    public override Task<AlarmResponse> Alarm(AlarmRequest request, ServerCallContext context) => request.Action == 0
        ? Task.FromResult(new AlarmResponse { Header = front.Header() })
        : throw EtcdRequests.Invalid("The lab has no alarms to set or to clear.");

    public override Task<StatusResponse> Status(StatusRequest request, ServerCallContext context) => Task.FromResult(front.Status());
}

/// <summary>The lab's token is the password of any user: <c>etcdctl --user lab:TOKEN</c>.</summary>
internal sealed class AuthService(EtcdFront front) : Auth.AuthBase
{
    public override Task<AuthenticateResponse> Authenticate(AuthenticateRequest request, ServerCallContext context) => front.Knows(request.Password)
        ? Task.FromResult(new AuthenticateResponse { Header = front.Header(), Token = request.Password })
        : throw EtcdRequests.Invalid("The password is not the token of this lab: lab up says in which file that is.");
}
