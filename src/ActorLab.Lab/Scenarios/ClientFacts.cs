using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>What a client of a replicated store says of itself.</summary>
internal static class ClientFacts
{
    public static IReadOnlyDictionary<string, object?> Of(object state) => state is ClientState<KvCommand> client
        ? new Dictionary<string, object?>
        {
            ["leader"] = client.Leader?.Name,
            ["term"] = client.Term,
            ["session"] = client.Session == 0 ? null : client.Session,
            ["open writes"] = client.Writes.Count,
            ["open reads"] = client.Reads.Count,
            ["asked since its start"] = client.NextWrite + client.NextRead - 2,
        }
        : new Dictionary<string, object?>();
}
