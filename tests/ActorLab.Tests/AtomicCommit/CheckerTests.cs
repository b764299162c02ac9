using ActorLab.Algorithms.AtomicCommit;
using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Lab;
using Xunit.Abstractions;

namespace ActorLab.Tests.AtomicCommit;

public sealed class CheckerTests(ITestOutputHelper output)
{
    /// <summary>Pinned: a count that moves means that the roles, the properties' observer or the kernel changed.</summary>
    [Theory]
    [InlineData("", 5_402)]
    [InlineData("whims=1", 5_703)]
    [InlineData("drops=1", 13_949)]
    [InlineData("crashes=1", 68_857)]
    [InlineData("legs=1 participants=1 apart=0 accounts=2 crashes=2", 520)]
    [InlineData("participants=3 legs=3 patient=1 whims=1", 1_753)]
    [InlineData("transfers=2 funds=10 patient=1", 19_825)]
    public void Every_reachable_world_is_safe_and_every_fair_behaviour_ends(string values, int distinct)
    {
        var result = ModelChecker.Check(Family(values));
        output.WriteLine($"{values}: {result.Distinct:N0} worlds, {result.Elapsed} and {result.TemporalElapsed}");
        Assert.Null(result.Failure);
        Assert.All(result.Verdicts, verdict => Assert.True(
            verdict.Kind is VerdictKind.Holds or VerdictKind.Reached, $"{verdict.Property.Name}: {verdict.Kind} {verdict.Story}"));
        Assert.Equal(distinct, result.Distinct);
    }

    /// <summary>The scenario of parameters as on the command line.</summary>
    internal static Scenario Family(string values) =>
        CommitScenario.Family.With([.. CheckerSetting.ValuesOf(values).Select(pair => (pair.Key, pair.Value))]);
}
