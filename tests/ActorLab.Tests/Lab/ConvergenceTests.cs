using ActorLab.Lab;

namespace ActorLab.Tests.Lab;

/// <summary>From which moment on the time to convergence is counted.</summary>
public sealed class ConvergenceTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Convergence _convergence = new();

    [Fact]
    public void Without_a_partition_it_counts_from_the_first_look_at_which_they_differed()
    {
        Assert.Null(See(0, differ: false));
        Assert.Null(See(1, differ: true));
        Assert.Null(See(2, differ: true));
        Assert.Equal("all agree, 3.00 s after they were seen to differ", See(4, differ: false));
        Assert.Null(See(5, differ: false));
    }

    [Fact]
    public void Of_a_partition_that_was_seen_healed_it_counts_from_the_heal_and_not_from_when_that_was_noticed()
    {
        Assert.Null(See(1, differ: false, isCut: true, edited: 1));
        Assert.Null(See(2, differ: true, isCut: true, edited: 1));
        Assert.Null(See(9, differ: true, edited: 8.5));
        Assert.Equal("all agree, 1.50 s after the links were healed and 8.00 s after they were seen to differ", See(10, differ: false, edited: 8.5));
    }

    [Fact]
    public void They_may_agree_at_the_very_look_that_sees_the_heal()
    {
        Assert.Null(See(2, differ: true, isCut: true, edited: 1));
        Assert.Equal("all agree, 0.25 s after the links were healed and 1.00 s after they were seen to differ", See(3, differ: false, edited: 2.75));
    }

    [Fact]
    public void A_heal_from_before_they_differed_does_not_count()
    {
        Assert.Null(See(1, differ: false, isCut: true, edited: 1));
        Assert.Null(See(2, differ: false, edited: 2));
        Assert.Null(See(3, differ: true, edited: 2));
        Assert.Equal("all agree, 1.00 s after they were seen to differ", See(4, differ: false, edited: 2));
    }

    [Fact]
    public void A_heal_before_another_cut_does_not_count()
    {
        Assert.Null(See(1, differ: true, isCut: true, edited: 1));
        Assert.Null(See(2, differ: true, edited: 2));
        Assert.Null(See(3, differ: true, isCut: true, edited: 3));
        Assert.Equal("all agree, 3.00 s after they were seen to differ", See(4, differ: false, isCut: true, edited: 3));
    }

    private string? See(double at, bool differ, bool isCut = false, double? edited = null) =>
        _convergence.See(Start.AddSeconds(at), differ, isCut, edited is { } seconds ? Start.AddSeconds(seconds) : null);
}
