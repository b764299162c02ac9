using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <summary>
/// The five properties of Figure 3, what section 7 adds, and witnesses that a run reached the interesting cases. Each is a fold over turns
/// that looks at what a turn changed only, so that a check costs the same however long the logs are. A fold that met a
/// breach keeps it.
/// </summary>
public static class RaftProperties
{
    /// <summary>Who ever led, by term.</summary>
    public static readonly Observer<Leaders> LeadersByTerm =
        new("leaders by term", new Leaders(default, null, true), Leaders.After);

    /// <summary>Every entry that ever was in a log.</summary>
    public static readonly Observer<Written> EntriesWritten =
        new("entries written", new Written(default, true), Written.After);

    /// <summary>Every entry that was known to be committed, and the logs with which leaders began.</summary>
    public static readonly Observer<Committed> EntriesCommitted =
        new("entries committed", new Committed(default, default, true), Committed.After);

    /// <summary>What was applied at each index.</summary>
    public static readonly Observer<Applied> EntriesApplied =
        new("entries applied", new Applied(default, true), Applied.After);

    /// <summary>What snapshots held.</summary>
    public static readonly Observer<Snapshots> SnapshotsTaken =
        new("snapshots taken", new Snapshots(default, true), Snapshots.After);

    public static readonly Seq<Observer> Observers =
        [LeadersByTerm, EntriesWritten, EntriesCommitted, EntriesApplied, SnapshotsTaken];

    public static readonly Property.Always ElectionSafety = new(
        "Election Safety",
        "At most one leader can be elected in a given term.",
        world => world.Observed(LeadersByTerm).OnePerTerm);

    public static readonly Property.Always LeaderAppendOnly = new(
        "Leader Append-Only",
        "A leader never overwrites or deletes entries in its log; it only appends new entries.",
        world => world.Observed(LeadersByTerm).AppendOnly);

    public static readonly Property.Always LogMatching = new(
        "Log Matching",
        "If two logs contain an entry with the same index and term, then the logs are identical in all entries up through "
        + "the given index.",
        world => world.Observed(EntriesWritten).Match);

    public static readonly Property.Always LeaderCompleteness = new(
        "Leader Completeness",
        "If a log entry is committed in a given term, then that entry will be present in the logs of the leaders for all "
        + "higher-numbered terms.",
        world => world.Observed(EntriesCommitted).Complete);

    public static readonly Property.Always StateMachineSafety = new(
        "State Machine Safety",
        "If a server has applied a log entry at a given index to its state machine, no other server will ever apply a "
        + "different log entry for the same index.",
        world => world.Observed(EntriesApplied).Same);

    public static readonly Property.Always SnapshotsAgree = new(
        "Snapshots Agree",
        "All servers with a snapshot through an index have the same state machine, sessions and members there, and go on from "
        + "them.",
        world => world.Observed(SnapshotsTaken).Agree);

    public static readonly Property.Sometimes LeaderElected = new(
        "a leader is elected", "Some server leads.", world => !world.Observed(LeadersByTerm).ByTerm.IsEmpty);

    public static readonly Property.Sometimes EntryCommitted = new(
        "a command commits", "A command of a client was committed.",
        world => world.Observed(EntriesCommitted).ByIndex.Any(entry => entry.Entry.Command is LogCommand.Operation));

    public static readonly Property.Sometimes LeaderReplaced = new(
        "the leader changes", "Two servers led, in different terms.",
        world => world.Observed(LeadersByTerm).ByTerm.Values.Distinct().Skip(1).Any());

    public static readonly Seq<Property> All =
    [
        ElectionSafety, LeaderAppendOnly, LogMatching, LeaderCompleteness, StateMachineSafety, SnapshotsAgree,
        LeaderElected, EntryCommitted, LeaderReplaced,
    ];

    /// <summary>Of scenarios in which servers take snapshots.</summary>
    public static readonly Property.Sometimes SnapshotInstalled = new(
        "a snapshot is installed", "A server has a snapshot through an index that it never applied entry by entry.",
        world => world.Running<RaftState>().Any(server => server.State.Log is { SnapshotIndex: > 0, Entries.IsEmpty: true }
            && server.State.LastApplied == server.State.Log.SnapshotIndex));

    /// <summary>A turn of a server, with what it was before; null where it booted.</summary>
    internal static bool IsServerTurn(Happening happening, out RaftState? before, out RaftState after)
    {
        before = happening.Before as RaftState;
        after = (happening.After as RaftState)!;
        return after is not null;
    }

    internal static bool BeganToLead(RaftState? before, RaftState after) =>
        after.Role == ServerRole.Leader
        && (before?.Role != ServerRole.Leader || before.CurrentTerm != after.CurrentTerm);
}
