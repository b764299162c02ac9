using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ActorLab.Cluster;

/// <summary>An operation of a user, from its command to its answer.</summary>
public static class Operation
{
    /// <summary>Puts a command to a role, and says what came of it.</summary>
    public static async Task<OperationAnswer> Run(
        HostedScenario running, ScenarioEntry entry, string role, object command, TimeSpan limit, CancellationToken stopped)
    {
        if (entry.Refuse?.Invoke(command) is { } refusal)
        {
            return refusal;
        }

        var result = await running.Operations.SubmitAsync(
            role, number => entry.Invoke?.Invoke(new OperationRequest(role, number, command, limit)) ?? command, limit, stopped)
            .ConfigureAwait(false);
        return Answer(entry, result);
    }

    /// <summary>What the caller reads.</summary>
    public static OperationAnswer Answer(ScenarioEntry entry, OperationResult result) => result switch
    {
        { Outcome: Outcome.Unknown } => OperationAnswer.Error(StatusCodes.Status504GatewayTimeout, SayUnknown(result.Reason)),
        { Outcome: Outcome.Failed } => OperationAnswer.Error(StatusCodes.Status503ServiceUnavailable, result.Reason),
        { Reply: { } reply } when entry.Answer is { } answer => answer(reply),
        _ => new OperationAnswer(
            StatusCodes.Status200OK, new JsonObject { ["reply"] = result.Reply is null ? null : Canonical.Text(result.Reply) }),
    };

    /// <summary>A caller that reads only one thing must read this.</summary>
    private static string SayUnknown(string reason) =>
        reason.Contains("unknown", StringComparison.Ordinal) ? reason : $"{reason} It is unknown whether it took effect.";
}
