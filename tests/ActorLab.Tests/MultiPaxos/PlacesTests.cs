using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.MultiPaxos;
using ActorLab.Core;

namespace ActorLab.Tests.MultiPaxos;

public sealed class PlacesTests
{
    [Fact]
    public void On_a_cluster_each_node_has_one_role_of_each_kind_and_the_operations_are_those_of_Raft()
    {
        var scenario = MultiPaxosScenario.Of(3, MultiPaxosOptions.Default);
        Assert.Equal(
            ["n1/acceptor", "n1/client", "n1/leader", "n1/learner"],
            scenario.Placements.Select(placement => placement.Address.ToString()).Take(4));
        Assert.Equal(12, scenario.Placements.Count);
        Assert.Equal(
            KvOperations.For("client").Select(kind => kind.Name), scenario.Operations.Select(kind => kind.Name));
    }

    [Fact]
    public void Apart_each_role_has_a_node_of_its_own()
    {
        var scenario = MultiPaxosScenario.Family.With(("apart", 1), ("leaders", 2), ("learners", 1));
        Assert.Equal(scenario.Placements.Count, scenario.Nodes.Count);
        Assert.Equal(["n3", "n4", "n5"], scenario.Interchangeable.Select(node => node.Name));
    }

    [Fact]
    public void Nobody_to_lead_accept_or_learn_is_refused_in_a_sentence()
    {
        var nobody = new MultiPaxosPlaces(NodeId.Range(1), [], NodeId.Range(1), []);
        var error = Assert.Throws<FormatException>(() => MultiPaxosScenario.Of(nobody, MultiPaxosOptions.Default));
        Assert.Equal("Multi-Paxos needs a leader, an acceptor and a learner at least, not 1, 0 and 1.", error.Message);
        Assert.Throws<FormatException>(() => MultiPaxosScenario.Of(10, MultiPaxosOptions.Default));
    }

    [Fact]
    public void A_client_without_a_leader_on_its_node_asks_one_and_is_told_by_all()
    {
        var places = new MultiPaxosPlaces(
            NodeId.Range(2), NodeId.Range(3), NodeId.Range(3), [new NodeId("n2"), new NodeId("n4")]);
        Assert.Equal(Address.Parse("n2/leader"), places.LeaderFor(new NodeId("n2")));
        Assert.Equal(Address.Parse("n2/leader"), places.LeaderFor(new NodeId("n4")));
        Assert.Equal([Address.Parse("n4/client")], places.ClientsOf(new NodeId("n1")));
        Assert.Equal(2, places.ClientsOf(new NodeId("n2")).Count);
    }

    [Fact]
    public void Terms_are_in_the_order_of_ballots()
    {
        long[] terms =
        [
            Three.Places.TermOf(null), Three.Places.TermOf(Three.B(1, 1)), Three.Places.TermOf(Three.B(1, 3)),
            Three.Places.TermOf(Three.B(2, 1)),
        ];
        Assert.Equal(terms.Order().Distinct(), terms);
    }
}
