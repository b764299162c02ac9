using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <summary>How a cluster of Raft servers is set up. The same on all of its servers.</summary>
public sealed record RaftOptions
{
    public static readonly RaftOptions Default = new();

    /// <summary>
    /// The least time without a word from a leader before a server stands for election (section 5.2); for as long, a
    /// server that heard one gives no vote away (thesis 4.2.3).
    /// </summary>
    public TimeSpan ElectionTimeoutEarliest { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>The most time; each wait is drawn anew, so that votes rarely split.</summary>
    public TimeSpan ElectionTimeoutLatest { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How often a leader speaks when it has nothing to say; well below the least election timeout.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>About how many bytes of entries one AppendEntries carries; one entry goes in any case.</summary>
    public int MaxBatchBytes { get; init; } = 256 * 1_024;

    /// <summary>
    /// How many AppendEntries with entries may be under way to one follower. With 1, what arrives during a round trip
    /// goes out together with the next: the best throughput where a follower's disk is the slow part.
    /// </summary>
    public int MaxInFlight { get; init; } = 1;

    /// <summary>
    /// With zero, a leader appends a command as soon as it comes. Else it has one batch under way: what comes meanwhile
    /// makes up the next, for which it waits up to so long for whoever it has just answered (thesis 10.2.2, batching).
    /// </summary>
    public TimeSpan Linger { get; init; }

    /// <summary>A leader takes no more commands while entries of so many bytes wait for a majority.</summary>
    public int MaxUncommittedBytes { get; init; } = 16 << 20;

    /// <summary>A leader takes no more reads while so many wait.</summary>
    public int MaxWaitingReads { get; init; } = 65_536;

    /// <summary>How many client sessions the replicated state holds; the one used least recently makes room.</summary>
    public int MaxSessions { get; init; } = 1_000;

    /// <summary>
    /// A server takes a snapshot when so many applied entries lie behind the last one (section 7), or entries of
    /// <see cref="CompactBytes"/>; 0: only when it is asked to.
    /// </summary>
    public int CompactEntries { get; init; }

    /// <inheritdoc cref="CompactEntries"/>
    public long CompactBytes { get; init; } = 32 << 20;

    /// <summary>
    /// The log is compacted when so many more entries are applied, or entries of <see cref="CompactBytes"/>: a follower that
    /// is a little behind then gets entries, and no snapshot.
    /// </summary>
    public int KeepEntries { get; init; }

    /// <summary>About how many bytes of a snapshot one InstallSnapshot carries; one record goes in any case.</summary>
    public int MaxChunkBytes { get; init; } = 1 << 20;

    /// <summary>Ask whether an election could be won before raising the term (thesis 9.6).</summary>
    public bool PreVote { get; init; } = true;

    /// <summary>
    /// A leader that does not hear from a majority within an election timeout steps down, and servers that hear a leader
    /// do not vote (thesis 6.2 and 4.2.3). Off, this is the election of the paper's Figure 2.
    /// </summary>
    public bool CheckQuorum { get; init; } = true;

    /// <summary>
    /// A client reads at the server of its own node, which asks the leader for the index that it must have applied (thesis
    /// 6.4); else it reads at the leader.
    /// </summary>
    public bool FollowerReads { get; init; }

    /// <summary>All nodes with a server, members or not; empty where nobody says.</summary>
    public Set<NodeId> Servers { get; init; }

    /// <summary>What servers find on an empty disk: for scenarios that begin in the middle.</summary>
    public Map<NodeId, RaftDisk> FirstDisks { get; init; }

    /// <summary>Each server has a client on its node, which it tells of leaders.</summary>
    public bool HasClients { get; init; } = true;
}
