using Timer = ActorLab.Core.Timer;

namespace ActorLab.Cluster.Tests;

public class TimerTableTests
{
    private static readonly Timer Tick = Timer.Fixed("tick", TimeSpan.FromMilliseconds(100));

    [Fact]
    public void A_timer_that_starts_itself_again_does_not_drift_when_wake_ups_are_late()
    {
        var timers = new TimerTable();
        timers.Start(Tick, At(0), At(100));
        for (var i = 1; i <= 200; i++)
        {
            var late = At((100 * i) + 15);
            Assert.Equal(Tick, timers.TakeDue(late));
            timers.Start(Tick, late, At(100));
            timers.Expired();
            Assert.Equal(At(100 * (i + 1)), timers.Next);
        }
    }

    [Fact]
    public void After_a_pause_a_timer_goes_on_from_now_and_does_not_catch_up()
    {
        var timers = new TimerTable();
        timers.Start(Tick, At(0), At(100));
        timers.TakeDue(At(5_000));
        timers.Start(Tick, At(5_000), At(100));
        timers.Expired();
        Assert.Equal(At(5_000), timers.Next);

        timers.TakeDue(At(5_000));
        timers.Start(Tick, At(5_000), At(100));
        timers.Expired();
        Assert.Equal(At(5_100), timers.Next);
    }

    [Fact]
    public void A_timer_started_in_another_turn_counts_from_now()
    {
        var timers = new TimerTable();
        timers.Start(Tick, At(0), At(100));
        timers.TakeDue(At(150));
        timers.Expired();
        timers.Start(Tick, At(160), At(100));
        Assert.Equal(At(260), timers.Next);
    }

    private static TimeSpan At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
