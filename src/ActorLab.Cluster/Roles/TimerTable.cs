namespace ActorLab.Cluster;

/// <summary>
/// The armed timers of one role. A timer that is started again only moves its deadline: the host keeps one wake-up for
/// all of them, and one that comes too early is armed anew. Times are those of the scheduler's monotonic clock.
/// </summary>
internal sealed class TimerTable
{
    // A role has a handful of timers: a list is the quickest table.
    private readonly List<(Timer Timer, TimeSpan Due)> _armed = [];

    /// <summary>The earliest deadline; null when no timer is armed.</summary>
    public TimeSpan? Next => _armed.Count == 0 ? null : _armed.Min(armed => armed.Due);

    public void Start(Timer timer, TimeSpan due)
    {
        Cancel(timer.Name);
        _armed.Add((timer, due));
    }

    public void Cancel(string name)
    {
        var at = _armed.FindIndex(armed => armed.Timer.Name == name);
        if (at >= 0)
        {
            _armed.RemoveAt(at);
        }
    }

    public void Clear() => _armed.Clear();

    /// <summary>Takes the earliest timer that is due, out of the table; null when none is.</summary>
    public Timer? TakeDue(TimeSpan now)
    {
        var earliest = -1;
        for (var i = 0; i < _armed.Count; i++)
        {
            if (_armed[i].Due <= now && (earliest < 0 || _armed[i].Due < _armed[earliest].Due))
            {
                earliest = i;
            }
        }

        if (earliest < 0)
        {
            return null;
        }

        var timer = _armed[earliest].Timer;
        _armed.RemoveAt(earliest);
        return timer;
    }
}
