using System.Text.Json;
using ActorLab.Cluster;

namespace ActorLab.Lab;

/// <summary>What the inspector says of a Raft server, read back from its JSON.</summary>
public sealed record RaftFacts
{
    public string Role { get; init; } = "";

    public long Term { get; init; }

    public string? VotedFor { get; init; }

    public string? Leader { get; init; }

    public long Commit { get; init; }

    public long Applied { get; init; }

    public long FirstIndex { get; init; }

    public long LastIndex { get; init; }

    public long LastTerm { get; init; }

    public long Keys { get; init; }

    public long Sessions { get; init; }

    /// <summary>Who votes, as far as this server knows.</summary>
    public string Voters { get; init; } = "";

    /// <summary>Who gets the log and does not vote.</summary>
    public string Learners { get; init; } = "";

    public static RaftFacts Of(RoleState state) =>
        JsonSerializer.SerializeToElement(state.Facts, NodeJson.Options).Deserialize<RaftFacts>(NodeJson.Options)!;
}
