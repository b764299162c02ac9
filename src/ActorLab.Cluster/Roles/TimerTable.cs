namespace ActorLab.Cluster;

/// <summary>
/// The armed timers of one role. A timer that is started again only moves its deadline: the host keeps one wake-up for
/// all of them, and one that comes too early is armed anew. Times are those of the scheduler's monotonic clock.
/// </summary>
internal sealed class TimerTable
{
    // A role has a handful of timers: a list is the quickest table.
    private readonly List<(Timer Timer, TimeSpan Due)> _armed = [];
    private (string Name, TimeSpan Due)? _expiring;

    /// <summary>The earliest deadline; null when no timer is armed.</summary>
    public TimeSpan? Next
    {
        get
        {
            var at = Earliest();
            return at < 0 ? null : _armed[at].Due;
        }
    }

    /// <summary>
    /// Arms a timer. One that is started again while it expires counts from when it was due: wake-ups come late, and a role
    /// that counts ticks would wait longer and longer. After a pause it goes on from now, and does not catch up.
    /// </summary>
    public void Start(Timer timer, TimeSpan now, TimeSpan wait)
    {
        Cancel(timer.Name);
        var due = (_expiring is { } expiring && expiring.Name == timer.Name ? expiring.Due : now) + wait;
        _armed.Add((timer, due > now ? due : now));
    }

    public void Cancel(string name)
    {
        var at = PlaceOf(name);
        if (at >= 0)
        {
            _armed.RemoveAt(at);
        }
    }

    public void Clear()
    {
        _armed.Clear();
        _expiring = null;
    }

    /// <summary>
    /// Takes the earliest timer that is due out of the table; null when none is. It is expiring until
    /// <see cref="Expired"/>.
    /// </summary>
    public Timer? TakeDue(TimeSpan now)
    {
        var at = Earliest();
        return at < 0 || _armed[at].Due > now ? null : TakeAt(at);
    }

    /// <summary>The names of the armed timers.</summary>
    public IReadOnlyList<string> Armed => [.. _armed.Select(armed => armed.Timer.Name).Order(StringComparer.Ordinal)];

    /// <summary>Takes a timer out of the table, due or not; null when it is not armed. It expires as of when it was due.</summary>
    public Timer? Take(string name)
    {
        var at = PlaceOf(name);
        return at < 0 ? null : TakeAt(at);
    }

    /// <summary>The turn of the timer that was taken is over.</summary>
    public void Expired() => _expiring = null;

    private int PlaceOf(string name)
    {
        for (var i = 0; i < _armed.Count; i++) // at every turn: a closure would be garbage
        {
            if (_armed[i].Timer.Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Of timers that are due at the same time, the one that was armed first.</summary>
    private int Earliest()
    {
        var earliest = -1;
        for (var i = 0; i < _armed.Count; i++)
        {
            if (earliest < 0 || _armed[i].Due < _armed[earliest].Due)
            {
                earliest = i;
            }
        }

        return earliest;
    }

    private Timer TakeAt(int place)
    {
        var (timer, due) = _armed[place];
        _armed.RemoveAt(place);
        _expiring = (timer.Name, due);
        return timer;
    }
}
