namespace ActorLab.Cluster;

/// <summary>
/// Rings once at a time, or sooner: whoever hears it looks whether anything is due, and sets it anew. Akka's scheduler
/// counts in steps of 10 ms, which a batch of commands may not wait for. For one owner, which is not called but told.
/// </summary>
internal sealed class Alarm : IDisposable
{
    /// <summary>A timer of the platform takes 49 days at most.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly System.Threading.Timer _timer;
    private TimeSpan? _at;

    /// <param name="ring">On any thread.</param>
    public Alarm(Action ring) => _timer = new System.Threading.Timer(_ => ring(), null, Timeout.Infinite, Timeout.Infinite);

    /// <summary>Sees to it that it rings then; one that is set to ring before stays.</summary>
    /// <param name="at">When, by the owner's clock.</param>
    /// <param name="now">What that clock shows.</param>
    /// <param name="least">Not before so long, however late it is.</param>
    public void Set(TimeSpan at, TimeSpan now, TimeSpan least)
    {
        if (_at <= at)
        {
            return;
        }

        _at = at;
        var wait = at - now < least ? least : at - now > Longest ? Longest : at - now;
        _timer.Change((long)Math.Ceiling(wait.TotalMilliseconds), Timeout.Infinite);
    }

    /// <summary>It has rung, and its owner heard it.</summary>
    public void Heard() => _at = null;

    public void Off()
    {
        _at = null;
        _timer.Change(Timeout.Infinite, Timeout.Infinite);
    }

    public void Dispose() => _timer.Dispose();
}
