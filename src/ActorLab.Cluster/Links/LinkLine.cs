using System.Diagnostics;
using Akka.Actor;

namespace ActorLab.Cluster;

/// <summary>What became of a frame on its way out.</summary>
/// <param name="LostTo">Why it will not arrive, or not whole; null where it will.</param>
/// <param name="IsRepeated">It arrives twice.</param>
internal readonly record struct Passage(string? LostTo, bool IsRepeated);

/// <summary>
/// One direction of a link while rules are in force: frames of all roles of this node to one other pass here, one at a time,
/// and some wait. What does not overtake keeps the order of sending, also when the rules change. What waits is bounded; what
/// finds no room is lost.
/// </summary>
internal sealed class LinkLine : IDisposable
{
    /// <summary>The most that waits on one direction of one link.</summary>
    public const long MostBytes = 16 * 1024 * 1024;

    /// <inheritdoc cref="MostBytes" />
    public const int MostFrames = 50_000;

    private readonly Lock _lock = new();
    private readonly LinkFates _fates;
    private readonly Func<bool> _isCut;
    private readonly Func<long> _now;
    private readonly System.Threading.Timer? _timer;
    private readonly PriorityQueue<Held, (long Due, long Order)> _held = new();
    private long _bytes;
    private long _order;
    private long _lastInOrder;
    private int _inOrder;
    private long _noRoom;
    private bool _closed;

    /// <param name="link">From this node to another.</param>
    /// <param name="isCut">Asked when a frame that has waited leaves.</param>
    /// <param name="now">In microseconds; null for the clock, and for frames that leave by themselves.</param>
    public LinkLine(Link link, Func<bool> isCut, Func<long>? now = null)
    {
        _fates = new LinkFates(link.From, link.To);
        _isCut = isCut;
        _now = now ?? (() => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000));
        _timer = now is null ? new System.Threading.Timer(_ => Release()) : null;
    }

    public void Dispose() => _timer?.Dispose();

    public void Obey(Seq<LinkRule> rules)
    {
        lock (_lock)
        {
            _fates.Obey(rules);
            if (_fates.IsEmpty)
            {
                ReleaseAll();
            }
        }
    }

    /// <summary>No rule is in force any more: what waits leaves at once, in order, and so does what comes late.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            ReleaseAll();
        }
    }

    public Passage Send(IActorRef target, byte[] frame, string scenario, string message)
    {
        lock (_lock)
        {
            if (_closed || _fates.IsEmpty)
            {
                target.Tell(new OutgoingFrame(frame), ActorRefs.NoSender);
                return default;
            }

            var now = _now();
            var fate = _fates.Next(scenario, message, frame.Length, now);
            if (fate.LostTo is { } rule)
            {
                return new Passage($"dropped by {rule}", false);
            }

            if (fate.DamagedBy is not null)
            {
                Damage(frame, fate.Damage);
            }

            var leaves = Pass(target, frame, now, fate.Delay, fate.Overtakes);
            var again = fate.IsRepeated && Pass(target, frame, now, fate.AgainDelay, fate.Overtakes);
            return new Passage(
                fate.DamagedBy is { } damager ? $"corrupted by {damager}" : leaves || again ? null : "too much waits on the link",
                leaves && again);
        }
    }

    /// <summary>Lets go of all that is due.</summary>
    public void Release()
    {
        lock (_lock)
        {
            var now = _now();
            while (_held.TryPeek(out _, out var first) && first.Due <= now)
            {
                Leave(_held.Dequeue());
            }

            Wake(now);
        }
    }

    /// <summary>What the rules did, and what waits.</summary>
    public (IReadOnlyList<LinkCount> Rules, int Waiting, long Bytes, long NoRoom) Read()
    {
        lock (_lock)
        {
            return ([.. _fates.Counts], _held.Count, _bytes, _noRoom);
        }
    }

    /// <summary>Changes one to four bytes, at places that were drawn: any of the frame, its head included.</summary>
    internal static void Damage(byte[] frame, ulong drawn)
    {
        var count = 1 + (int)(drawn % 4);
        for (var i = 0; i < count; i++)
        {
            drawn = (drawn * 6364136223846793005UL) + 1442695040888963407UL;
            // Each further change strikes a byte behind the last one, so that none takes another back.
            var at = (int)((((ulong)i * (ulong)frame.Length) / (ulong)count) + ((drawn >> 33) % (ulong)Math.Max(1, frame.Length / count)));
            frame[at] ^= (byte)(1 + ((drawn >> 20) % 255));
        }
    }

    /// <returns>False when there is no room for it.</returns>
    private bool Pass(IActorRef target, byte[] frame, long now, long delay, bool overtakes)
    {
        if (delay == 0 && (overtakes || _inOrder == 0))
        {
            target.Tell(new OutgoingFrame(frame), ActorRefs.NoSender);
            return true;
        }

        if (_held.Count >= MostFrames || _bytes + frame.Length > MostBytes)
        {
            _noRoom++;
            return false;
        }

        var due = now + delay;
        if (!overtakes)
        {
            _lastInOrder = due = Math.Max(due, _lastInOrder);
            _inOrder++;
        }

        _bytes += frame.Length;
        var isNext = !_held.TryPeek(out _, out var first) || due < first.Due;
        _held.Enqueue(new Held(target, frame, !overtakes), (due, _order++));
        if (isNext)
        {
            Wake(now);
        }

        return true;
    }

    private void ReleaseAll()
    {
        while (_held.Count > 0)
        {
            Leave(_held.Dequeue());
        }
    }

    private void Leave(Held held)
    {
        _bytes -= held.Frame.Length;
        _inOrder -= held.InOrder ? 1 : 0;
        if (!_isCut())
        {
            held.Target.Tell(new OutgoingFrame(held.Frame), ActorRefs.NoSender);
        }
    }

    private void Wake(long now)
    {
        if (_timer is not null && _held.TryPeek(out _, out var first))
        {
            _timer.Change(Math.Max(0, (first.Due - now + 999) / 1000), Timeout.Infinite);
        }
    }

    private readonly record struct Held(IActorRef Target, byte[] Frame, bool InOrder);
}
