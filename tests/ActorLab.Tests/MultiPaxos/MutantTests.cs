using ActorLab.Core;
using ActorLab.Lab;
using ActorLab.Simulation;

namespace ActorLab.Tests.MultiPaxos;

/// <summary>
/// Each property is caught broken by itself, whatever others see before; the right roles pass in the same runs. What the
/// checker finds is among the tests of the catalogue of mutants.
/// </summary>
public sealed class MutantTests
{
    private const int Seeds = 40;

    [Theory]
    [InlineData("prepares-the-last-slot-only", "Consistency")]
    [InlineData("prepares-the-last-slot-only", "A Chosen Value Stays")]
    [InlineData("forgets-its-promise", "A Chosen Value Stays")]
    [InlineData("learns-too-early", "Truthful Learning")]
    [InlineData("executes-over-a-gap", "Ledgers Agree")]
    [InlineData("makes-up-a-value", "Nontriviality")]
    [InlineData("shares-its-numbers", "One Value Per Ballot")]
    [InlineData("never-asks", "Ledgers Fill")]
    [InlineData("leaves-gaps", "Ledgers Fill")]
    [InlineData("keeps-silent", "A Leader Stays")]
    [InlineData("reads-at-once", Mutant.Linearizability)]
    [InlineData("applies-retries-again", Mutant.Linearizability)]
    public void The_property_alone_catches_the_mutant_and_passes_the_right_one(string name, string property)
    {
        var mutant = MutantList.All.Single(mutant => mutant.Family.Name == $"multi-paxos:{name}");
        var setting = SimulatorSetting.Of(mutant);
        var caught = Enumerable.Range(1, Seeds).Select(seed => Run(mutant.Family, setting, property, seed))
            .FirstOrDefault(result => result.Violation is not null);
        Assert.NotNull(caught);
        Assert.Equal(property, caught.Violation!.Property);
        Assert.Null(Run(Simulatable.Find("multi-paxos").Family, setting, property, caught.Seed).Violation);
    }

    private static SimulationResult Run(ScenarioFamily family, SimulatorSetting setting, string property, long seed)
    {
        var (scenario, options) = MutantMatrix.RunsOf(family, setting);
        return Simulator.Run(scenario, options with
        {
            Seed = seed,
            Properties = options.Properties!.Value.Where(judged => judged.Name == property).ToSeq(),
        });
    }
}
