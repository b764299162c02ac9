using System.Text.Json;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Cluster;
using ActorLab.Console;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorLab.Lab;

/// <summary>The key-value API on a node's control port, behind its token check.</summary>
public static class KvRoutes
{
    private const string ClientRole = RaftServer.ClientRoleName;

    /// <summary>
    /// <c>GET /kv/{key}</c>, <c>PUT /kv/{key}</c>, <c>DELETE /kv/{key}</c>, <c>POST /kv/{key}/append</c>,
    /// <c>POST /kv/{key}/cas</c>, <c>GET /kv?from=&amp;limit=</c>. Status 200 done, 400 bad input, 404 no such key, 409 another
    /// value than expected, 413 too large, 503 surely not done, 504 unknown whether done.
    /// </summary>
    /// <param name="routes">The control port's.</param>
    /// <param name="node">Whose client role asks.</param>
    /// <param name="entry">The scenario whose store it is.</param>
    /// <param name="prefix">Before <c>/kv</c>: empty, or one segment such as <c>/raft</c>.</param>
    public static void Map(IEndpointRouteBuilder routes, LabNode node, ScenarioEntry entry, string prefix)
    {
        var keyAt = prefix.Length == 0 ? 2 : 3;
        string Key(HttpContext context) => KvRequest.Key(context, keyAt);
        RequestDelegate Handle(Func<HttpContext, Task<KvCommand>> read) => context => Answer(context, node, entry, read);

        routes.MapGet($"{prefix}/kv", Handle(context => Task.FromResult(KvRequest.Scan(context.Request))));
        routes.MapGet($"{prefix}/kv/{{key}}", Handle(context => Task.FromResult<KvCommand>(
            new KvCommand.Get(Key(context), KvRequest.Stale(context.Request)))));
        routes.MapDelete($"{prefix}/kv/{{key}}", Handle(context => Task.FromResult<KvCommand>(new KvCommand.Delete(Key(context)))));
        routes.MapPut($"{prefix}/kv/{{key}}", Handle(async context => await KvRequest.Texts(context.Request, ("value", false)).ConfigureAwait(false) is [var value]
            ? new KvCommand.Put(Key(context), value!)
            : null!));
        routes.MapPost($"{prefix}/kv/{{key}}/append", Handle(async context => await KvRequest.Texts(context.Request, ("value", false)).ConfigureAwait(false) is [var value]
            ? new KvCommand.Append(Key(context), value!)
            : null!));
        routes.MapPost($"{prefix}/kv/{{key}}/cas", Handle(async context =>
            await KvRequest.Texts(context.Request, ("expected", true), ("value", false)).ConfigureAwait(false) is [var expected, var value]
                ? new KvCommand.CompareAndSet(Key(context), expected, value!)
                : null!));
    }

    private static async Task Answer(HttpContext context, LabNode node, ScenarioEntry entry, Func<HttpContext, Task<KvCommand>> read)
    {
        OperationAnswer answer;
        try
        {
            var limit = KvRequest.Limit(context.Request);
            var command = await read(context).ConfigureAwait(false);
            answer = node.Find(entry.Name) is { } running
                ? await Operation.Run(running, entry, ClientRole, command, limit, context.RequestAborted).ConfigureAwait(false)
                : OperationAnswer.Error(
                    StatusCodes.Status503ServiceUnavailable, $"{entry.Name} does not run: scenario start {entry.Name} starts it.");
        }
        catch (FormatException e)
        {
            answer = OperationAnswer.Error(StatusCodes.Status400BadRequest, e.Message);
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(answer.Body, OutputJson.Options);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }
}
