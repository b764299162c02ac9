using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorLab.Console;

/// <summary>What a client needs to know before it can parse a line: served by <c>GET /pbm/definitions</c>.</summary>
public sealed record Definitions(IReadOnlyList<Palette> Palettes);

/// <summary>What tab completion offers: served by <c>GET /pbm/completions?kind=node</c>.</summary>
public sealed record Completions(IReadOnlyList<string> Values);

/// <summary>The console over HTTP. Put <see cref="LabSecurity.UseLabSecurity"/> before it.</summary>
public static class ConsoleEndpoint
{
    /// <summary>Commands that may run at one time.</summary>
    public const int MaxRunning = 32;

    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Maps <c>GET /pbm/definitions</c>, <c>GET /pbm/completions</c> and <c>POST /pbm/execute</c>, whose answer is a stream
    /// of output events, one JSON object a line, the last of which is <c>{"exit": code}</c>.
    /// </summary>
    public static IEndpointRouteBuilder MapConsole(this IEndpointRouteBuilder routes, ConsoleHost host)
    {
        var running = new SemaphoreSlim(MaxRunning);
        var pbm = routes.MapGroup("/pbm");
        pbm.MapGet("/definitions", () => Results.Json(new Definitions(host.Palettes.Palettes), OutputJson.Options));
        pbm.MapGet("/completions", (string? kind) => kind == "node"
            ? Results.Json(new Completions(host.Nodes), OutputJson.Options)
            : Results.Json(new { error = "There are completions of one kind: node." }, statusCode: StatusCodes.Status400BadRequest));
        pbm.MapPost("/execute", (HttpContext context) => Execute(context, host, running));
        return routes;
    }

    private static async Task Execute(HttpContext context, ConsoleHost host, SemaphoreSlim running)
    {
        if (!await running.WaitAsync(0).ConfigureAwait(false))
        {
            await LabSecurity.RefuseWith(context, StatusCodes.Status429TooManyRequests,
                $"{MaxRunning} commands are running already: wait for one to end.").ConfigureAwait(false);
            return;
        }
        try
        {
            if (await ReadCall(context).ConfigureAwait(false) is not { } call)
            {
                return;
            }

            context.Response.ContentType = "application/x-ndjson";
            context.Response.Headers.CacheControl = "no-store";
            var closing = context.RequestServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? default;
            await host.Execute(
                call,
                (output, stopped) => Send(context.Response, output, stopped),
                context.RequestAborted,
                closing).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away; the handler was told, and nobody is left to answer.
        }
        finally
        {
            running.Release();
        }
    }

    private static async Task<Call?> ReadCall(HttpContext context)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(ReadLimit);
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, default, limit.Token).ConfigureAwait(false);
            return ToCall(body.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            await LabSecurity.RefuseWith(context, StatusCodes.Status400BadRequest,
                "The body must be {\"palette\": \"...\", \"command\": \"...\", \"arguments\": {\"name\": \"value\" or [\"values\"]}}.").ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await LabSecurity.RefuseWith(context, StatusCodes.Status408RequestTimeout,
                $"The body did not arrive within {Durations.Format(ReadLimit)}.").ConfigureAwait(false);
        }
        return null;
    }

    private static Call ToCall(JsonElement body)
    {
        var arguments = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (body.TryGetProperty("arguments", out var given))
        {
            foreach (var argument in given.EnumerateObject())
            {
                arguments[argument.Name] = argument.Value.ValueKind == JsonValueKind.Array
                    ? [.. argument.Value.EnumerateArray().Select(ToText)]
                    : [ToText(argument.Value)];
            }
        }
        return new Call(Name(body, "palette"), Name(body, "command"), arguments);
    }

    private static string Name(JsonElement body, string property) =>
        body.TryGetProperty(property, out var name) && name.GetString() is { } text ? text : throw new JsonException($"No {property}.");

    private static string ToText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw new JsonException("An argument is a text, a number or a truth value."),
    };

    private static async ValueTask Send(HttpResponse response, Output output, CancellationToken stopped)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(OutputJson.Write(output), OutputJson.Options);
        if (line.Length > OutputJson.MaxEventBytes)
        {
            var refusal = new Output.Error($"An output event of {line.Length} bytes was left out: it is larger than {OutputJson.MaxEventBytes}.");
            line = JsonSerializer.SerializeToUtf8Bytes(OutputJson.Write(refusal), OutputJson.Options);
        }

        await response.Body.WriteAsync(line, stopped).ConfigureAwait(false);
        await response.Body.WriteAsync("\n"u8.ToArray(), stopped).ConfigureAwait(false);
        await response.Body.FlushAsync(stopped).ConfigureAwait(false);
    }
}
