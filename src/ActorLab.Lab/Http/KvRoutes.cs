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
    /// <param name="invoke">Wraps a command for that role.</param>
    public static void Map(IEndpointRouteBuilder routes, LabNode node, Func<OperationRequest, object> invoke)
    {
        RequestDelegate Handle(Func<HttpContext, Task<KvCommand>> read) => context => Answer(context, node, invoke, read);

        routes.MapGet("/kv", Handle(context => Task.FromResult(KvRequest.Scan(context.Request))));
        routes.MapGet("/kv/{key}", Handle(context => Task.FromResult<KvCommand>(
            new KvCommand.Get(KvRequest.Key(context), KvRequest.Stale(context.Request)))));
        routes.MapDelete("/kv/{key}", Handle(context => Task.FromResult<KvCommand>(new KvCommand.Delete(KvRequest.Key(context)))));
        routes.MapPut("/kv/{key}", Handle(async context => await KvRequest.Texts(context.Request, ("value", false)).ConfigureAwait(false) is [var value]
            ? new KvCommand.Put(KvRequest.Key(context), value!)
            : null!));
        routes.MapPost("/kv/{key}/append", Handle(async context => await KvRequest.Texts(context.Request, ("value", false)).ConfigureAwait(false) is [var value]
            ? new KvCommand.Append(KvRequest.Key(context), value!)
            : null!));
        routes.MapPost("/kv/{key}/cas", Handle(async context =>
            await KvRequest.Texts(context.Request, ("expected", true), ("value", false)).ConfigureAwait(false) is [var expected, var value]
                ? new KvCommand.CompareAndSet(KvRequest.Key(context), expected, value!)
                : null!));
    }

    /// <summary>Puts a command to the node's client role.</summary>
    public static async Task<KvAnswer> Submit(
        LabNode node, Func<OperationRequest, object> invoke, KvCommand command, TimeSpan limit, CancellationToken stopped) =>
        KvAnswer.Refusal(command)
        ?? KvAnswer.Of(await node.Operations.SubmitAsync(
            ClientRole, number => invoke(new OperationRequest(ClientRole, number, command, limit)), limit, stopped).ConfigureAwait(false));

    private static async Task Answer(
        HttpContext context, LabNode node, Func<OperationRequest, object> invoke, Func<HttpContext, Task<KvCommand>> read)
    {
        KvAnswer answer;
        try
        {
            var limit = KvRequest.Limit(context.Request);
            var command = await read(context).ConfigureAwait(false);
            answer = await Submit(node, invoke, command, limit, context.RequestAborted).ConfigureAwait(false);
        }
        catch (FormatException e)
        {
            answer = KvAnswer.Error(StatusCodes.Status400BadRequest, e.Message);
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(answer.Body, OutputJson.Options);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }
}
