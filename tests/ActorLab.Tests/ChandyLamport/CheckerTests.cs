using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Algorithms.LaiYang;
using ActorLab.Checking;

namespace ActorLab.Tests.ChandyLamport;

public sealed class CheckerTests
{
    /// <summary>Pinned: a count that moves means that the roles, the properties or the kernel changed.</summary>
    [Theory]
    [InlineData("snapshot", 2, 2, 1, 1, 31)]
    [InlineData("snapshot", 2, 2, 2, 1, 215)]
    [InlineData("snapshot", 2, 2, 2, 0, 148)]
    [InlineData("snapshot", 3, 1, 1, 0, 67)]
    [InlineData("lai-yang", 2, 2, 1, 1, 77)]
    [InlineData("lai-yang", 2, 2, 2, 0, 401)]
    [InlineData("lai-yang", 3, 1, 1, 0, 111)]
    public void Every_reachable_world_is_right(string family, int nodes, int transfers, int snapshots, int collect, int distinct)
    {
        var result = ModelChecker.Check((family == "snapshot" ? SnapshotScenario.Family : LaiYangScenario.Family).With(
            ("nodes", nodes), ("transfers", transfers), ("snapshots", snapshots), ("collect", collect)));
        Assert.True(result.Passed, string.Join(", ", result.Verdicts.Select(verdict => $"{verdict.Property.Name}: {verdict.Kind}")));
        Assert.Equal(distinct, result.Distinct);
    }

    /// <summary>Markers divide nothing where a message overtakes them.</summary>
    [Fact]
    public void Channels_that_reorder_break_Chandy_and_Lamport()
    {
        var result = ModelChecker.Check(SnapshotScenario.Family.With(("nodes", 2), ("fifo", 0)));
        Assert.Equal(VerdictKind.Violated, result[SnapshotProperties.RecordedTotal].Kind);
        Assert.InRange(result[SnapshotProperties.RecordedTotal].Story!.Steps.Count, 5, 5);
    }

    /// <summary>The very same worlds hold for Lai and Yang.</summary>
    [Fact]
    public void And_not_Lai_and_Yang() => Assert.True(ModelChecker.Check(LaiYangScenario.Family.With(("nodes", 2))).Passed);
}
