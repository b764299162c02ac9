using ActorLab.Cluster;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ActorLab.Lab.Etcd;

/// <summary>
/// A subset of etcd's v3 API over gRPC, for clients of etcd such as etcdctl: on a port of its own, and only where it was
/// asked for. Every call but Authenticate wants the lab's token.
/// </summary>
internal static class EtcdApi
{
    /// <summary>As etcd's own default.</summary>
    private const int MostRequestBytes = 1536 * 1024;

    private const string Authenticate = "/etcdserverpb.Auth/Authenticate";

    public static ClientApi Api { get; } = new(AddServices, Use);

    private static void AddServices(IServiceCollection services, LabNode node, NodeConfig config, string token)
    {
        services.AddGrpc(options => options.MaxReceiveMessageSize = MostRequestBytes);
        services.AddSingleton(new EtcdFront(node, config, token));
        services.AddSingleton<KvService>();
        services.AddSingleton<ClusterService>();
        services.AddSingleton<MaintenanceService>();
        services.AddSingleton<AuthService>();
    }

    private static void Use(IApplicationBuilder app)
    {
        var front = app.ApplicationServices.GetRequiredService<EtcdFront>();
        app.Use((context, next) => context.Request.Path == Authenticate || front.Knows(context.Request.Headers["token"])
            ? next(context)
            : Refuse(context));
        app.UseRouting();
        app.UseEndpoints(routes =>
        {
            routes.MapGrpcService<KvService>();
            routes.MapGrpcService<ClusterService>();
            routes.MapGrpcService<MaintenanceService>();
            routes.MapGrpcService<AuthService>();
        });
    }

    /// <summary>A response that is trailers only, as gRPC has it for a call that did not begin.</summary>
    private static Task Refuse(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = ((int)StatusCode.Unauthenticated).ToString();
        context.Response.Headers["grpc-message"] = "This lab wants its token: etcdctl --user lab:TOKEN";
        return Task.CompletedTask;
    }
}
