using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorLab.Cluster.Crdt;

/// <summary>The replicator's part of a node's control port: <c>/crdt/{type}/{name}</c>.</summary>
public static class CrdtApi
{
    private const string Shape = """{"op": "add", "value": "x", "consistency": "majority", "timeout": "2s"}""";

    public static void Map(IEndpointRouteBuilder routes, LabNode node)
    {
        routes.MapGet("/crdt/{type}/{name}", (string type, string name, string? read, string? timeout) =>
            Answer(node, store => store.Read(type, name, read, timeout)));
        routes.MapPost("/crdt/{type}/{name}", (HttpRequest request, string type, string name) => Answer(node, async store =>
            await store.Update(type, name, await ControlApi.Body<CrdtCall>(request, Shape).ConfigureAwait(false))
                .ConfigureAwait(false)));
    }

    private static async Task<IResult> Answer(LabNode node, Func<CrdtStore, Task<CrdtAnswer>> ask)
    {
        if (node.Find(CrdtScenario.Name) is not { } scenario)
        {
            return ControlApi.Refusal(StatusCodes.Status404NotFound, ControlApi.NotRunning(node, CrdtScenario.Name));
        }

        try
        {
            var answer = await ask(new CrdtStore(node.System, scenario.Plan.Start)).ConfigureAwait(false);
            return answer.Done
                ? ControlApi.Json(new { value = answer.Value })
                : ControlApi.Json(
                    new { error = answer.Sentence, value = answer.Value }, StatusCodes.Status504GatewayTimeout);
        }
        catch (FormatException e)
        {
            return ControlApi.Refusal(StatusCodes.Status400BadRequest, e.Message);
        }
    }
}
