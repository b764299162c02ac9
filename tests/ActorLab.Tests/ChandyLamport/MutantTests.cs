using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Algorithms.LaiYang;
using ActorLab.Checking;
using ActorLab.Lab;

namespace ActorLab.Tests.ChandyLamport;

public sealed class MutantTests
{
    [Theory]
    [InlineData("snapshot:sends-before-marker", SnapshotProperties.RecordedTotal, 9)]
    [InlineData("snapshot:drops-channel-state", SnapshotProperties.RecordedTotal, 7)]
    [InlineData("snapshot:records-after-its-marker", SnapshotProperties.RecordedTotal, 8)]
    [InlineData("snapshot:sends-no-markers", SnapshotProperties.SnapshotsComplete, 8)]
    [InlineData("snapshot:finds-no-work-in-channels", SnapshotProperties.StableProperty, 5)]
    [InlineData("lai-yang:sends-white", SnapshotProperties.RecordedTotal, 7)]
    [InlineData("lai-yang:does-not-count", SnapshotProperties.RecordedTotal, 4)]
    public void Each_mutant_is_caught_by_the_property_that_should(string name, string property, int steps)
    {
        var mutant = SnapshotMutants.All.Concat(LaiYangMutants.All).Single(one => one.Family.Name == name);
        Assert.Equal(property, mutant.Breaks[0]);
        var result = ModelChecker.Check(mutant.Family.With([.. CheckerSetting.Of(mutant)!.Values.Select(pair => (pair.Key, pair.Value))]));
        Assert.Null(result.Failure);
        Assert.Equal(VerdictKind.Violated, result[property].Kind);
        Assert.Equal(steps, result[property].Story!.Steps.Count);
    }
}
