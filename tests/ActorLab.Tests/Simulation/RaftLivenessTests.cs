using ActorLab.Algorithms.Raft;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Tests.Simulation;

/// <summary>What is asked of a quiet network is asked of the members, and of nobody else.</summary>
public sealed class RaftLivenessTests
{
    [Theory]
    [InlineData("servers=4 members=3")]
    [InlineData("servers=3 removes=1")]
    [InlineData("servers=4 members=3 adds=1 removes=1 transfers=1 linger=5")]
    public void Servers_that_are_no_members_need_no_leader(string parameters)
    {
        var given = parameters.Split(' ').Select(parameter => parameter.Split('=')).Select(pair => (pair[0], int.Parse(pair[1]))).ToArray();
        var result = Run(RaftScenario.Family.With(given));
        Assert.All(RaftLiveness.All, property => Assert.Equal(Finding.Held, result.FindingOf(property.Name)));
        Assert.Equal(Finding.Reached, result.FindingOf(RaftProperties.EntryCommitted.Name));
    }

    [Fact]
    public void Members_without_a_leader_break_both()
    {
        var never = RaftOptions.Default with
        {
            ElectionTimeoutEarliest = TimeSpan.FromHours(1),
            ElectionTimeoutLatest = TimeSpan.FromHours(2),
        };
        var result = Run(RaftScenario.Of(3, never));
        Assert.All(RaftLiveness.All, property => Assert.Equal(Finding.Violated, result.FindingOf(property.Name)));
    }

    private static SimulationResult Run(Scenario scenario) => Simulator.Run(scenario, new SimulationOptions
    {
        VirtualTime = TimeSpan.FromSeconds(8),
        Quiet = TimeSpan.FromSeconds(4),
        Properties = scenario.Properties.AddRange(RaftLiveness.All),
    });
}
