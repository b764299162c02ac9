using System.Text.Json.Serialization;

namespace ActorLab.Cluster;

/// <summary>What <c>GET /status</c> answers.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Incarnation">How often this node has started on its data folder, from 1.</param>
/// <param name="Pid">The process.</param>
/// <param name="UptimeSeconds">Since the process began.</param>
/// <param name="ActorSystem">The name of its actor system.</param>
/// <param name="SelfAddress">Its remoting address.</param>
/// <param name="ClusterStatus">Its own member status, such as <c>Up</c>, <c>Joining</c>; <c>Removed</c> before it joined.</param>
/// <param name="Members">The members of the Akka cluster as this node sees them.</param>
/// <param name="Leader">The node that leads the Akka cluster (not a Raft leader); null while there is none.</param>
/// <param name="Scenarios">What it runs, in the order of their names.</param>
/// <param name="Roles">The roles that this node hosts.</param>
/// <param name="FaultPlanVersion">The plan in force.</param>
/// <param name="Journal">What the journal did for the scenarios that run, since they began in this process.</param>
public sealed record NodeStatus(
    string Node,
    long Incarnation,
    int Pid,
    double UptimeSeconds,
    string ActorSystem,
    string SelfAddress,
    string ClusterStatus,
    IReadOnlyList<MemberStatus> Members,
    string? Leader,
    IReadOnlyList<ScenarioPlan> Scenarios,
    IReadOnlyList<RoleStatus> Roles,
    long FaultPlanVersion,
    JournalStatus Journal);

/// <param name="Node">The lab's name for it, or its address where it has none.</param>
/// <param name="Address">Its remoting address.</param>
/// <param name="Status">Such as <c>Up</c>.</param>
/// <param name="Reachable">As this node's failure detector sees it.</param>
/// <param name="Roles">Its Akka.Cluster roles.</param>
public sealed record MemberStatus(string Node, string Address, string Status, bool Reachable, IReadOnlyList<string> Roles);

/// <param name="Scenario">Such as <c>raft</c>.</param>
/// <param name="Address">Such as <c>n1/server</c>.</param>
/// <param name="Incarnation">Of its present boot; greater than the node's after a crash of the role alone.</param>
/// <param name="Running">Whether it takes messages: false while it recovers and when it is halted.</param>
/// <param name="Halted">Whether it stopped for good, until the node restarts.</param>
/// <param name="HaltReason">A sentence; null while it is not halted.</param>
public sealed record RoleStatus(string Scenario, string Address, long Incarnation, bool Running, bool Halted, string? HaltReason);

/// <param name="Commits">Journal events written; each is one synced commit on SQLite.</param>
/// <param name="Turns">Turns with a changed disk that these commits carried.</param>
public sealed record JournalStatus(long Commits, long Turns);

/// <summary>One line of <c>GET /links</c>: whether the direction from a peer to this node carries anything.</summary>
/// <param name="Peer">Who is heard.</param>
/// <param name="LastHeardMillisAgo">Null when it was never heard.</param>
/// <param name="Reachable">Heard within the last few probes.</param>
public sealed record LinkStatus(string Peer, long? LastHeardMillisAgo, bool Reachable);

/// <summary>What <c>GET /faults</c> answers: what rules for links did to messages that left this node, since each is in force.</summary>
/// <param name="Version">Of the plan in force.</param>
/// <param name="Rules">Of each rule and each link from here that it concerns.</param>
/// <param name="Lines">What waits on the links from here; empty while no rule is in force.</param>
/// <param name="Refused">Frames that came to roles of this node and were damaged, or none at all, since its process began.</param>
public sealed record LinkFaultStatus(long Version, IReadOnlyList<RuleCount> Rules, IReadOnlyList<LineStatus> Lines, long Refused);

/// <param name="Rule">Its id.</param>
/// <param name="To">The other end.</param>
/// <param name="Seen">Messages that it concerned.</param>
/// <param name="Hit">Those of them that it struck.</param>
public sealed record RuleCount(string Rule, string To, long Seen, long Hit);

/// <param name="To">The other end.</param>
/// <param name="Waiting">Messages that wait.</param>
/// <param name="Bytes">Of them.</param>
/// <param name="NoRoom">Messages that were lost because too many waited.</param>
public sealed record LineStatus(string To, int Waiting, long Bytes, long NoRoom);

/// <summary>What <c>GET /scenarios/{scenario}/roles/{role}/state</c> answers: the durable state, never what is ahead of the disk.</summary>
/// <param name="Address">Such as <c>n1/server</c>.</param>
/// <param name="Incarnation">Of its present boot.</param>
/// <param name="Text">The state in canonical text, cut after a bound; null with <c>text=false</c>, which costs a large state nothing.</param>
/// <param name="Facts">What the scenario's inspector makes of it; empty without one.</param>
public sealed record RoleState(
    string Address, long Incarnation, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Text,
    IReadOnlyDictionary<string, object?> Facts);

/// <summary>One line of <c>GET /trace</c>: see <see cref="TraceEvent"/>. Scenario is null for what befalls the node.</summary>
public sealed record TraceLine(
    long Index, long At, string Kind, string Where, string? Peer, long Message, long Cause, string Text, string? Scenario = null)
{
    /// <summary>With <c>clocks=true</c>: those of its turn.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TraceClock? Clock { get; init; }
}

/// <summary>See <see cref="EventClock"/>.</summary>
/// <param name="Start">Within which it counts.</param>
/// <param name="Lamport">Lamport's clock.</param>
/// <param name="Vector">By role; those of which nothing is known are missing.</param>
public sealed record TraceClock(string Start, long Lamport, IReadOnlyDictionary<string, long> Vector)
{
    public static TraceClock Of(EventClock clock) =>
        new(clock.Start, clock.Time.Time, clock.Vector.Ticks.ToDictionary(pair => pair.Key, pair => pair.Value));

    public EventClock ToEvent() => new(Start, new LamportClock(Lamport), new VectorClock(Vector.ToMap(pair => pair.Key, pair => pair.Value)));
}

/// <summary>The body of <c>POST /scenarios/{scenario}/operations</c>.</summary>
/// <param name="Operation">The name of one of the scenario's operations.</param>
/// <param name="Arguments">By the names of its parameters.</param>
/// <param name="Timeout">Such as <c>2s</c>; five seconds when left out.</param>
public sealed record OperationCall(string Operation, IReadOnlyDictionary<string, string>? Arguments, string? Timeout);

/// <summary>The body of <c>POST /cluster/down</c>.</summary>
public sealed record DownCall(string Node);

/// <summary>What <c>PUT /faults</c> and <c>PUT /scenarios</c> answer.</summary>
/// <param name="Applied">False when the node had this plan or a newer one.</param>
/// <param name="Version">Of the plan in force.</param>
public sealed record PlanTaken(bool Applied, long Version);
