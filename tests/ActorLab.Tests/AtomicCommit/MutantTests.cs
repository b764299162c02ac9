using ActorLab.Algorithms.AtomicCommit;
using ActorLab.Checking;
using ActorLab.Lab;

namespace ActorLab.Tests.AtomicCommit;

/// <summary>Each property alone is enough to catch a mutant. The catalogue of mutants has tests of its own.</summary>
public sealed class MutantTests
{
    [Theory]
    [InlineData("AC1", "forgets-its-decision")]
    [InlineData("AC1", "forgets-before-all-know")]
    [InlineData("AC2", "forgets-its-refusal")]
    [InlineData("AC2", "forgets-before-all-know")]
    [InlineData("AC3", "commits-on-a-majority")]
    [InlineData("AC4", "presumes-too-early")]
    [InlineData("AC5", "never-asks-again")]
    [InlineData("Money Is Conserved", "forgets-its-vote")]
    [InlineData("No Overdraft", "holds-nothing")]
    public void Each_property_catches_a_mutant(string property, string name)
    {
        var mutant = CommitMutants.All.Single(mutant => mutant.Name == name);
        Assert.Contains(property, mutant.Breaks);
        var scenario = mutant.Family.With([.. CheckerSetting.Of(mutant)!.Values.Select(pair => (pair.Key, pair.Value))]);
        var result = ModelChecker.Check(scenario, new CheckOptions { Properties = [property] });
        Assert.Null(result.Failure);
        Assert.Equal(VerdictKind.Violated, result[property].Kind);
    }

    /// <summary>What is forgotten in a crash does no harm where nothing crashes.</summary>
    [Theory]
    [InlineData("forgets-its-vote")]
    [InlineData("forgets-its-refusal")]
    [InlineData("forgets-its-decision")]
    [InlineData("never-asks-again")]
    public void Forgetting_passes_where_nothing_crashes(string name) =>
        Assert.True(ModelChecker.Check(CommitMutants.All.Single(mutant => mutant.Name == name).Family.With()).Passed);
}
