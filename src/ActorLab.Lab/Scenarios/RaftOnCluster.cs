using System.Text.Json.Nodes;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Cluster;
using ActorLab.Core;
using Akka.Configuration;

namespace ActorLab.Lab;

/// <summary>Raft on the cluster: a server and a client on each node.</summary>
public static class RaftOnCluster
{
    public const string ServerRole = RaftServer.RoleName;

    /// <summary>A frame holds 4 MiB, and an entry beyond the bound may be a whole value more.</summary>
    private const int MostBatchBytes = 1 << 20;

    /// <summary>The options in section <c>actorlab.raft</c> of the nodes' HOCON.</summary>
    /// <exception cref="FormatException">A value is missing, or makes no sense with the others.</exception>
    public static RaftOptions Options(Config hocon)
    {
        var options = RaftOptions.Default with
        {
            ElectionTimeoutEarliest = Time("election-timeout-earliest"),
            ElectionTimeoutLatest = Time("election-timeout-latest"),
            HeartbeatInterval = Time("heartbeat-interval"),
            MaxBatchBytes = Read("max-batch-bytes", key => checked((int)(hocon.GetByteSize(key) ?? 0))),
            MaxInFlight = Read("max-in-flight", key => hocon.GetInt(key)),
            Linger = Time("linger"),
            CompactEntries = Read("compact-entries", key => hocon.GetInt(key)),
            CompactBytes = Read("compact-bytes", key => hocon.GetByteSize(key) ?? 0),
            KeepEntries = Read("keep-entries", key => hocon.GetInt(key)),
            FollowerReads = Read("follower-reads", key => hocon.GetBoolean(key)),
            MaxChunkBytes = Read("max-chunk-bytes", key => checked((int)(hocon.GetByteSize(key) ?? 0))),
        };
        return options.HeartbeatInterval <= TimeSpan.Zero || options.HeartbeatInterval >= options.ElectionTimeoutEarliest
                ? throw new FormatException("actorlab.raft: heartbeat-interval must be more than 0 and less than election-timeout-earliest.")
            : options.ElectionTimeoutLatest <= options.ElectionTimeoutEarliest
                ? throw new FormatException("actorlab.raft: election-timeout-latest must be more than election-timeout-earliest, or elections split for ever.")
            : options.MaxBatchBytes is < 1 or > MostBatchBytes
                ? throw new FormatException($"actorlab.raft: max-batch-bytes must be 1 to {MostBatchBytes}, to fit in a frame.")
            : options.MaxInFlight is < 1 or > 1_000
                ? throw new FormatException("actorlab.raft: max-in-flight must be 1 to 1000.")
            : options.Linger < TimeSpan.Zero || options.Linger >= options.HeartbeatInterval
                ? throw new FormatException("actorlab.raft: linger must be 0 or more and less than heartbeat-interval.")
            : options.CompactEntries < 0 || options.KeepEntries < 0 || options.CompactBytes < 1
                ? throw new FormatException("actorlab.raft: compact-entries and keep-entries must be 0 or more, compact-bytes 1 or more.")
            : options.MaxChunkBytes is < 1 or > MostBatchBytes
                ? throw new FormatException($"actorlab.raft: max-chunk-bytes must be 1 to {MostBatchBytes}, to fit in a frame.")
            : options;

        TimeSpan Time(string name) => Read(name, key =>
        {
            try
            {
                return hocon.GetTimeSpan(key, allowInfinite: false);
            }
            catch (Exception e) when (e is FormatException or ArgumentException)
            {
                throw new FormatException($"'{hocon.GetString(key)}' is no time such as 50ms or 1s", e);
            }
        });

        T Read<T>(string name, Func<string, T> read)
        {
            var key = $"actorlab.raft.{name}";
            try
            {
                return hocon.HasPath(key) ? read(key) : throw new FormatException("it is missing");
            }
            catch (Exception e) when (e is FormatException or ArgumentException or OverflowException or NotSupportedException or ConfigurationException)
            {
                throw new FormatException($"{key} cannot be read: {e.Message}", e);
            }
        }
    }

    public static LabScenario Scenario { get; } = new(
        new ScenarioEntry("raft", request => request.Parameters.Keys.All(name => name == MembersParameter)
            ? RaftScenario.Of(
                request.Nodes.Select(node => new NodeId(node)).ToSet(), MembersOf(request), Options(request.Hocon))
            : Scenarios.Of(RaftScenario.Family, request.Parameters))
        {
            ShapedBy =
            [
                "actorlab.raft.election-timeout-earliest", "actorlab.raft.election-timeout-latest",
                "actorlab.raft.heartbeat-interval", "actorlab.raft.max-batch-bytes", "actorlab.raft.max-in-flight", "actorlab.raft.linger",
                "actorlab.raft.compact-entries", "actorlab.raft.compact-bytes", "actorlab.raft.keep-entries", "actorlab.raft.max-chunk-bytes",
                "actorlab.raft.follower-reads",
            ],
            Inspectors = new Dictionary<string, Inspector> { [ServerRole] = Inspect, [RaftServer.ClientRoleName] = ClientFacts.Of },
            Becomes = static (before, after) =>
                before is RaftState old && after is RaftState now && old.Role != now.Role ? WordFor(now.Role) : null,
            Invoke = Invoke,
            Refuse = command => command is KvCommand ? KvAnswer.Refusal(command) : null,
            Answer = reply => reply is ChangeReply change ? Answer(change) : KvAnswer.Of(reply),
            MapRoutes = (routes, node) =>
            {
                KvRoutes.Map(routes, node, Scenario!.Entry, "");
                KvRoutes.Map(routes, node, Scenario.Entry, "/raft");
                RaftRoutes.Map(routes, node);
            },
        },
        "The Raft servers, and the key-value store that they replicate.",
        RaftScenario.Of(1, RaftOptions.Default).Operations)
    {
        FirstCommand = "raft put greeting hello",
        Leading = new Leading(ServerRole, LeaderOf),
        LimitOf = operation => operation == "add" ? AddLimit : null,
        Reads = command => command is KvCommand && KvShow.Reads(command),
        Show = (c, body) =>
        {
            if ((string?)body[Says] is { } sentence)
            {
                c.Line(sentence);
            }
            else
            {
                KvShow.Show(c, body);
            }
        },
        Commands = RaftPalette.Commands,
    };

    private const string Says = "says";

    /// <summary>A learner that is down or slow is given up by then, and the user told what becomes of it.</summary>
    private static readonly TimeSpan AddLimit = TimeSpan.FromSeconds(15);

    /// <summary>The members at first, as digits as for paxos: 123 for n1, n2 and n3. Without it all nodes are.</summary>
    private const string MembersParameter = "members";

    private static Set<NodeId> MembersOf(ScenarioRequest request) =>
        !request.Parameters.TryGetValue(MembersParameter, out var digits) ? request.Nodes.Select(node => new NodeId(node)).ToSet()
        : NodeNumbers.Read(MembersParameter, digits);

    private static RaftMessage Invoke(OperationRequest request) => request.Command is RaftChange change
        ? new RaftMessage.Manage(request.Number, change)
        : new RaftMessage.Invoke(request.Number, (KvCommand)request.Command, request.Limit);

    private static OperationAnswer Answer(ChangeReply reply) => reply.IsRefusal
        ? OperationAnswer.Error(400, reply.Says)
        : new OperationAnswer(200, new JsonObject { [Says] = reply.Says });

    private static IReadOnlyDictionary<string, object?> Inspect(object state) => state is RaftState raft
        ? new Dictionary<string, object?>
        {
            ["role"] = WordFor(raft.Role),
            ["term"] = raft.CurrentTerm,
            ["votedFor"] = raft.Disk.VotedFor?.Name,
            ["leader"] = raft.Role == Algorithms.Raft.ServerRole.Leader ? null : raft.LeaderId?.Name,
            ["commit"] = raft.CommitIndex,
            ["applied"] = raft.LastApplied,
            ["voters"] = string.Join(" ", raft.Configuration.Voters),
            ["learners"] = string.Join(" ", raft.Configuration.Learners),
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
