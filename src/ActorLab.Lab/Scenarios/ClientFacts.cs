using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>What a client of a replicated store says of itself.</summary>
internal static class ClientFacts
{
    public static IReadOnlyDictionary<string, object?> Of(object state) => state is ClientState<KvCommand> client
        ? new Dictionary<string, object?>
        {
            ["leader"] = client.Leader?.Name ?? "unknown",
            ["term"] = client.Term,
            ["session"] = client.Session == 0 ? "none" : client.Session,
            ["open writes"] = client.Writes.Count,
            ["open reads"] = client.Reads.Count,
        }
        : new Dictionary<string, object?>();
}
