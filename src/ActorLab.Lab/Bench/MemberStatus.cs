using ActorLab.Lab.Etcd;

namespace ActorLab.Lab;

/// <summary>Asks a member how it is, over etcd's API.</summary>
internal static class MemberStatus
{
    /// <returns>Null while it does not answer.</returns>
    public static async Task<StatusResponse?> Of(BenchTarget target, string member, CancellationToken stopped)
    {
        try
        {
            using var grpc = await LeanGrpc.Connect(target.PortOf(member), stopped).ConfigureAwait(false);
            var call = LeanGrpc.Prepare("/etcdserverpb.Maintenance/Status", new StatusRequest(), target.Token);
            return await grpc.Call(call, stopped).ConfigureAwait(false) is { } bytes ? StatusResponse.Parser.ParseFrom(bytes.Span) : null;
        }
        catch (IOException)
        {
            return null; // it is starting, or was killed
        }
    }
}
