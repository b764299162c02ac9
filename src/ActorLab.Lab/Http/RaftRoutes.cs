using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorLab.Lab;

/// <summary>One entry of a log, for people.</summary>
public sealed record LogLine(long Index, long Term, string Command);

/// <summary>A part of a server's log.</summary>
/// <param name="First">The first index that the log still has.</param>
/// <param name="Last">The last index.</param>
/// <param name="Commit">Entries up to here are committed.</param>
/// <param name="Lines">What was asked for.</param>
public sealed record LogPart(long First, long Last, long Commit, IReadOnlyList<LogLine> Lines);

/// <summary>What the raft palette asks of a node beside its state: entries of its log, an election.</summary>
internal static class RaftRoutes
{
    private const string Raft = "raft";
    public const int MostLines = 1_000;
    private const int MostText = 200;
    private static readonly TimeSpan Handover = TimeSpan.FromMilliseconds(50);

    public static void Map(IEndpointRouteBuilder routes, LabNode node)
    {
        routes.MapGet("/raft/log", (long? from, int? limit) => Server(node) is { DurableState: RaftState state }
            ? Results.Json(Part(state, from, Math.Clamp(limit ?? 20, 1, MostLines)), NodeJson.Options)
            : Refusal(node.Find(Raft) is null ? $"{node.Node} does not run raft."
                : Server(node) is not { } server ? $"{node.Node} hosts no server of raft."
                : server.HaltReason ?? $"{node.Node} is recovering its log."));
        routes.MapPost("/raft/elect", async () =>
        {
            // An election completes nothing by itself, so the wait is only for the message to be taken.
            var result = node.Find(Raft) is { } raft
                ? await raft.Operations.SubmitAsync(RaftOnCluster.ServerRole, _ => new RaftMessage.Elect(), Handover).ConfigureAwait(false)
                : new OperationResult(Outcome.Failed, null, $"{node.Node} does not run raft.");
            return result.Outcome == Outcome.Failed ? Refusal(result.Reason) : Results.Json(new { asked = true });
        });
    }

    private static HostedRole? Server(LabNode node) => node.Find(Raft)?.Role(RaftOnCluster.ServerRole);

    private static IResult Refusal(string sentence) =>
        Results.Json(new { error = sentence }, statusCode: StatusCodes.Status503ServiceUnavailable);

    private static LogPart Part(RaftState state, long? from, int limit)
    {
        var log = state.Log;
        var first = Math.Max(from ?? log.LastIndex - limit + 1, log.SnapshotIndex + 1);
        var lines = new List<LogLine>();
        for (var index = first; index <= log.LastIndex && lines.Count < limit; index++)
        {
            lines.Add(new LogLine(index, log[index].Term, SafeText.Shorten(Text(log[index].Command), MostText)));
        }

        return new LogPart(log.SnapshotIndex + 1, log.LastIndex, state.CommitIndex, lines);
    }

    private static string Text(LogCommand command) => command switch
    {
        LogCommand.NoOp => "no-op of a new leader",
        LogCommand.OpenSession open => $"open a session for {open.Client}",
        LogCommand.Operation operation => $"{Text(operation.Command)}   (session {operation.Session}, request {operation.Number})",
        LogCommand.Configure { Voters: var voters, Learners: var learners } =>
            $"members {string.Join(", ", voters)}{(learners.IsEmpty ? "" : $"; learners {string.Join(", ", learners)}")}",
        _ => command.ToString(),
    };

    private static string Text(KvCommand command) => command switch
    {
        KvCommand.Put put => $"put {put.Key} {Quote(put.Value)}",
        KvCommand.Delete delete => $"delete {delete.Key}",
        KvCommand.Append append => $"append {append.Key} {Quote(append.Value)}",
        KvCommand.CompareAndSet cas => $"cas {cas.Key} {(cas.Expected is null ? "(none)" : Quote(cas.Expected))} {Quote(cas.Value)}",
        _ => command.ToString(),
    };

    private static string Quote(string value) => $"\"{SafeText.Shorten(value, 80)}\"";
}
