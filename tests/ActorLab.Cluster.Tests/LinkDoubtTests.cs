namespace ActorLab.Cluster.Tests;

/// <summary>When connections are given up: times in milliseconds, without a clock.</summary>
public sealed class LinkDoubtTests
{
    private const long Each = 500;
    private static readonly TimeSpan RedialAfter = TimeSpan.FromSeconds(3);

    [Fact]
    public void A_healed_link_that_carries_nothing_is_given_up_ever_more_seldom()
    {
        var doubt = new LinkDoubt(RedialAfter, 0);
        Assert.Empty(Due(doubt, 0, 60_000, Cut));
        Assert.Equal([63_000, 69_000, 81_000, 105_000, 135_000, 165_000], Due(doubt, 60_500, 170_000, Silent));
    }

    [Fact]
    public void What_no_cut_explains_is_waited_for_longer_than_akka_waits()
    {
        var doubt = new LinkDoubt(RedialAfter, 0);
        Assert.Equal([30_000, 60_000, 90_000], Due(doubt, 0, 100_000, Silent));
    }

    [Fact]
    public void A_cut_link_is_never_given_up_however_long_and_counts_anew_when_it_heals()
    {
        var doubt = new LinkDoubt(RedialAfter, 0);
        Assert.Empty(Due(doubt, 0, 1_000_000, Cut));
        Assert.Equal([1_003_000], Due(doubt, 1_000_500, 1_004_000, Silent));
        Assert.Empty(Due(doubt, 1_004_500, 1_005_000, Cut));
        Assert.Equal([1_008_000], Due(doubt, 1_005_500, 1_010_000, Silent));
    }

    [Fact]
    public void A_link_that_carried_is_left_alone_when_the_peer_falls_silent()
    {
        var doubt = new LinkDoubt(RedialAfter, 0);
        Assert.Empty(Due(doubt, 0, 5_000, Whole));
        Assert.Empty(Due(doubt, 5_500, 1_000_000, Silent)); // paused, busy or dead
    }

    [Fact]
    public void A_peer_that_is_heard_and_hears_nothing_is_called_anew()
    {
        var fresh = new LinkDoubt(RedialAfter, 0);
        Assert.Equal([9_000, 27_000, 57_000], Due(fresh, 0, 60_000, Deaf));

        var carried = new LinkDoubt(RedialAfter, 0);
        Assert.Empty(Due(carried, 0, 5_000, Whole));
        Assert.Equal([14_000], Due(carried, 5_500, 20_000, Deaf));
        Assert.Equal(1, carried.Redials);
        Assert.Empty(Due(carried, 20_500, 25_000, Whole));
        Assert.Equal(0, carried.Redials);
    }

    [Fact]
    public void A_link_that_was_given_up_must_carry_again()
    {
        var doubt = new LinkDoubt(RedialAfter, 0);
        Assert.Empty(Due(doubt, 0, 5_000, Whole));
        Assert.Equal([14_000], Due(doubt, 5_500, 14_000, Deaf));
        Assert.Equal([44_000], Due(doubt, 14_500, 50_000, Silent));
    }

    [Fact]
    public void A_peer_that_started_anew_must_be_heard_again()
    {
        var doubt = new LinkDoubt(RedialAfter, 0);
        Assert.Empty(Due(doubt, 0, 5_000, Whole));
        doubt.Renew(5_000);
        Assert.Equal([35_000], Due(doubt, 5_500, 40_000, Silent));
    }

    [Fact]
    public void A_node_that_slept_blames_nobody()
    {
        var doubt = new LinkDoubt(RedialAfter, 0);
        Assert.Empty(Due(doubt, 0, 1_000, Cut));
        doubt.Excuse(50_000);
        Assert.Equal([53_000], Due(doubt, 50_000, 55_000, Silent));
    }

    private static readonly (bool Cut, bool Heard, bool HearsUs) Cut = (true, false, false);
    private static readonly (bool Cut, bool Heard, bool HearsUs) Silent = (false, false, true); // as it said last
    private static readonly (bool Cut, bool Heard, bool HearsUs) Deaf = (false, true, false);
    private static readonly (bool Cut, bool Heard, bool HearsUs) Whole = (false, true, true);

    private static List<long> Due(LinkDoubt doubt, long from, long to, (bool Cut, bool Heard, bool HearsUs) seen)
    {
        List<long> due = [];
        for (var now = from; now <= to; now += Each)
        {
            if (doubt.IsDue(now, seen.Cut, seen.Heard, seen.HearsUs))
            {
                due.Add(now);
            }
        }

        return due;
    }
}
