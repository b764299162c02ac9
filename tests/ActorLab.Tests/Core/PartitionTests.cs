using ActorLab.Core;

namespace ActorLab.Tests.Core;

public sealed class PartitionTests
{
    private static readonly Set<NodeId> Five = NodeId.Range(5);

    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(9)]
    public void On_a_majority_ring_each_node_hears_a_majority_and_no_two_the_same(int count)
    {
        var nodes = NodeId.Range(count);
        var cuts = Partition.MajorityRing(nodes);
        var heard = nodes.Select(node => HeardBy(node, nodes, cuts)).ToList();
        Assert.All(heard, set => Assert.True(set.Count > count / 2, $"{set} is no majority of {count}."));
        Assert.All(heard, set => Assert.True(set.Count < count, "Nothing is cut."));
        Assert.Equal(count, heard.Distinct().Count());
    }

    [Fact]
    public void A_split_hears_itself_and_one_in_no_group_is_alone()
    {
        var cuts = Partition.Split(Five, [Nodes("n1", "n2"), Nodes("n3", "n4")]);
        Assert.Equal(Nodes("n1", "n2"), HeardBy(new NodeId("n1"), Five, cuts));
        Assert.Equal(Nodes("n3", "n4"), HeardBy(new NodeId("n4"), Five, cuts));
        Assert.Equal(Nodes("n5"), HeardBy(new NodeId("n5"), Five, cuts));
    }

    [Fact]
    public void An_isolated_node_hears_nobody_and_the_rest_hear_each_other()
    {
        var cuts = Partition.Isolate(Five, new NodeId("n3"));
        Assert.Equal(Nodes("n3"), HeardBy(new NodeId("n3"), Five, cuts));
        Assert.Equal(Nodes("n1", "n2", "n4", "n5"), HeardBy(new NodeId("n1"), Five, cuts));
    }

    [Fact]
    public void A_bridge_hears_both_halves_which_do_not_hear_each_other()
    {
        var cuts = Partition.Bridge(Five, new NodeId("n3"));
        Assert.Equal(Five, HeardBy(new NodeId("n3"), Five, cuts));
        Assert.Equal(Nodes("n1", "n2", "n3"), HeardBy(new NodeId("n2"), Five, cuts));
        Assert.Equal(Nodes("n3", "n4", "n5"), HeardBy(new NodeId("n5"), Five, cuts));
    }

    [Fact]
    public void A_cut_goes_one_way()
    {
        var plan = FaultPlan.None.WithCuts([new Link(new NodeId("n1"), new NodeId("n2"))]);
        Assert.True(plan.IsCut(new NodeId("n1"), new NodeId("n2")));
        Assert.False(plan.IsCut(new NodeId("n2"), new NodeId("n1")));
        Assert.Equal(1, plan.Version);
    }

    private static Set<NodeId> Nodes(params string[] names) => names.Select(name => new NodeId(name)).ToSet();

    private static Set<NodeId> HeardBy(NodeId listener, Set<NodeId> nodes, Set<Link> cuts) =>
        nodes.Where(node => !cuts.Contains(new Link(node, listener))).ToSet();
}
