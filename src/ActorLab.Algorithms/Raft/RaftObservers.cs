using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <summary>Who led in which term.</summary>
/// <param name="ByTerm">The leader of each term, the first one if there were two.</param>
/// <param name="OnePerTerm">No term had two.</param>
/// <param name="AppendOnly">No leader changed its log but at the end.</param>
public sealed record Leaders(Map<long, NodeId> ByTerm, bool OnePerTerm, bool AppendOnly)
{
    internal static Leaders After(Leaders value, Happening happening)
    {
        if (!RaftProperties.IsServerTurn(happening, out var before, out var after) || after.Role != ServerRole.Leader)
        {
            return value;
        }

        if (!RaftProperties.BeganToLead(before, after))
        {
            return Extends(before!.Log, after.Log) ? value : value with { AppendOnly = false };
        }

        var node = happening.Where.Node;
        return value.ByTerm.TryGetValue(after.CurrentTerm, out var first)
            ? first == node ? value : value with { OnePerTerm = false }
            : value with { ByTerm = value.ByTerm.Set(after.CurrentTerm, node) };
    }

    // Two windows on one buffer compare at once: nearly always the case here.
    private static bool Extends(Log before, Log after) =>
        before.SnapshotIndex == after.SnapshotIndex && after.LastIndex >= before.LastIndex
        && after.Entries.Take(before.Entries.Count) == before.Entries;
}

/// <summary>The entries of all logs, ever.</summary>
/// <param name="Entries">By index and term: the entry, and the term of the one before it.</param>
/// <param name="Match">
/// Nobody wrote two entries of one index and term, or one behind two different terms. By induction that is Log Matching,
/// also between logs of different times.
/// </param>
public sealed record Written(Map<(long Index, long Term), (LogEntry Entry, long PrevTerm)> Entries, bool Match)
{
    internal static Written After(Written value, Happening happening)
    {
        if (!RaftProperties.IsServerTurn(happening, out var before, out var after)
            || ReferenceEquals(before?.Log, after.Log))
        {
            return value;
        }

        var log = after.Log;
        var start = before is null ? log.SnapshotIndex : log.CommonPrefix(before.Log);
        var (entries, match) = (value.Entries, value.Match);
        for (var index = start + 1; index <= log.LastIndex; index++)
        {
            var written = (log[index], log.TermAt(index - 1));
            if (!entries.TryGetValue((index, log[index].Term), out var known))
            {
                entries = entries.Set((index, log[index].Term), written);
            }
            else if (known != written)
            {
                match = false;
            }
        }

        return new Written(entries, match);
    }
}

/// <summary>An entry and the term of the leader under which it was first known to be committed.</summary>
public sealed record CommittedEntry(LogEntry Entry, long Term);

/// <summary>What was committed, and what leaders had.</summary>
/// <param name="ByIndex">The committed entries.</param>
/// <param name="Logs">The log of each leader, by term, when it began.</param>
/// <param name="Complete">No leader lacked an entry that was committed in an earlier term.</param>
public sealed record Committed(Map<long, CommittedEntry> ByIndex, Map<long, Log> Logs, bool Complete)
{
    internal static Committed After(Committed value, Happening happening)
    {
        if (!RaftProperties.IsServerTurn(happening, out var before, out var after))
        {
            return value;
        }

        var noted = RaftProperties.BeganToLead(before, after) ? value.Began(after.CurrentTerm, after.Log) : value;
        for (var index = (before?.CommitIndex ?? after.Log.SnapshotIndex) + 1; index <= after.CommitIndex; index++)
        {
            noted = noted.Commit(index, new CommittedEntry(after.Log[index], after.CurrentTerm));
        }

        return noted;
    }

    private Committed Began(long term, Log log)
    {
        var complete = Complete;
        foreach (var (index, committed) in ByIndex)
        {
            complete &= committed.Term >= term || Has(log, index, committed.Entry);
        }

        return this with { Logs = Logs.Set(term, log), Complete = complete };
    }

    private Committed Commit(long index, CommittedEntry committed)
    {
        if (ByIndex.ContainsKey(index))
        {
            return this; // a difference there is State Machine Safety's to find
        }

        var complete = Complete;
        foreach (var (term, log) in Logs)
        {
            complete &= term <= committed.Term || Has(log, index, committed.Entry);
        }

        return this with { ByIndex = ByIndex.Set(index, committed), Complete = complete };
    }

    private static bool Has(Log log, long index, LogEntry entry) =>
        index <= log.SnapshotIndex || (index <= log.LastIndex && log[index] == entry);
}

/// <summary>What state machines applied.</summary>
/// <param name="ByIndex">The first entry applied at each index.</param>
/// <param name="Same">Nobody applied another one.</param>
public sealed record Applied(Map<long, LogEntry> ByIndex, bool Same)
{
    internal static Applied After(Applied value, Happening happening)
    {
        if (!RaftProperties.IsServerTurn(happening, out var before, out var after)
            || before?.LastApplied == after.LastApplied)
        {
            return value;
        }

        var (applied, same) = (value.ByIndex, value.Same);
        for (var index = (before?.LastApplied ?? after.Log.SnapshotIndex) + 1; index <= after.LastApplied; index++)
        {
            if (!applied.TryGetValue(index, out var first))
            {
                applied = applied.Set(index, after.Log[index]);
            }
            else if (first != after.Log[index])
            {
                same = false;
            }
        }

        return new Applied(applied, same);
    }
}
