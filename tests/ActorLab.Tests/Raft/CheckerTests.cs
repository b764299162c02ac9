using ActorLab.Algorithms.Raft;
using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.Raft;

/// <summary>All worlds of small Raft clusters, without clients: what users ask for comes to the servers from outside.</summary>
public sealed class CheckerTests
{
    private static readonly Property[] Figure3 = [.. RaftProperties.All.Where(property => property is Property.Always)];

    [Theory]
    [InlineData(2, 2, 0, 44_168, 333_232)]
    [InlineData(3, 1, 0, 905_312, 8_877_515)]
    public void The_five_properties_hold_in_every_world(int servers, int terms, int rounds, long distinct, long generated)
    {
        var result = ModelChecker.Check(Servers(RaftScenario.Family, servers, terms, rounds, operations: 1));
        Assert.Equal((distinct, generated, true), (result.Distinct, result.Generated, result.Complete));
        Assert.All(Figure3, property => Assert.Equal(VerdictKind.Holds, result[property.Name].Kind));
        Assert.Equal(VerdictKind.Reached, result[RaftProperties.EntryCommitted.Name].Kind);
        Assert.Equal(
            terms > 1 ? VerdictKind.Reached : VerdictKind.NeverReached, result[RaftProperties.LeaderReplaced.Name].Kind);
    }

    /// <summary>A single server adds a second one, which learns the log and then votes.</summary>
    [Fact]
    public void One_server_becomes_two_in_every_order()
    {
        var scenario = Changed(("members", 1), ("adds", 1), ("terms", 1), ("rounds", 1));
        var result = ModelChecker.Check(scenario with
        {
            Properties = scenario.Properties.Add(new Property.Sometimes(
                "two members", "Both know that both are members.",
                world => world.All<RaftState>().All(server => server.State.Configuration.Voters.Count == 2))),
        });
        Assert.Equal((27_904, 148_645, true), (result.Distinct, result.Generated, result.Complete));
        Assert.All(Figure3, property => Assert.Equal(VerdictKind.Holds, result[property.Name].Kind));
        Assert.Equal(VerdictKind.Reached, result["two members"].Kind);
    }

    /// <summary>The first server takes a snapshot at any time, which the second one gets in pieces, in any order, with a crash of anybody.</summary>
    [Theory]
    [InlineData(0, 75_066, 403_876)]
    [InlineData(1, 313_146, 1_959_412)]
    public void A_new_server_gets_a_snapshot_in_every_order(int crashes, long distinct, long generated)
    {
        var result = ModelChecker.Check(
            Changed(("members", 1), ("adds", 1), ("snapshots", 1), ("terms", 1), ("rounds", 1), ("crashes", crashes)));
        Assert.Equal((distinct, generated, true), (result.Distinct, result.Generated, result.Complete));
        Assert.All(Figure3, property => Assert.Equal(VerdictKind.Holds, result[property.Name].Kind));
        Assert.Equal(VerdictKind.Reached, result[RaftProperties.SnapshotInstalled.Name].Kind);
    }

    /// <summary>Two servers: n1 is removed, asked of either, and asked to make way, in two terms.</summary>
    [Fact]
    public void Two_servers_become_one_in_every_order()
    {
        var result = ModelChecker.Check(Changed(("removes", 2), ("transfers", 1), ("terms", 2), ("rounds", 0)));
        Assert.Equal((624_854, 5_202_991, true), (result.Distinct, result.Generated, result.Complete));
        Assert.All(Figure3, property => Assert.Equal(VerdictKind.Holds, result[property.Name].Kind));
        Assert.Equal(VerdictKind.Reached, result[RaftProperties.LeaderReplaced.Name].Kind);
    }

    private static Scenario Changed(params ReadOnlySpan<(string Name, int Value)> values)
    {
        var scenario = RaftScenario.Family.With(
            [("servers", 2), ("clients", 0), ("prevote", 0), ("operations", 0), .. values]);
        return scenario with { Network = scenario.Network with { OneCopy = true, NoOpDeliversStay = true } };
    }

    /// <summary>A part of the paper's Figure 2, on a network that loses messages.</summary>
    internal static Scenario Servers(ScenarioFamily family, int servers, int terms, int rounds, int operations)
    {
        var scenario = family.With(
            ("servers", servers), ("clients", 0), ("prevote", 0), ("operations", operations), ("terms", terms), ("rounds", rounds));
        return scenario with { Network = scenario.Network with { OneCopy = true, NoOpDeliversStay = true } };
    }
}
