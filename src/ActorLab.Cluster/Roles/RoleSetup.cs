using Akka.Configuration;

namespace ActorLab.Cluster;

/// <summary>Bounds of a node, from the section <c>actorlab</c> of its HOCON.</summary>
/// <param name="BatchTurns">Most disk changes in one journal event.</param>
/// <param name="BatchBytes">Bytes after which a journal event is full; a larger change travels alone.</param>
/// <param name="CheckpointRows">Journal events of a role after which its whole disk is checkpointed and they are deleted.</param>
/// <param name="CheckpointBytes">The same in bytes; as many as the last checkpoint has, if that is more.</param>
/// <param name="WaitingTurns">Turns ahead of the disk, after which a role takes no more input.</param>
/// <param name="WaitingBytes">Bytes of disk changes ahead of the disk, after which a role takes no more input.</param>
/// <param name="RestartAfter">From the first crash of a role to its next boot; doubled at each crash soon after.</param>
/// <param name="RestartAtMost">The longest such wait.</param>
/// <param name="StopLimit">How long a scenario, or all of a node that ends, may take to stop.</param>
/// <param name="OperationsWaiting">Most operations of one role that wait for an answer.</param>
/// <param name="TraceEvents">Most events that the trace keeps.</param>
/// <param name="TraceBusyEvents">Most events of the last two seconds that the trace keeps.</param>
/// <param name="TraceBytes">Most bytes of messages that the trace keeps.</param>
/// <param name="ProbeEach">How often a node tells its peers over remoting that it is there.</param>
/// <param name="RedialAfter">How long a link that was cut may carry nothing after its heal: see <see cref="LinkDoubt"/>.</param>
/// <param name="ClockUncertainty">How far a role's clock may be off, either way.</param>
/// <param name="Records">Whether the node writes a recording, which can be replayed.</param>
/// <param name="RecordBytes">Where a recording stops.</param>
/// <param name="Gates">Whether messages and timers wait for a word of the controller.</param>
/// <param name="GateMessages">Most messages that wait at the gate of one role; more are lost.</param>
/// <param name="BatchScheduling">See <see cref="Cluster.BatchScheduling"/>.</param>
public sealed record NodeLimits(
    int BatchTurns,
    int BatchBytes,
    int CheckpointRows,
    int CheckpointBytes,
    int WaitingTurns,
    int WaitingBytes,
    TimeSpan RestartAfter,
    TimeSpan RestartAtMost,
    TimeSpan StopLimit,
    int OperationsWaiting,
    int TraceEvents,
    int TraceBusyEvents,
    int TraceBytes,
    TimeSpan ProbeEach,
    TimeSpan RedialAfter,
    TimeSpan ClockUncertainty,
    bool Records,
    long RecordBytes,
    bool Gates,
    int GateMessages,
    bool BatchScheduling)
{
    /// <summary>How long the node may take for all that comes after its roles: to leave its cluster, and to end its actor system.</summary>
    internal static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    /// <summary>So many probes may be missed before their absence says anything.</summary>
    private const int LeastProbes = 4;

    /// <summary>How long a node's process may take to end once it was asked: longer than all of its parts may.</summary>
    public TimeSpan EndLimit => StopLimit + LeaveLimit + Slack;

    /// <exception cref="NodeRefusal">A setting is missing, cannot be read, or makes no sense with another.</exception>
    public static NodeLimits From(Config config)
    {
        var limits = Of(config);
        return limits.ProbeEach <= TimeSpan.Zero || limits.RedialAfter < limits.ProbeEach * LeastProbes
            ? throw new NodeRefusal(
                $"The setting actorlab.links.redial-after must be at least {LeastProbes} times actorlab.links.probe-each, which is more than 0: "
                + $"not {limits.RedialAfter.TotalSeconds} s and {limits.ProbeEach.TotalSeconds} s.")
            : limits;
    }

    private static NodeLimits Of(Config config) => new(
        Number(config, "journal.batch-turns", 1),
        Bytes(config, "journal.batch-bytes", 1),
        Number(config, "journal.checkpoint-rows", 1),
        Bytes(config, "journal.checkpoint-bytes", 1),
        Number(config, "journal.waiting-turns", 1),
        Bytes(config, "journal.waiting-bytes", 1),
        Time(config, "roles.restart-after"),
        Time(config, "roles.restart-at-most"),
        Time(config, "roles.stop-limit"),
        Number(config, "operations.waiting", 1),
        Number(config, "trace.events", 0),
        Number(config, "trace.busy-events", 1),
        Bytes(config, "trace.bytes", 0),
        Time(config, "links.probe-each"),
        Time(config, "links.redial-after"),
        Time(config, "roles.clock-uncertainty"),
        Flag(config, "trace.record"),
        AtLeast(config, "trace.record-bytes", 0, Read(config, "trace.record-bytes", path => config.GetByteSize(path)!.Value)),
        Flag(config, "gates"),
        Number(config, "gate-messages", 1),
        Flag(config, "batch-scheduling"));

    private static bool Flag(Config config, string key) => Read(config, key, path => config.GetBoolean(path));

    private static int Number(Config config, string key, int least) => AtLeast(config, key, least, Read(config, key, path => config.GetInt(path)));

    private static int Bytes(Config config, string key, int least) =>
        AtLeast(config, key, least, Read(config, key, path => checked((int)config.GetByteSize(path)!.Value)));

    private static T AtLeast<T>(Config config, string key, T least, T value)
        where T : IComparable<T> => value.CompareTo(least) >= 0
        ? value
        : throw new NodeRefusal($"The setting actorlab.{key} = {config.GetString($"actorlab.{key}")} is too small: it is {least} or more.");

    private static TimeSpan Time(Config config, string key) => Read(config, key, path => config.GetTimeSpan(path, allowInfinite: false));

    private static T Read<T>(Config config, string key, Func<string, T> read)
    {
        var path = $"actorlab.{key}";
        if (!config.HasPath(path))
        {
            throw new NodeRefusal($"The configuration has no {path}: it must be built on the lab's own hocon/node.hocon.");
        }

        try
        {
            return read(path);
        }
        catch (Exception e)
        {
            throw new NodeRefusal($"The setting {path} = {config.GetString(path)} cannot be read: {e.Message}", e);
        }
    }
}

/// <summary>What a role actor needs.</summary>
/// <param name="Scenario">The scenario's name on the wire, which is the parent actor's.</param>
/// <param name="JournalId">Under which the journal keeps its disk.</param>
/// <param name="Self">The role's address.</param>
/// <param name="Binding">The role.</param>
/// <param name="Post">Where its messages go.</param>
/// <param name="Hosted">What others may see of it.</param>
/// <param name="Door">Where the operations of users come from.</param>
/// <param name="Trace">Where its turns are recorded.</param>
/// <param name="Clock">Its clocks, which outlive its crashes.</param>
/// <param name="NextIncarnation">Called at each boot: a number greater than all before, also those of earlier processes.</param>
/// <param name="Random">Its dice and its draws of timers.</param>
/// <param name="Limits">The node's bounds.</param>
/// <param name="Recording">Where its turns are kept for a replay; null where nobody asked for that.</param>
/// <param name="AtCrashPoint">Told of the effects of each turn, before and after its disk is written: see <see cref="CrashPoint"/>.</param>
internal sealed record RoleSetup(
    string Scenario,
    string JournalId,
    Address Self,
    RoleBinding Binding,
    RolePost Post,
    HostedRole Hosted,
    OperationDoor Door,
    ScenarioTrace Trace,
    RoleClock Clock,
    Func<long> NextIncarnation,
    Random Random,
    NodeLimits Limits,
    NodeRecording? Recording,
    Action<IReadOnlyList<Effect>, bool> AtCrashPoint);
