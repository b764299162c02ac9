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

    /// <summary>A part of the paper's Figure 2, on a network that loses messages.</summary>
    internal static Scenario Servers(ScenarioFamily family, int servers, int terms, int rounds, int operations)
    {
        var scenario = family.With(
            ("servers", servers), ("clients", 0), ("prevote", 0), ("operations", operations), ("terms", terms), ("rounds", rounds));
        return scenario with { Network = scenario.Network with { OneCopy = true, NoOpDeliversStay = true } };
    }
}
