using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ActorLab.Console;
using Microsoft.AspNetCore.Builder;
using Serilog;

namespace ActorLab.Cluster;

/// <summary>The node process: what <c>lab node --config FILE</c> runs.</summary>
/// <remarks>
/// For launchers. A node asks Linux to kill it when the <em>thread</em> that started it ends (PR_SET_PDEATHSIG), so start
/// nodes from a thread that lives as long as the launcher, never from a pool thread, and start the node's program itself,
/// with no shell in between. The signal is SIGKILL, which also ends a stopped (paused) node. Everywhere a timer checks
/// that <see cref="NodeConfig.ParentPid"/> still runs. A node writes to standard output: read it, or send it to a file.
/// </remarks>
public static class NodeProgram
{
    /// <summary>The exit code of a node that refused to start: its configuration or its data folder is at fault.</summary>
    public const int Refused = 2;

    private const int Stopped = 0;
    private const int Broke = 1;

    /// <summary>Runs until it is stopped: by SIGTERM, Ctrl-C, the token, or the end of its parent.</summary>
    /// <returns>The exit code: 0 after a graceful stop, 1 when the node broke, 2 when it refused to start.</returns>
    public static async Task<int> Run(NodeConfig config, ScenarioCatalogue catalogue, CancellationToken stopped)
    {
        try
        {
            using var parent = ParentWatch.Start(config.ParentPid, EndAtOnce, System.Console.Error.WriteLine);
            if (config.Peers.All(peer => peer.Id != config.Id))
            {
                throw new NodeRefusal($"Its configuration names {config.Name}, which is none of the lab's nodes: {string.Join(", ", config.Peers.Select(peer => peer.Name))}.");
            }

            var hocon = NodeSystem.Hocon(config);
            var builder = new ScenarioBuilder(config, catalogue, hocon);
            var scenarios = builder.Build(config.Run);
            var plan = NodeSystem.Plan(config);
            var token = LabToken.Read(config.TokenFile);
            var limits = NodeLimits.From(hocon);
            RequireFree(config.Address, config.ClientPort > 0 ? [config.RemotingPort, config.ControlPort, config.ClientPort] : [config.RemotingPort, config.ControlPort]);
            using var folder = NodeFolder.Open(config);
            if (config.Store == StoreKind.Sqlite)
            {
                SqliteStore.Check(folder.Path, folder.Incarnation);
            }
            else if (config.Store == StoreKind.Postgres)
            {
                PostgresStore.Open(NodeSystem.ConnectionOf(config), PostgresStore.SchemaOf(config.LabId, config.Name), folder.Incarnation);
            }

            await using var log = NodeLogging.Create(config, hocon);
            if (limits.BatchScheduling && !BatchScheduling.Begin())
            {
                log.Information("The threads of {Node} are scheduled as any others: this system has no batch scheduling, or does not allow it", config.Name);
            }

            var peers = NodeSystem.Peers(config);
            using var node = new LabNode(
                new NodeSetup
                {
                    Node = config.Id,
                    Scenarios = scenarios,
                    ScenariosVersion = config.Run.Version,
                    Peers = peers,
                    FaultPlan = plan,
                    NextIncarnation = folder.NextIncarnation,
                    ClockFolder = Path.Combine(folder.Path, "clocks"),
                },
                limits);
            await using var app = NodeHost.Build(config, builder, hocon, node, peers, token, log);
            return await Serve(config, app, node, log, stopped).ConfigureAwait(false);
        }
        catch (Exception e) when (Sentence(e, config) is { } sentence)
        {
            await System.Console.Error.WriteLineAsync($"{config.Name} does not start. {sentence}").ConfigureAwait(false);
            return Refused;
        }
    }

    private static async Task<int> Serve(NodeConfig config, WebApplication app, LabNode node, ILogger log, CancellationToken stopped)
    {
        try
        {
            await app.StartAsync(stopped).ConfigureAwait(false);
            log.Information(
                "{Node} started in {Seconds:0.00} s: remoting {Remoting}, control {Control}, data {Data}",
                config.Name, (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalSeconds,
                config.RemotingPort, config.ControlPort, config.DataDir);
            var damage = DamageOf(node);
            await Task.WhenAny(damage, NodeHost.Stopping(app, stopped)).ConfigureAwait(false);
            await node.StopRoles().ConfigureAwait(false);
            await app.StopAsync(CancellationToken.None).ConfigureAwait(false);
            return damage.IsCompletedSuccessfully && damage.Result is { } reason ? throw new NodeRefusal(reason) : Stopped;
        }
        catch (Exception e) when (Sentence(e, config) is null && !stopped.IsCancellationRequested)
        {
            log.Fatal(e, "{Node} broke: {Reason}", config.Name, e.Message);
            return Broke;
        }
    }

    /// <summary>Looks before anything starts, so that the user reads a sentence and not what a half-started server prints.</summary>
    private static void RequireFree(string address, params ReadOnlySpan<int> ports)
    {
        if (!IPAddress.TryParse(address, out var ip))
        {
            throw new NodeRefusal($"'{address}' is not an address of this machine; write it as 127.0.0.1.");
        }

        foreach (var port in ports)
        {
            try
            {
                using var listener = new TcpListener(ip, port);
                listener.Start();
            }
            catch (SocketException e)
            {
                throw new NodeRefusal($"It cannot listen on {address}:{port}: {e.Message}. Stop the program that has the port, or choose another.", e);
            }
        }
    }

    /// <summary>Ends with a reason when what a role had kept cannot be read; never ends otherwise.</summary>
    private static async Task<string?> DamageOf(LabNode node)
    {
        await node.Settled.ConfigureAwait(false);
        if (node.Roles.FirstOrDefault(role => role.Damaged)?.HaltReason is { } reason)
        {
            return reason;
        }

        await Task.Delay(Timeout.Infinite).ConfigureAwait(false);
        return null;
    }

    /// <summary>What the user did or can do something about; null for what is the program's own fault.</summary>
    private static string? Sentence(Exception failure, NodeConfig config)
    {
        for (var e = failure; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case NodeRefusal or CommandFailed:
                    return e.Message;
                case SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }:
                    return $"One of its ports is taken, {config.RemotingPort} (remoting) or {config.ControlPort} (control): stop the program that has it, or choose others.";
                default:
                    continue;
            }
        }

        return null;
    }

    /// <summary>The launcher is gone: nobody is left to stop this node, so it takes no time to say good-bye.</summary>
    private static void EndAtOnce() => Process.GetCurrentProcess().Kill();
}
