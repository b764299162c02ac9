using ActorLab.Algorithms.Raft;
using ActorLab.Core;
using ActorLab.Lab;
using ActorLab.Simulation;
using Xunit.Abstractions;

namespace ActorLab.Tests.Simulation;

public sealed class RaftSimulationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Five_hundred_seeds_of_every_fault_break_no_property(int servers)
    {
        var scenario = RaftScenario.Of(servers, RaftOptions.Default);
        var summary = Simulator.RunMany(scenario, RaftRuns.Stormy(scenario), Seeds.Of(500), RaftRuns.Verify);
        output.WriteLine(summary.RequireAllWell(Seeds.Reproduce(nameof(RaftSimulationTests))));
        if (Seeds.All)
        {
            Assert.True(summary.RunsThatReached(RaftProperties.EntryCommitted.Name) == 500, summary.ToString());
            Assert.True(summary.RunsThatReached(RaftProperties.LeaderReplaced.Name) > 250, summary.ToString());
        }
    }

    /// <summary>
    /// Timeouts that are shorter than many delays, one entry per message, and faults by the dozen every second: leaders
    /// come and go before they commit anything, as in Figures 7 and 8.
    /// </summary>
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Leaders_that_come_and_go_break_no_property(int servers)
    {
        var scenario = RaftScenario.Of(servers, RaftRuns.Nervous);
        var summary = Simulator.RunMany(
            scenario, RaftRuns.Stormy(scenario) with { Faults = SimulatorSetting.Brutal }, Seeds.Of(100), RaftRuns.VerifyHistory);
        output.WriteLine(summary.RequireAllWell(Seeds.Reproduce(nameof(RaftSimulationTests))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    public void Other_numbers_of_servers_break_no_property_either(int servers)
    {
        var scenario = RaftScenario.Of(servers, RaftOptions.Default);
        var summary = Simulator.RunMany(scenario, RaftRuns.Stormy(scenario), Seeds.Of(20), RaftRuns.Verify);
        output.WriteLine(summary.RequireAllWell(Seeds.Reproduce(nameof(RaftSimulationTests))));
    }

    [Fact]
    public void Messages_out_of_order_break_no_property()
    {
        var scenario = RaftScenario.Of(
            3, RaftOptions.Default with { MaxInFlight = 8, PreVote = false, CheckQuorum = false });
        var options = RaftRuns.Stormy(scenario) with
        {
            Network = new NetworkOptions { Reorder = true, Tail = 0.1, TailDelay = Wait.Millis(2, 400) },
        };
        var summary = Simulator.RunMany(scenario, options, Seeds.Of(100), RaftRuns.VerifyHistory);
        output.WriteLine(summary.RequireAllWell(Seeds.Reproduce(nameof(RaftSimulationTests))));
    }
}
