using System.Net;
using ActorLab.Console;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorLab.Tests.Console;

/// <summary>The console of a lab on a real Kestrel and a free port, with its token in a file of its own.</summary>
internal sealed class TestLab : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder;

    private TestLab(WebApplication app, string folder, string token)
    {
        (_app, _folder, Token) = (app, folder, token);
        var url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Address = new PbmAddress(url.Host, url.Port);
    }

    public string Token { get; }

    public PbmAddress Address { get; }

    public string TokenPath => Path.Combine(_folder, "token");

    public static async Task<TestLab> Start(IEnumerable<string>? allowedHosts = null)
    {
        var folder = Directory.CreateTempSubdirectory("actorlab-console-").FullName;
        var token = LabToken.Create(Path.Combine(folder, "token"));
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.UseLabSecurity(token, allowedHosts);
        app.MapConsole(TestPalettes.Host());
        await app.StartAsync();
        return new TestLab(app, folder, token);
    }

    /// <summary>Runs <c>pbm</c> against this lab.</summary>
    public async Task<(int Exit, string Out, string Error)> Pbm(string input, params string[] args)
    {
        var (writer, errors) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var io = new PbmIo(new StringReader(input), writer, errors);
        var exit = await PbmProgram.Run([Address.ToString(), "--token-file", TokenPath, .. args], io, CancellationToken.None);
        return (exit, writer.ToString(), errors.ToString());
    }

    /// <summary>Waits for a condition; fails after 20 seconds.</summary>
    public static async Task Until(Func<bool> condition, string what)
    {
        var deadline = Environment.TickCount64 + 20_000;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < deadline, $"Not within 20 seconds: {what}.");
            await Task.Yield();
        }
    }

    public Task Stop() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
