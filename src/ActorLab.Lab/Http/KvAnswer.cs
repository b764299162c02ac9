using System.Text.Json.Nodes;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Cluster;
using ActorLab.Core;
using Microsoft.AspNetCore.Http;

namespace ActorLab.Lab;

/// <summary>What the key-value API answers to one command.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">A JSON object; <c>error</c> is a sentence wherever the status is not 200.</param>
public sealed record KvAnswer(int Status, JsonObject Body)
{
    public static KvAnswer Error(int status, string sentence) => new(status, new JsonObject { ["error"] = sentence });

    /// <summary>Why a command is not even tried; null when it is.</summary>
    public static KvAnswer? Refusal(KvCommand command) => KvLimits.Refusal(command) is { } sentence
        ? Error(IsTooLarge(command) ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest, sentence)
        : null;

    public static KvAnswer Of(OperationResult result) => result switch
    {
        { Outcome: Outcome.Ok, Reply: KvReply reply } => Of(reply),
        { Outcome: Outcome.Unknown } => Error(StatusCodes.Status504GatewayTimeout, SayUnknown(result.Reason)),
        _ => Error(StatusCodes.Status503ServiceUnavailable, result.Reason),
    };

    private static KvAnswer Of(KvReply reply) => reply switch
    {
        KvReply.Found found => Ok(("value", found.Value)),
        KvReply.Missing => Error(StatusCodes.Status404NotFound, "There is no such key."),
        KvReply.Done => Ok(("done", true)),
        KvReply.Deleted deleted => Ok(("existed", deleted.Existed)),
        KvReply.Appended appended => Ok(("bytes", appended.Bytes)),
        KvReply.Swapped => Ok(("swapped", true)),
        KvReply.Differs differs => new KvAnswer(StatusCodes.Status409Conflict, new JsonObject
        {
            ["error"] = differs.Actual is null ? "There is no such key." : "The key has another value than the expected one.",
            ["actual"] = differs.Actual,
        }),
        KvReply.Page page => new KvAnswer(StatusCodes.Status200OK, new JsonObject
        {
            ["pairs"] = new JsonArray([.. page.Pairs.Select(pair => new JsonObject { ["key"] = pair.Key, ["value"] = pair.Value })]),
            ["next"] = page.Next,
        }),
        KvReply.TooLarge tooLarge => Error(StatusCodes.Status413PayloadTooLarge, tooLarge.Reason),
        _ => throw new InvalidOperationException($"The key-value API has no words for {reply.GetType().Name}."),
    };

    private static KvAnswer Ok((string Name, JsonNode Value) field) =>
        new(StatusCodes.Status200OK, new JsonObject { [field.Name] = field.Value });

    /// <summary>A caller that reads only one thing must read this.</summary>
    private static string SayUnknown(string reason) => reason.Contains("unknown", StringComparison.Ordinal)
        ? reason
        : $"{reason} It is unknown whether it took effect.";

    private static bool IsTooLarge(KvCommand command)
    {
        var (key, value, expected) = command switch
        {
            KvCommand.Put put => (put.Key, put.Value, null),
            KvCommand.Append append => (append.Key, append.Value, null),
            KvCommand.CompareAndSet cas => (cas.Key, cas.Value, cas.Expected),
            KvCommand.Get get => (get.Key, null, null),
            KvCommand.Delete delete => (delete.Key, null, null),
            KvCommand.Scan scan => (scan.From, null, null),
            _ => ("", null, (string?)null),
        };
        return Bytes(key) > KvLimits.MostKeyBytes || Bytes(value) > KvLimits.MostValueBytes || Bytes(expected) > KvLimits.MostValueBytes;
    }

    private static int Bytes(string? text) => text is null ? 0 : KvLimits.BytesOf(text);
}
