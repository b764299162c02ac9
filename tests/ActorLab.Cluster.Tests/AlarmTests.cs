namespace ActorLab.Cluster.Tests;

public sealed class AlarmTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task It_rings_once_it_is_time_and_can_be_set_again()
    {
        var rings = new SemaphoreSlim(0);
        using var alarm = new Alarm(() => rings.Release());
        alarm.Set(TimeSpan.FromMilliseconds(3), TimeSpan.Zero, TimeSpan.Zero);
        Assert.True(await rings.WaitAsync(Limit));
        alarm.Heard();
        alarm.Set(TimeSpan.Zero, TimeSpan.FromHours(1), TimeSpan.Zero); // long due
        Assert.True(await rings.WaitAsync(Limit));
    }

    [Fact]
    public async Task It_is_moved_to_an_earlier_time_from_one_beyond_what_timers_of_the_platform_take()
    {
        var rings = new SemaphoreSlim(0);
        using var alarm = new Alarm(() => rings.Release());
        alarm.Set(TimeSpan.FromDays(60), TimeSpan.Zero, TimeSpan.Zero);
        alarm.Set(TimeSpan.FromMilliseconds(3), TimeSpan.Zero, TimeSpan.Zero);
        Assert.True(await rings.WaitAsync(Limit));
    }

    [Fact]
    public async Task One_that_is_off_forgets_for_when_it_was_set()
    {
        var rings = new SemaphoreSlim(0);
        using var alarm = new Alarm(() => rings.Release());
        alarm.Set(TimeSpan.FromMilliseconds(1), TimeSpan.Zero, TimeSpan.FromHours(1));
        alarm.Off();
        alarm.Set(TimeSpan.FromMilliseconds(2), TimeSpan.Zero, TimeSpan.Zero); // later than what was
        Assert.True(await rings.WaitAsync(Limit));
    }
}
