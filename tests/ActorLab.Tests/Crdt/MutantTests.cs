using ActorLab.Checking;
using ActorLab.Cluster.Crdt;
using ActorLab.Lab;

namespace ActorLab.Tests.Crdt;

public sealed class MutantTests
{
    [Theory]
    [InlineData("crdt:sums-at-merge", CrdtProperties.CountersCount)]
    [InlineData("crdt:no-tie-break", CrdtProperties.LastWriterWins)]
    [InlineData("crdt:collects-tombstones-early", CrdtProperties.ObservedRemove)]
    [InlineData("crdt:gossips-once", CrdtProperties.Convergence)]
    public void Each_mutant_is_caught_by_the_property_that_should_where_the_right_one_passes(string name, string property)
    {
        var mutant = CrdtMutants.All.Single(one => one.Family.Name == name);
        Assert.Equal(property, mutant.Breaks[0]);
        (string, int)[] values = [.. CheckerSetting.Of(mutant)!.Values.Select(pair => (pair.Key, pair.Value))];
        var result = ModelChecker.Check(mutant.Family.With(values));
        Assert.Null(result.Failure);
        Assert.Equal(VerdictKind.Violated, result[property].Kind);
        Assert.True(ModelChecker.Check(CrdtScenario.Family.With(values)).Passed);
    }
}
