using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Cluster;

namespace ActorLab.Lab;

/// <summary>Raft on the cluster: a server and a client on each node.</summary>
public static class RaftOnCluster
{
    public const string ServerRole = RaftServer.RoleName;

    /// <summary>
    /// The paper's timeouts suit five computers. Here five processes share a few cores, and a garbage collection or a build
    /// in another window holds all of them up: elections start after 0.5 s to 1 s of silence.
    /// </summary>
    public static readonly RaftOptions Options = RaftOptions.Default with
    {
        ElectionTimeoutEarliest = TimeSpan.FromMilliseconds(500),
        ElectionTimeoutLatest = TimeSpan.FromMilliseconds(1000),
        HeartbeatInterval = TimeSpan.FromMilliseconds(100),
    };

    public static LabScenario Scenario { get; } = new(
        new ScenarioEntry("raft", config => RaftScenario.Of(config.Peers.Count, Options))
        {
            Inspectors = new Dictionary<string, Inspector> { [ServerRole] = Inspect },
            Invoke = Invoke,
            MapRoutes = (routes, node) =>
            {
                KvRoutes.Map(routes, node, Invoke);
                RaftRoutes.Map(routes, node, Invoke);
            },
        },
        ServerRole,
        LeaderOf,
        RaftScenario.Of(1, Options).Operations);

    private static RaftMessage.Invoke Invoke(OperationRequest request) =>
        new(request.Number, (KvCommand)request.Command, request.Limit);

    private static IReadOnlyDictionary<string, object?> Inspect(object state) => state is RaftState raft
        ? new Dictionary<string, object?>
        {
            ["role"] = WordFor(raft.Role),
            ["term"] = raft.CurrentTerm,
            ["votedFor"] = raft.Disk.VotedFor?.Name,
            ["leader"] = raft.Role == Algorithms.Raft.ServerRole.Leader ? null : raft.LeaderId?.Name,
            ["commit"] = raft.CommitIndex,
            ["applied"] = raft.LastApplied,
            ["firstIndex"] = raft.Log.SnapshotIndex + 1,
            ["lastIndex"] = raft.Log.LastIndex,
            ["lastTerm"] = raft.Log.LastTerm,
            ["keys"] = (long)raft.Machine.Values.Count,
            ["sessions"] = (long)raft.Sessions.Sessions.Count,
        }
        : new Dictionary<string, object?>();

    private static string WordFor(ServerRole role) => role switch
    {
        Algorithms.Raft.ServerRole.Leader => "leader",
        Algorithms.Raft.ServerRole.Candidate => "candidate",
        Algorithms.Raft.ServerRole.PreCandidate => "pre-candidate",
        _ => "follower",
    };

    /// <summary>Of several that take themselves for the leader, the one of the newest term is.</summary>
    private static LeaderInTerm? LeaderOf(IEnumerable<(string Node, RoleState State)> states) =>
        states.Select(state => (state.Node, Facts: RaftFacts.Of(state.State)))
            .Where(state => state.Facts.Role == "leader")
            .Select(state => new LeaderInTerm(state.Node, state.Facts.Term))
            .MaxBy(leader => leader.Term);
}
