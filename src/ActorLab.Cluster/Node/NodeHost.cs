using System.Diagnostics.Metrics;
using System.Net;
using ActorLab.Console;
using Akka.Configuration;
using Akka.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;

namespace ActorLab.Cluster;

/// <summary>The application of a node: Kestrel for the control port beside Akka for the roles.</summary>
internal static class NodeHost
{
    public static WebApplication Build(
        NodeConfig config,
        ScenarioBuilder builder,
        Config hocon,
        LabNode node,
        IReadOnlyDictionary<NodeId, AkkaAddress> peers,
        string token,
        ILogger log)
    {
        var web = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        web.Services.AddSerilog(log);
        web.Services.Configure<HostOptions>(options =>
        {
            // The control port answers while the actor system starts.
            options.ServicesStartConcurrently = true;
            options.ShutdownTimeout = NodeLimits.LeaveLimit;
        });
        web.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = LabSecurity.MaxBodyBytes;
            options.Listen(IPAddress.Parse(config.Address), config.ControlPort);
            if (config.ClientPort > 0)
            {
                options.Listen(IPAddress.Parse(config.Address), config.ClientPort, listen => listen.Protocols = HttpProtocols.Http2);
            }
        });
        // Kestrel is called by the pool's threads, and nothing here blocks them: to hand its work to another one is a wake-up more
        // for every request and every answer.
        web.WebHost.UseSockets(options => options.UnsafePreferInlineScheduling = true);
        var clients = config.ClientPort > 0 ? builder.Catalogue.ClientApi : null;
        clients?.AddServices(web.Services, node, config, token);
        web.Services.AddAkka(NodeSystem.Name, (akka, _) => Configure(akka, config, hocon, node, log));

        NodeMetrics.AddTo(web.Services);
        var app = web.Build();
        _ = new NodeMetrics(node, builder.Catalogue, app.Services.GetRequiredService<IMeterFactory>());
        app.Lifetime.ApplicationStopping.Register(node.StopOperations);
        if (clients is not null)
        {
            app.MapWhen(context => context.Connection.LocalPort == config.ClientPort, clients.Use);
        }

        app.UseLabSecurity(token, [config.Address]);
        app.UseRouting();
        app.MapPrometheusScrapingEndpoint("/metrics");
        new ControlApi(node, new ClusterView(node, peers), builder).Map(app);
        return app;
    }

    /// <summary>Ends when the application was told to stop, by a signal, by the end of its actor system, or by the token.</summary>
    public static async Task Stopping(WebApplication app, CancellationToken stopped)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var byApp = app.Lifetime.ApplicationStopping.Register(() => stopping.TrySetResult());
        using var byCaller = stopped.Register(() => stopping.TrySetResult());
        await stopping.Task.ConfigureAwait(false);
    }

    private static void Configure(AkkaConfigurationBuilder akka, NodeConfig config, Config hocon, LabNode node, ILogger log)
    {
        akka.AddHocon(hocon, HoconAddMode.Prepend);
        akka.AddSetup(new NodeLoggerSetup(log));
        if (config.Store == StoreKind.Sqlite)
        {
            akka.AddSetup(SqliteStore.Setup(Path.GetFullPath(config.DataDir)));
        }

        if (config.Store != StoreKind.Memory)
        {
            akka.AddHocon(Akka.Persistence.Sql.SqlPersistence.DefaultConfiguration, HoconAddMode.Append);
        }

        // Roles run as soon as remoting does: their members are the scenario's, not the cluster's.
        akka.AddStartup(async (system, _) =>
        {
            await node.StartAsync(system).ConfigureAwait(false);
            AkkaCluster.Get(system).JoinSeedNodes(NodeSystem.Seeds(config));
        });
    }
}
