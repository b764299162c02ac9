using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Algorithms.LaiYang;
using ActorLab.Core;
using ActorLab.Lab;
using ActorLab.Simulation;
using ActorLab.Tests.Simulation;
using Xunit.Abstractions;

namespace ActorLab.Tests.ChandyLamport;

/// <summary>Snapshots from all nodes while money goes round, from seeds.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    /// <summary>Loss, repetition, reordering, delays, partitions and crashes: the links and the disk bear them all.</summary>
    [Fact]
    public void Three_hundred_seeds_of_every_fault_record_all_the_money()
    {
        var scenario = SnapshotScenario.Family.With(("nodes", 3), ("money", 100), ("rate", 20), ("lossy", 1));
        Run(scenario, "snapshot", 300, FaultOptions.All);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Other_numbers_of_accounts_do_as_well(int nodes) => Run(
        SnapshotScenario.Family.With(("nodes", nodes), ("money", 100), ("lossy", 1)), "snapshot", 30, FaultOptions.Storm);

    [Fact]
    public void Lai_and_Yang_bear_channels_that_reorder() => Run(
        LaiYangScenario.Family.With(("nodes", 3), ("money", 100), ("rate", 20)), "lai-yang", 100,
        new FaultOptions { Messages = new MessageFaults { Reorder = 0.3, Delay = new MessageDelay(Wait.Millis(0, 30), HasTail: true) } });

    [Fact]
    public void Chandy_and_Lamport_do_not()
    {
        var scenario = SnapshotScenario.Family.With(("nodes", 3), ("money", 100), ("rate", 20), ("fifo", 0));
        var faults = new FaultOptions { Messages = new MessageFaults { Reorder = 0.3, Delay = new MessageDelay(Wait.Millis(0, 30), HasTail: true) } };
        var summary = Simulator.RunMany(scenario, Options(scenario, "snapshot", faults), Seeds.Of(20));
        output.WriteLine(summary.ToString());
        Assert.True(summary.Failures.Count > 10, summary.ToString());
    }

    private static SimulationOptions Options(Scenario scenario, string family, FaultOptions faults) => new()
    {
        VirtualTime = TimeSpan.FromSeconds(6),
        Quiet = TimeSpan.FromSeconds(4),
        Faults = faults,
        Clients = Simulatable.Find(family).Load(scenario)! with { Until = TimeSpan.FromSeconds(3) },
    };

    private void Run(Scenario scenario, string family, int seeds, FaultOptions faults)
    {
        var summary = Simulator.RunMany(scenario, Options(scenario, family, faults), Seeds.Of(seeds));
        output.WriteLine(summary.RequireAllWell(Seeds.Reproduce($"ChandyLamport.{nameof(SimulationTests)}")));
        if (Seeds.All)
        {
            Assert.Equal(seeds, summary.RunsThatReached(SnapshotProperties.MoneyInFlight));
        }
    }
}
