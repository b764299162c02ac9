using ActorLab.Checking;
using ActorLab.Cluster.Crdt;

namespace ActorLab.Tests.Crdt;

public sealed class CheckerTests
{
    /// <summary>
    /// Every delivery order, with a message lost and one that comes twice. Pinned: a count that moves means that the roles,
    /// the properties or the kernel changed.
    /// </summary>
    [Theory]
    [InlineData(CrdtType.GCounter)]
    [InlineData(CrdtType.PNCounter)]
    [InlineData(CrdtType.ORSet)]
    [InlineData(CrdtType.LWWRegister)]
    [InlineData(CrdtType.ORMultiValueDictionary)]
    [InlineData(CrdtType.LWWDictionary)]
    public void Replicas_that_know_the_same_answer_the_same(CrdtType type)
    {
        AssertPasses(1_223, ("replicas", 2), ("updates", 4), ("type", (int)type));
        AssertPasses(437, ("replicas", 3), ("updates", 2), ("type", (int)type));
    }

    /// <summary>What replicas keep on their disks they go on with.</summary>
    [Fact]
    public void Replicas_that_crash_go_on() => AssertPasses(
        120, ("replicas", 2), ("updates", 2), ("type", (int)CrdtType.GCounter), ("crashes", 1), ("drops", 0), ("duplicates", 0));

    /// <summary>Akka's map of registers is no join semilattice where keys are deleted: a deleted value may return.</summary>
    [Fact]
    public void A_map_with_deletes_converges_though_a_deleted_value_may_return() =>
        AssertPasses(5_695, ("replicas", 3), ("updates", 3), ("type", (int)CrdtType.LWWDictionaryWithDeletes), ("drops", 0), ("duplicates", 0));

    private static void AssertPasses(int distinct, params (string, int)[] values)
    {
        var result = ModelChecker.Check(CrdtScenario.Family.With(values));
        Assert.True(result.Passed, string.Join(", ", result.Verdicts.Select(verdict => $"{verdict.Property.Name}: {verdict.Kind}")));
        Assert.Equal(distinct, result.Distinct);
    }
}
