using System.Collections.Concurrent;
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Where_anybody_may_be_a_traitor_no_more_are_than_the_theorem_allows(bool signed)
    {
        var options = new GeneralsOptions();
        var scenario = signed ? SignedScenario.Of(options) : GeneralsScenario.Of(options);
        var traitors = new ConcurrentDictionary<int, bool>();
        var summary = Simulator.RunMany(scenario, new SimulationOptions(), Seeds.Of(300), result =>
        {
            traitors[GeneralsProperties.Traitors(result.World)] = true;
            return null;
        });
        output.WriteLine(summary.RequireAllWell(Seeds.Reproduce(nameof(SimulationTests))));
        Assert.Equal((0, summary.Runs), (summary.Outside, summary.RunsThatHeld("IC2")));
        Assert.Equal([0, 1], traitors.Keys.Order());
    }

    [Fact]
    public void A_start_that_was_drawn_again_is_the_same_when_it_is_taken_again()
    {
        var scenario = GeneralsScenario.Of(new GeneralsOptions());
        foreach (var seed in Seeds.Of(20))
        {
            var run = Simulator.Run(scenario, new SimulationOptions { Seed = seed, RecordDecisions = true });
            var again = Simulator.Run(scenario, new SimulationOptions { Seed = seed, Replay = run.Decisions });
            Assert.Equal(run.TraceHash, again.TraceHash);
        }
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
