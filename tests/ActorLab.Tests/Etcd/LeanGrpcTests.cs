using System.Net;
using ActorLab.Lab;
using ActorLab.Lab.Etcd;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace ActorLab.Tests.Etcd;

/// <summary>The load generator's gRPC against a server that it did not write.</summary>
public sealed class LeanGrpcTests : IAsyncLifetime
{
    private WebApplication _app = null!;

    private int Port => new Uri(_app.Urls.Single()).Port;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.MapPost("/echo", async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(body.ToArray());
            context.Response.AppendTrailer("grpc-status", "0");
        });
        _app.MapPost("/fails", context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "14";
            return Task.CompletedTask;
        });
        await _app.StartAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Many_calls_on_one_connection_each_get_their_answer()
    {
        using var grpc = await LeanGrpc.Connect(Port, CancellationToken.None);
        for (var i = 0; i < 3_000; i++)
        {
            // 100 bytes each: more than the windows that both sides begin with.
            var sent = new PutRequest { Key = ByteString.CopyFromUtf8($"key {i}"), Value = ByteString.CopyFrom(new byte[100]) };
            var bytes = await grpc.Call(LeanGrpc.Prepare("/echo", sent, "secret"), CancellationToken.None);
            Assert.Equal(sent, PutRequest.Parser.ParseFrom(bytes!.Value.Span));
        }
    }

    [Fact]
    public async Task A_call_without_a_message_in_its_answer_has_failed()
    {
        using var grpc = await LeanGrpc.Connect(Port, CancellationToken.None);
        Assert.Null(await grpc.Call(LeanGrpc.Prepare("/fails", new PutRequest(), "secret"), CancellationToken.None));
        Assert.NotNull(await grpc.Call(LeanGrpc.Prepare("/echo", new PutRequest(), "secret"), CancellationToken.None));
    }

    [Fact]
    public async Task The_end_of_the_connection_is_an_error()
    {
        using var grpc = await LeanGrpc.Connect(Port, CancellationToken.None);
        Assert.NotNull(await grpc.Call(LeanGrpc.Prepare("/echo", new PutRequest(), ""), CancellationToken.None));
        await _app.StopAsync();
        await Assert.ThrowsAsync<IOException>(() => grpc.Call(LeanGrpc.Prepare("/echo", new PutRequest(), ""), CancellationToken.None));
    }
}
