using ActorLab.Algorithms.ByzantineGenerals;
using ActorLab.Simulation;
using ActorLab.Tests.Simulation;
using Xunit.Abstractions;

namespace ActorLab.Tests.ByzantineGenerals;

/// <summary>The same generals and traitors in virtual time, lies drawn from seeds.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(TraitorPlacement.LoyalCommander)]
    [InlineData(TraitorPlacement.TraitorCommander)]
    public void Seven_generals_stand_two_traitors(TraitorPlacement placement)
    {
        var scenario = GeneralsScenario.Of(new GeneralsOptions(7, M: 2, Traitors: 2, placement));
        var summary = Simulator.RunMany(scenario, new SimulationOptions(), Seeds.Of(50));
        output.WriteLine(summary.RequireAllWell(Seeds.Reproduce(nameof(SimulationTests))));
    }

    [Fact]
    public void Three_generals_do_not_stand_one()
    {
        var scenario = GeneralsScenario.Of(new GeneralsOptions(3, M: 1, Traitors: 1, TraitorPlacement.LoyalCommander));
        var summary = Simulator.RunMany(scenario, new SimulationOptions(), Seeds.Of(50));
        Assert.NotEmpty(summary.Failures);
        Assert.All(summary.Failures, failure => Assert.StartsWith("IC2", failure.Reason, StringComparison.Ordinal));
    }
}
