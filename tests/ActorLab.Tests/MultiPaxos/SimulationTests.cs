using ActorLab.Algorithms.MultiPaxos;
using ActorLab.Core;
using ActorLab.Lab;
using ActorLab.Simulation;
using ActorLab.Tests.Simulation;
using Xunit.Abstractions;

namespace ActorLab.Tests.MultiPaxos;

/// <summary>Every fault there is, with clients whose histories are judged, and what must come true in the quiet part.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("", 200)]
    [InlineData("apart=1 leaders=2 learners=2", 100)]
    public void Seeds_of_every_fault_break_no_property(string values, int seeds)
    {
        var simulatable = Simulatable.Find(MultiPaxosScenario.Name);
        var arguments = Checkable.ArgumentsOf(
            simulatable.Family.Name, simulatable.Family.Parameters, CheckerSetting.ValuesOf(values));
        var scenario = simulatable.Family.Build(arguments);
        var options = new SimulationOptions
        {
            VirtualTime = TimeSpan.FromSeconds(8),
            Quiet = TimeSpan.FromSeconds(4),
            Faults = FaultOptions.All,
            Clients = simulatable.Load(scenario)! with { Think = Wait.Millis(50, 400) },
            Properties = [.. scenario.Properties, .. simulatable.Promises(arguments)],
        };
        var summary = Simulator.RunMany(scenario, options, Seeds.Of(seeds));
        output.WriteLine(summary.RequireAllWell(Seeds.Reproduce("MultiPaxos.SimulationTests")));
        if (Seeds.All)
        {
            Assert.Equal(seeds, summary.RunsThatReached("A Command Is Chosen"));
            Assert.True(summary.RunsThatReached("The Leader Changes") > seeds / 2, summary.ToString());
            Assert.True(summary.RunsThatReached("A Learner Catches Up") > seeds / 2, summary.ToString());
        }
    }
}
