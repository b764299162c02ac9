using System.Collections.Concurrent;
using ActorLab.Algorithms.AtomicCommit;
using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Models;
using Xunit.Abstractions;

namespace ActorLab.Tests.AtomicCommit;

public sealed class CheckerTests(ITestOutputHelper output)
{
    /// <summary>Pinned: a count that moves means that the roles, the properties' observer or the kernel changed.</summary>
    [Theory]
    [InlineData("", 1)]
    [InlineData("whims=1", 1)]
    [InlineData("crashes=1", 1)]
    [InlineData("drops=1", 1)]
    [InlineData("participants=3 legs=3", 1)]
    [InlineData("transfers=2 funds=10", 1)]
    public void Every_reachable_world_is_safe_and_every_fair_behaviour_ends(string values, int distinct)
    {
        var result = ModelChecker.Check(Family(values));
        output.WriteLine($"{values}: {result.Distinct} {result.Depth} {result.Elapsed} {result.TemporalElapsed}");
        Assert.Null(result.Failure);
        Assert.All(result.Verdicts, verdict => Assert.True(
            verdict.Kind is VerdictKind.Holds or VerdictKind.Reached, $"{verdict.Property.Name}: {verdict.Kind} {verdict.Story}"));
        Assert.Equal(distinct, result.Distinct);
    }

    internal static Scenario Family(string values) => CommitScenario.Family.With([.. ActorLab.Lab.CheckerSetting.ValuesOf(values)
        .Select(pair => (pair.Key, pair.Value))]);
}
