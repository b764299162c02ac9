using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.Raft;

/// <summary>One entry: a command, and the term when its leader received it.</summary>
[MemoryPackable]
public sealed partial record LogEntry(long Term, LogCommand Command)
{
    /// <summary>About how many bytes it takes in a message.</summary>
    [MemoryPackIgnore]
    public int Bytes => Command.Bytes;
}

/// <summary>
/// The log. Indices count from 1, as in the paper, and are no positions in a list: the entries up to
/// <paramref name="SnapshotIndex"/> may have been replaced by a snapshot.
/// </summary>
/// <param name="SnapshotIndex">The last index that is not in <paramref name="Entries"/> any more; 0 while all are.</param>
/// <param name="SnapshotTerm">The term of the entry there.</param>
/// <param name="Entries">The entries after it.</param>
[MemoryPackable]
public sealed partial record Log(long SnapshotIndex, long SnapshotTerm, Seq<LogEntry> Entries)
{
    public static readonly Log Empty = new(0, 0, default);

    [MemoryPackIgnore]
    public long LastIndex => SnapshotIndex + Entries.Count;

    [MemoryPackIgnore]
    public long LastTerm => Entries.IsEmpty ? SnapshotTerm : Entries.Last.Term;

    public LogEntry this[long index] => Entries[(int)(index - SnapshotIndex - 1)];

    /// <summary>The term of the entry at an index from <see cref="SnapshotIndex"/> to <see cref="LastIndex"/>.</summary>
    public long TermAt(long index) => index == SnapshotIndex ? SnapshotTerm : this[index].Term;

    /// <summary>Whether the log has an entry of that term at that index, or nothing is asked for (index 0).</summary>
    public bool Matches(long index, long term) =>
        index < SnapshotIndex || (index <= LastIndex && TermAt(index) == term);

    public Log Add(LogEntry entry) => this with { Entries = Entries.Add(entry) };

    public Log AddRange(Seq<LogEntry> entries) => this with { Entries = Entries.AddRange(entries) };

    /// <summary>The log without what is behind an index.</summary>
    public Log KeepThrough(long index) => this with { Entries = Entries.Take((int)(index - SnapshotIndex)) };

    /// <summary>
    /// The log behind an index that it has. A copy: a window would keep alive what lies before it.
    /// </summary>
    public Log CompactTo(long index) =>
        new(index, TermAt(index), Seq.Of(Entries.Skip((int)(index - SnapshotIndex)).Span));

    /// <summary>
    /// The entries from an index on, as many as fit into that many bytes, but at least one; none behind the end.
    /// </summary>
    public Seq<LogEntry> Batch(long from, int maxBytes)
    {
        var rest = Entries.Skip((int)(from - SnapshotIndex - 1));
        var (count, bytes) = (0, 0L);
        foreach (var entry in rest.Span)
        {
            bytes += entry.Bytes;
            if (bytes > maxBytes && count > 0)
            {
                break;
            }

            count++;
        }

        // A window would keep the log of today alive for as long as anybody remembers the message.
        return Seq.Of(rest.Take(count).Span);
    }

    /// <summary>
    /// The first index that has at least this term: terms only grow along a log. One past the end if none has.
    /// </summary>
    public long FirstIndexOf(long term)
    {
        var (low, high) = (SnapshotIndex + 1, LastIndex + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (TermAt(middle) < term)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>
    /// The last index up to which two logs are the same. Where they have an entry of the same term at an index, they are
    /// the same up to there (Log Matching, section 5.3): so a search by halves finds it.
    /// </summary>
    public long CommonPrefix(Log other)
    {
        var (low, high) = (Math.Max(SnapshotIndex, other.SnapshotIndex), Math.Min(LastIndex, other.LastIndex));
        if (high <= low)
        {
            return low; // one of them begins where the other ends, or behind that
        }

        if (TermAt(high) == other.TermAt(high))
        {
            return high;
        }

        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            if (TermAt(middle) == other.TermAt(middle))
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}
