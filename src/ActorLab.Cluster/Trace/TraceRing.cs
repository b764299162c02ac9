using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ActorLab.Cluster;

/// <summary>
/// The last events of a node, for diagrams and for people. Bounded by count and by the bytes of the messages it keeps
/// alive. Recording costs a lock and a few stores: texts are made when somebody reads.
/// While the node is busy fewer are kept: what lives for some tenths of a second is what makes collections of garbage slow, and
/// nobody reads ten thousand events of one second.
/// </summary>
public sealed class TraceRing
{
    private const int MaxText = 2_000;
    private const int ScanPage = 1_000;
    private const long BusyMicros = 2_000_000;
    private static readonly TimeSpan FollowPause = TimeSpan.FromMilliseconds(100);

    private static readonly DateTime Began = DateTime.UtcNow;
    private static readonly long BeganTicks = Stopwatch.GetTimestamp();

    private readonly Lock _lock = new();
    private readonly Entry[] _entries;
    private readonly long _maxBytes;
    private readonly int _busyCapacity;
    private long _first;
    private long _next;
    private long _bytes;

    /// <param name="capacity">Most events kept; 0 to keep none.</param>
    /// <param name="maxBytes">Most bytes of messages kept.</param>
    /// <param name="busyCapacity">Most events of the last two seconds kept.</param>
    public TraceRing(int capacity, long maxBytes, int busyCapacity = int.MaxValue)
    {
        _entries = new Entry[capacity];
        (_maxBytes, _busyCapacity) = (maxBytes, Math.Max(1, busyCapacity));
    }

    /// <summary>Microseconds since the Unix epoch, never going back: nodes of one machine agree on it.</summary>
    public static long Now => (Began - DateTime.UnixEpoch + Stopwatch.GetElapsedTime(BeganTicks)).Ticks / 10;

    /// <summary>The ring, for what one scenario does.</summary>
    internal ScenarioTrace Of(string scenario) => new(this, scenario);

    /// <summary>Adds an event.</summary>
    /// <param name="at">See <see cref="Now"/>.</param>
    /// <param name="kind">What happened.</param>
    /// <param name="where">The role, or the node alone.</param>
    /// <param name="what">A message, timer, note or fault; immutable.</param>
    /// <param name="peer">The other end of a message.</param>
    /// <param name="message">The number of the envelope.</param>
    /// <param name="cause">The index of the event that led to this one.</param>
    /// <param name="bytes">The size of the message, where it is known.</param>
    /// <param name="scenario">Whose event; null for what befalls the node.</param>
    /// <param name="clock">Of the turn that it is or belongs to; null without one.</param>
    /// <returns>The event's index.</returns>
    internal long Record(
        long at, TraceKind kind, Address where, object? what, Address? peer = null, long message = 0, long cause = -1, int bytes = 0,
        string? scenario = null, ClockReading? clock = null)
    {
        lock (_lock)
        {
            if (_entries.Length == 0)
            {
                return -1;
            }

            while (_first < _next)
            {
                ref var oldest = ref _entries[_first % _entries.Length];
                if (_next - _first < _entries.Length && _bytes + bytes <= _maxBytes
                    && (_next - _first < _busyCapacity || at - oldest.At >= BusyMicros))
                {
                    break;
                }

                _first++;
                _bytes -= oldest.Bytes;
                oldest = default;
            }

            _entries[_next % _entries.Length] = new Entry(at, kind, where, peer, message, cause, what, bytes, scenario, clock);
            _bytes += bytes;
            return _next++;
        }
    }

    /// <summary>
    /// Events with an index greater than <paramref name="after"/>, oldest first, from the first on that is not older than
    /// <paramref name="since"/> (see <see cref="Now"/>); those that fell out are skipped.
    /// </summary>
    public IReadOnlyList<TraceEvent> Read(long after, int limit, long since = 0)
    {
        // Whoever records waits for the lock: to copy a page is all that is done under it.
        var page = Copy(after, Math.Max(limit, ScanPage));
        int first;
        while ((first = Array.FindIndex(page, item => item.Entry.At >= since)) < 0)
        {
            if (page.Length == 0)
            {
                return [];
            }

            page = Copy(page[^1].Index, Math.Max(limit, ScanPage));
        }

        if (page.Length - first < limit)
        {
            (page, first) = (Copy(page[first].Index - 1, limit), 0);
        }

        return [.. page.Skip(first).Take(limit).Select(item => ToEvent(item.Index, item.Entry))];
    }

    /// <summary>The next entries of an index greater than <paramref name="after"/>.</summary>
    private (long Index, Entry Entry)[] Copy(long after, int limit)
    {
        lock (_lock)
        {
            var from = Math.Max(after + 1, _first);
            var copy = new (long, Entry)[(int)Math.Clamp(_next - from, 0, limit)];
            for (var i = 0; i < copy.Length; i++)
            {
                copy[i] = (from + i, _entries[(from + i) % _entries.Length]);
            }

            return copy;
        }
    }

    /// <summary>
    /// Events with an index greater than <paramref name="after"/>, from the first on that is not older than
    /// <paramref name="since"/>, and then those to come.
    /// </summary>
    public async IAsyncEnumerable<TraceEvent> Follow(
        long after, long since = 0, [EnumeratorCancellation] CancellationToken stopped = default)
    {
        while (true)
        {
            foreach (var happening in Read(after, 1_000, since))
            {
                (after, since) = (happening.Index, 0);
                yield return happening;
            }

            await Task.Delay(FollowPause, stopped).ConfigureAwait(false);
        }
    }

    private static TraceEvent ToEvent(long index, Entry entry) => new(
        index, entry.At, entry.Kind, entry.Where, entry.Peer, entry.Message, entry.Cause, Text(entry.What), UInt128.Zero)
    {
        Scenario = entry.Scenario,
        Clock = entry.Clock?.ToEvent(),
    };

    private static string Text(object? what)
    {
        var text = what switch
        {
            null => "",
            string note => note,
            _ => Canonical.Text(what),
        };
        return text.Length <= MaxText ? text : string.Concat(text.AsSpan(0, MaxText), "...");
    }

    private readonly record struct Entry(
        long At, TraceKind Kind, Address Where, Address? Peer, long Message, long Cause, object? What, int Bytes, string? Scenario,
        ClockReading? Clock);
}

/// <summary>The trace of a node, for what one scenario does.</summary>
internal readonly struct ScenarioTrace(TraceRing ring, string scenario)
{
    /// <inheritdoc cref="TraceRing.Record"/>
    public long Record(
        long at, TraceKind kind, Address where, object? what, Address? peer = null, long message = 0, long cause = -1, int bytes = 0,
        ClockReading? clock = null) =>
        ring.Record(at, kind, where, what, peer, message, cause, bytes, scenario, clock);
}
