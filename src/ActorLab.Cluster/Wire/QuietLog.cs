using Akka.Event;

namespace ActorLab.Cluster;

/// <summary>One line for the first of many like events, then at most one each interval, with the count of those in between.</summary>
internal sealed class QuietLog(ILoggingAdapter log, TimeSpan interval)
{
    private readonly Lock _lock = new();
    private long _nextAt = long.MinValue;
    private long _silent;

    public void Warning(string what, string reason)
    {
        long silent;
        lock (_lock)
        {
            var now = Environment.TickCount64;
            if (now < _nextAt)
            {
                _silent++;
                return;
            }

            _nextAt = now + (long)interval.TotalMilliseconds;
            silent = _silent;
            _silent = 0;
        }

        log.Warning("{What}: {Reason} ({Silent} more since the last such line)", what, reason, silent);
    }
}
