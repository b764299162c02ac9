using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Core;
using ActorLab.Lab;

namespace ActorLab.Tests.Lab;

public sealed class LinkTextTests
{
    private static readonly Set<NodeId> Five = NodeId.Range(5);

    [Fact]
    public void Groups_are_written_with_commas_and_bars()
    {
        var groups = LinkText.Groups("n1, n2|n3,n4,n5", Five);
        Assert.Equal("n1,n2|n3,n4,n5", LinkText.Show(groups));
        Assert.Equal(12, Partition.Split(Five, groups).Count);
    }

    [Theory]
    [InlineData("n1,n2|n9", "Unknown node \"n9\".")]
    [InlineData("n1,n2|n2,n3", "n2 stands in \"n1,n2|n2,n3\" twice")]
    [InlineData("n1,n2|", "Unknown node \"\".")]
    [InlineData("n1,n2", "split must name every node; left out: n3, n4, n5.")]
    public void Bad_groups_are_named(string text, string sentence) =>
        Assert.StartsWith(sentence, Assert.Throws<BadInput>(() => LinkText.Groups(text, Five)).Message, StringComparison.Ordinal);

    [Fact]
    public void Directions_are_written_with_an_arrow() =>
        Assert.Equal("{n1>n2, n3>n2}", LinkText.Links("n3>n2,n1>n2", Five).ToString());

    [Theory]
    [InlineData("n1", "\"n1\" is not one direction of a link")]
    [InlineData("n1>n1", "n1>n1 is no link")]
    [InlineData("n1>n2>n3", "\"n1>n2>n3\" is not one direction of a link")]
    [InlineData("n1>n7", "Unknown node \"n7\"")]
    public void Bad_directions_are_named(string text, string sentence) =>
        Assert.StartsWith(sentence, Assert.Throws<BadInput>(() => LinkText.Links(text, Five)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_same_seed_cuts_the_same()
    {
        Assert.Equal(LinkText.Random(Five, 7, 0.3), LinkText.Random(Five, 7, 0.3));
        Assert.NotEqual(LinkText.Random(Five, 7, 0.3), LinkText.Random(Five, 8, 0.3));
        Assert.Empty(LinkText.Random(Five, 7, 0));
        Assert.Equal(20, LinkText.Random(Five, 7, 1).Count);
    }

    [Fact]
    public void Cuts_that_flap_at_random_are_others_each_time_never_none_and_follow_from_the_seed()
    {
        var turns = LinkText.RandomTurns(Five, 7, 0.3).Take(50).ToList();
        Assert.Equal(LinkText.Random(Five, 7, 0.3), turns[0]);
        Assert.Equal(turns, LinkText.RandomTurns(Five, 7, 0.3).Take(50));
        Assert.NotEqual(turns, LinkText.RandomTurns(Five, 8, 0.3).Take(50));
        foreach (var (nodes, share) in ((int, double)[])[(2, 0.01), (2, 0.95), (3, 0.3), (9, 0.95)])
        {
            var drawn = LinkText.RandomTurns(NodeId.Range(nodes), 1, share).Take(50).ToList();
            Assert.All(drawn, cuts => Assert.NotEmpty(cuts));
            Assert.All(drawn.Zip(drawn.Skip(1)), pair => Assert.NotEqual(pair.First, pair.Second));
        }
    }

    [Fact]
    public void What_flaps_is_cut_together_or_as_it_is_drawn_beside_what_stays_cut()
    {
        Set<Link> flaps = [Link.Parse("n1>n2"), Link.Parse("n2>n1")], still = [Link.Parse("n3>n1")];
        var together = new Flapping(flaps, still, TimeSpan.FromSeconds(1));
        Assert.All(together.Turns().Take(3), cuts => Assert.Equal(flaps.Union(still), cuts));
        var drawn = together with { Drawn = LinkText.RandomTurns(NodeId.Range(2), 7, 0.5) };
        Assert.Equal(LinkText.RandomTurns(NodeId.Range(2), 7, 0.5).Take(3).Select(cuts => cuts.Union(still)), drawn.Turns().Take(3));
    }

    [Theory]
    [InlineData("n1", "n1", null, "-")]
    [InlineData("n1", "n2", true, "leaks")]
    [InlineData("n1", "n2", false, "cut")]
    [InlineData("n2", "n1", true, "ok")]
    [InlineData("n2", "n1", false, "unheard")]
    [InlineData("n2", "n1", null, "?")]
    public void The_matrix_compares_what_was_asked_with_what_is_heard(string from, string to, bool? heard, string mark)
    {
        var plan = FaultPlan.None.WithCuts([new Link(new NodeId("n1"), new NodeId("n2"))]);
        var observed = heard is { } reachable ? new LinkStatus(from, 100, reachable) : null;
        Assert.Equal(mark, PartitionPalette.Mark(from, to, plan, observed).Text);
    }
}
