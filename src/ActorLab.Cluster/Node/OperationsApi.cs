using System.Text;
using ActorLab.Console;
using Microsoft.AspNetCore.Http;

namespace ActorLab.Cluster;

/// <summary>The operations that a scenario declares, over HTTP: <c>POST /scenarios/{scenario}/operations</c>.</summary>
internal sealed class OperationsApi(LabNode node, ScenarioCatalogue catalogue)
{
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeastLimit = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MostLimit = TimeSpan.FromSeconds(60);

    public async Task<IResult> Post(string scenario, HttpRequest request)
    {
        if (node.Find(scenario) is not { } running)
        {
            return ControlApi.Refusal(StatusCodes.Status404NotFound, ControlApi.NotRunning(node, scenario));
        }

        try
        {
            const string shape = "{\"operation\": \"get\", \"arguments\": {\"key\": \"x\"}, \"timeout\": \"2s\"}";
            var call = await ControlApi.Body<OperationCall>(request, shape).ConfigureAwait(false);
            var kind = KindOf(running, call);
            var command = Command(kind, call);
            return running.Role(kind.Role) is null
                ? ControlApi.Refusal(StatusCodes.Status404NotFound, ControlApi.NoRole(node, running, kind.Role))
                : Say(await Operation.Run(running, catalogue.Find(scenario), kind.Role, command, Limit(call.Timeout), request.HttpContext.RequestAborted)
                    .ConfigureAwait(false));
        }
        catch (FormatException e)
        {
            return ControlApi.Refusal(StatusCodes.Status400BadRequest, e.Message);
        }
    }

    private static IResult Say(OperationAnswer answer) => Results.Json(answer.Body, OutputJson.Options, statusCode: answer.Status);

    private static TimeSpan Limit(string? text) =>
        text is null ? DefaultLimit
        : Durations.TryParse(text, out var limit) && limit >= LeastLimit && limit <= MostLimit ? limit
        : throw new FormatException(
            $"timeout wants a time from {Durations.Format(LeastLimit)} to {Durations.Format(MostLimit)}, such as 2s, not \"{SafeText.Shorten(text, 40)}\".");

    private static OperationKind KindOf(HostedScenario running, OperationCall call)
    {
        var known = running.Scenario.Operations;
        return known.FirstOrDefault(operation => operation.Name == call.Operation)
            ?? throw new FormatException(Suggest.Unknown("operation", call.Operation ?? "", known.Select(operation => operation.Name)));
    }

    private static object Command(OperationKind kind, OperationCall call)
    {
        var given = call.Arguments ?? new Dictionary<string, string>();
        var strange = given.Keys.FirstOrDefault(name => kind.Parameters.All(parameter => parameter.Name != name));
        if (strange is not null)
        {
            throw new FormatException(
                $"{kind.Name} has no parameter '{strange}'. It has: {string.Join(", ", kind.Parameters.Select(parameter => parameter.Name))}.");
        }

        foreach (var parameter in kind.Parameters)
        {
            if (!given.TryGetValue(parameter.Name, out var value) || value is null)
            {
                if (!parameter.Optional)
                {
                    throw new FormatException($"{kind.Name} needs {parameter.Name}: {parameter.Summary}.");
                }
            }
            else if (Encoding.UTF8.GetByteCount(value) > parameter.MaxBytes)
            {
                throw new FormatException($"{parameter.Name} is longer than {parameter.MaxBytes} bytes.");
            }
        }

        return kind.Build(given.Where(pair => pair.Value is not null).ToMap(pair => pair.Key, pair => pair.Value));
    }
}
