using System.Net;
using System.Net.Sockets;
using ActorLab.Console;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorLab.Lab;

/// <summary>
/// The console's port: <c>/pbm</c> for palettes, <c>/lab</c> for <c>lab status</c> and <c>lab down</c>. The port is taken
/// first and the token is made then, so that a second lab never overwrites the token of the first.
/// </summary>
public sealed class ConsolePort : IAsyncDisposable
{
    private readonly Socket _socket;
    private WebApplication? _application;

    private ConsolePort(Socket socket) => _socket = socket;

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <exception cref="BadInput">Another program listens there.</exception>
    public static ConsolePort Take(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(512); // only now does a second listener fail
            return new ConsolePort(socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new BadInput(e.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? $"Port {port} is taken, perhaps by another lab: choose another one with --port, or any free one with --port 0."
                : $"Port {port} cannot be used ({e.Message}): choose another one with --port.");
        }
    }

    /// <summary>Answers from now on.</summary>
    public async Task Open(LabContext lab, string token, Action stop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, Port);
        });
        builder.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = _ => _socket);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var application = builder.Build();
        application.UseLabSecurity(token);
        application.MapConsole(new ConsoleHost(
            new PaletteSet(LabPalettes.For(lab)),
            () => lab.Supervisor.Names,
            (call, e) => lab.Log.Error(e, "{Palette} {Command} broke", call.Palette, call.Command)));
        application.MapGet("/lab", async (CancellationToken stopped) =>
            Results.Json(await LabReport.Of(lab, stopped).ConfigureAwait(false), OutputJson.Options));
        application.MapPost("/lab/stop", () =>
        {
            stop();
            return Results.Json(new { stopping = true });
        });
        await application.StartAsync().ConfigureAwait(false);
        _application = application;
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await _application.StopAsync(limit.Token).ConfigureAwait(false);
            await _application.DisposeAsync().ConfigureAwait(false);
        }

        _socket.Dispose();
    }

    /// <summary>Signals are the launcher's business: the web host must not answer them too.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
