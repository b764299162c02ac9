using System.Text;
using ActorLab.Console;
using Microsoft.AspNetCore.Http;

namespace ActorLab.Cluster;

/// <summary>The operations that a scenario declares, over HTTP: <c>POST /roles/{role}/operations</c>.</summary>
internal sealed class OperationsApi(LabNode node, ScenarioEntry entry)
{
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxLimit = TimeSpan.FromSeconds(60);

    public async Task<IResult> Post(string role, HttpRequest request)
    {
        if (node.Role(role) is null)
        {
            return ControlApi.Refusal(StatusCodes.Status404NotFound, ControlApi.NoRole(node, role));
        }

        object command;
        TimeSpan limit;
        try
        {
            const string shape = "{\"operation\": \"get\", \"arguments\": {\"key\": \"x\"}, \"timeout\": \"2s\"}";
            var call = await ControlApi.Body<OperationCall>(request, shape).ConfigureAwait(false);
            limit = Limit(call.Timeout);
            command = Command(role, call);
        }
        catch (FormatException e)
        {
            return ControlApi.Refusal(StatusCodes.Status400BadRequest, e.Message);
        }

        var result = await node.Operations.SubmitAsync(
            role, number => entry.Invoke?.Invoke(new OperationRequest(role, number, command, limit)) ?? command, limit, request.HttpContext.RequestAborted)
            .ConfigureAwait(false);
        return result.Outcome switch
        {
            Outcome.Ok => ControlApi.Json(new { outcome = result.Outcome, reply = result.Reply is null ? null : Canonical.Text(result.Reply) }),
            Outcome.Failed => ControlApi.Refusal(StatusCodes.Status503ServiceUnavailable, result.Reason),
            _ => ControlApi.Refusal(StatusCodes.Status504GatewayTimeout, result.Reason),
        };
    }

    private static TimeSpan Limit(string? text)
    {
        var limit = text is null ? DefaultLimit
            : Durations.TryParse(text, out var given) ? given
            : throw new FormatException($"'{text}' is no time; write it as 2s or 500ms.");
        return limit > TimeSpan.Zero && limit <= MaxLimit
            ? limit
            : throw new FormatException($"The time limit {text} is out of range: more than nothing, and at most {Durations.Format(MaxLimit)}.");
    }

    private object Command(string role, OperationCall call)
    {
        var known = node.Scenario.Operations.Where(operation => operation.Role == role).ToList();
        var kind = known.FirstOrDefault(operation => operation.Name == call.Operation) ?? throw new FormatException(
            $"{role} has no operation '{call.Operation}'. It has: {string.Join(", ", known.Select(operation => operation.Name))}.");
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
