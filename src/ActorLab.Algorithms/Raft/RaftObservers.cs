using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <summary>Who led in which term.</summary>
/// <param name="ByTerm">The leader of each term, the first one if there were two.</param>
/// <param name="TwoInOneTerm">The first two that led in one term; null while there were none.</param>
/// <param name="AppendOnly">No leader changed its log but at the end.</param>
public sealed record Leaders(Map<long, NodeId> ByTerm, TwoLeaders? TwoInOneTerm, bool AppendOnly)
{
    /// <summary>No term had two.</summary>
    public bool OnePerTerm => TwoInOneTerm is null;

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
            ? first == node || value.TwoInOneTerm is not null ? value : value with { TwoInOneTerm = new TwoLeaders(after.CurrentTerm, first, node) }
            : value with { ByTerm = value.ByTerm.Set(after.CurrentTerm, node) };
    }

    // Two windows on one buffer compare at once: nearly always the case here. Compaction takes away nothing but the beginning.
    private static bool Extends(Log before, Log after)
    {
        var compacted = (int)(after.SnapshotIndex - before.SnapshotIndex);
        return compacted >= 0 && after.LastIndex >= before.LastIndex
            && after.Entries.Take(before.Entries.Count - compacted) == before.Entries.Skip(compacted);
    }
}

/// <summary>Two servers that led in one term.</summary>
public sealed record TwoLeaders(long Term, NodeId First, NodeId Second);

/// <summary>An entry that was in a log at some index.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="PrevTerm">The term of the one before it.</param>
/// <param name="Older">The entry of the next lower term at the same index; null where there is none.</param>
public sealed record WrittenEntry(LogEntry Entry, long PrevTerm, WrittenEntry? Older)
{
    internal WrittenEntry? Find(long term)
    {
        var known = this;
        while (known is not null && known.Entry.Term > term)
        {
            known = known.Older;
        }

        return known?.Entry.Term == term ? known : null;
    }

    /// <summary>Keeps the order of terms, so that what was written decides the value, and not when.</summary>
    internal static WrittenEntry Insert(WrittenEntry? known, LogEntry entry, long prevTerm) =>
        known is null || known.Entry.Term < entry.Term
            ? new WrittenEntry(entry, prevTerm, known)
            : known with { Older = Insert(known.Older, entry, prevTerm) };
}

/// <summary>The entries of all logs, ever.</summary>
/// <param name="ByIndex">The entries at each index, from 1, the newest term first.</param>
/// <param name="Match">
/// Nobody wrote two entries of one index and term, or one behind two different terms. By induction that is Log Matching,
/// also between logs of different times.
/// </param>
public sealed record Written(Seq<WrittenEntry?> ByIndex, bool Match)
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
        var (written, match) = (value.ByIndex, value.Match);
        for (var index = start + 1; index <= log.LastIndex; index++)
        {
            var (entry, prevTerm) = (log[index], log.TermAt(index - 1));
            var newest = index <= written.Count ? written[(int)index - 1] : null;
            if (newest?.Find(entry.Term) is { } known)
            {
                match &= known.PrevTerm == prevTerm && known.Entry == entry;
                continue;
            }

            var added = WrittenEntry.Insert(newest, entry, prevTerm);
            written = index <= written.Count ? written.SetItem((int)index - 1, added) : Extend(written, index, added);
        }

        return new Written(written, match);
    }

    private static Seq<WrittenEntry?> Extend(Seq<WrittenEntry?> written, long index, WrittenEntry added)
    {
        while (written.Count < index - 1)
        {
            written = written.Add(null); // behind a snapshot, which was written before
        }

        return written.Add(added);
    }
}

/// <summary>An entry and the term of the leader under which it was first known to be committed.</summary>
public sealed record CommittedEntry(LogEntry Entry, long Term);

/// <summary>The log with which a leader began.</summary>
public sealed record FirstLog(long Term, Log Log);

/// <summary>What was committed, and what leaders had.</summary>
/// <param name="ByIndex">The committed entries, from index 1.</param>
/// <param name="Logs">The log of each leader when it began, by term.</param>
/// <param name="Complete">No leader lacked an entry that was committed in an earlier term.</param>
public sealed record Committed(Seq<CommittedEntry> ByIndex, Seq<FirstLog> Logs, bool Complete)
{
    internal static Committed After(Committed value, Happening happening)
    {
        if (!RaftProperties.IsServerTurn(happening, out var before, out var after))
        {
            return value;
        }

        var noted = RaftProperties.BeganToLead(before, after) ? value.Began(after.CurrentTerm, after.Log) : value;

        // Each server commits in order: so the indices that any has committed are the first ones, without a gap.
        // What a snapshot brings was committed before.
        var known = Math.Max(Math.Max(before?.CommitIndex ?? 0, noted.ByIndex.Count), after.Log.SnapshotIndex);
        for (var index = known + 1; index <= after.CommitIndex; index++)
        {
            noted = noted.Commit(index, new CommittedEntry(after.Log[index], after.CurrentTerm));
        }

        return noted;
    }

    private Committed Began(long term, Log log)
    {
        var complete = Complete;
        for (var index = log.SnapshotIndex + 1; complete && index <= ByIndex.Count; index++)
        {
            var committed = ByIndex[(int)index - 1];
            complete = committed.Term >= term || Has(log, index, committed.Entry);
        }

        var place = Logs.Count;
        while (place > 0 && Logs[place - 1].Term >= term)
        {
            place--;
        }

        var isKnown = place < Logs.Count && Logs[place].Term == term;
        return this with
        {
            Logs = isKnown ? Logs.SetItem(place, new FirstLog(term, log))
                : Logs.Take(place).Add(new FirstLog(term, log)).AddRange(Logs.Skip(place)),
            Complete = complete,
        };
    }

    private Committed Commit(long index, CommittedEntry committed)
    {
        var complete = Complete;
        for (var i = Logs.Count - 1; i >= 0 && Logs[i].Term > committed.Term; i--)
        {
            complete &= Has(Logs[i].Log, index, committed.Entry);
        }

        return this with { ByIndex = ByIndex.Add(committed), Complete = complete };
    }

    private static bool Has(Log log, long index, LogEntry entry) =>
        index <= log.SnapshotIndex || (index <= log.LastIndex && log[index] == entry);
}

/// <summary>What state machines applied.</summary>
/// <param name="ByIndex">The first entry applied at each index, from 1.</param>
/// <param name="Same">Nobody applied another one.</param>
public sealed record Applied(Seq<LogEntry> ByIndex, bool Same)
{
    internal static Applied After(Applied value, Happening happening)
    {
        if (!RaftProperties.IsServerTurn(happening, out var before, out var after)
            || before?.LastApplied == after.LastApplied)
        {
            return value;
        }

        var (applied, same) = (value.ByIndex, value.Same);
        var known = Math.Max(before?.LastApplied ?? 0, after.Log.SnapshotIndex); // a snapshot brings what others applied
        for (var index = known + 1; index <= after.LastApplied; index++)
        {
            if (index > applied.Count)
            {
                applied = applied.Add(after.Log[index]);
            }
            else if (applied[(int)index - 1] != after.Log[index])
            {
                same = false;
            }
        }

        return same == value.Same && applied.Count == value.ByIndex.Count ? value : new Applied(applied, same);
    }
}

/// <summary>The snapshots that servers had.</summary>
/// <param name="ByIndex">The first one through each index.</param>
/// <param name="Agree">Nobody had another one through that index, or went on with something else than its own.</param>
public sealed record Snapshots(Map<long, Snapshot> ByIndex, bool Agree)
{
    internal static Snapshots After(Snapshots value, Happening happening)
    {
        if (!RaftProperties.IsServerTurn(happening, out var before, out var after)
            || after.Log.SnapshotIndex == 0 || before?.Log.SnapshotIndex == after.Log.SnapshotIndex)
        {
            return value;
        }

        var snapshot = after.Disk.Snapshot;
        var isOwn = after.LastApplied > snapshot.LastIncludedIndex
            || (after.Machine == snapshot.Machine && after.Sessions == snapshot.Sessions);
        return !value.ByIndex.TryGetValue(snapshot.LastIncludedIndex, out var first)
            ? new Snapshots(value.ByIndex.Set(snapshot.LastIncludedIndex, snapshot), value.Agree && isOwn)
            : value.Agree && !(isOwn && first == snapshot) ? value with { Agree = false } : value;
    }
}
