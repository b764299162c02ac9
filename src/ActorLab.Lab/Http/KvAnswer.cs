using System.Text.Json.Nodes;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Cluster;
using Microsoft.AspNetCore.Http;

namespace ActorLab.Lab;

/// <summary>What the key-value API answers to one command.</summary>
public static class KvAnswer
{
    /// <summary>Why a command is not even tried; null when it is.</summary>
    public static OperationAnswer? Refusal(object command) => KvLimits.Refusal((KvCommand)command) is { } sentence
        ? OperationAnswer.Error(IsTooLarge((KvCommand)command) ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest, sentence)
        : null;

    public static OperationAnswer Of(object reply) => (KvReply)reply switch
    {
        KvReply.Found found => Ok(("value", found.Value)),
        KvReply.Missing => OperationAnswer.Error(StatusCodes.Status404NotFound, "There is no such key."),
        KvReply.Done => Ok(("done", true)),
        KvReply.Deleted deleted => Ok(("existed", deleted.Existed)),
        KvReply.Appended appended => Ok(("bytes", appended.Bytes)),
        KvReply.Swapped => Ok(("swapped", true)),
        KvReply.Differs differs => new OperationAnswer(StatusCodes.Status409Conflict, new JsonObject
        {
            ["error"] = differs.Actual is null ? "There is no such key." : "The key has another value than the expected one.",
            ["actual"] = differs.Actual,
        }),
        KvReply.Page page => new OperationAnswer(StatusCodes.Status200OK, new JsonObject
        {
            ["pairs"] = new JsonArray([.. page.Pairs.Select(pair => new JsonObject { ["key"] = pair.Key, ["value"] = pair.Value })]),
            ["next"] = page.Next,
        }),
        KvReply.TooLarge tooLarge => OperationAnswer.Error(StatusCodes.Status413PayloadTooLarge, tooLarge.Reason),
        _ => throw new InvalidOperationException($"The key-value API has no words for {reply.GetType().Name}."),
    };

    private static OperationAnswer Ok((string Name, JsonNode Value) field) =>
        new(StatusCodes.Status200OK, new JsonObject { [field.Name] = field.Value });

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
