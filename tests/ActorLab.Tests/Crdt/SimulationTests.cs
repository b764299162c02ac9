using ActorLab.Cluster.Crdt;
using ActorLab.Lab;
using ActorLab.Simulation;
using ActorLab.Tests.Simulation;
using Xunit.Abstractions;

namespace ActorLab.Tests.Crdt;

/// <summary>Updates of every type at all replicas, from seeds.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void Three_hundred_seeds_of_every_fault_converge()
    {
        var scenario = CrdtScenario.Family.With(("updates", 0));
        var summary = Simulator.RunMany(
            scenario,
            new SimulationOptions
            {
                VirtualTime = TimeSpan.FromSeconds(4),
                Quiet = TimeSpan.FromSeconds(2),
                Faults = FaultOptions.All,
                Clients = Simulatable.Find("crdt").Load(scenario)! with { Until = TimeSpan.FromSeconds(3) },
            },
            Seeds.Of(300));
        output.WriteLine(summary.RequireAllWell(Seeds.Reproduce($"Crdt.{nameof(SimulationTests)}")));
    }
}
