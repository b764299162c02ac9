using ActorLab.Algorithms.MultiPaxos;
using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.MultiPaxos;

/// <summary>All worlds of small settings: roles on nodes of their own, without clients.</summary>
public sealed class CheckerTests
{
    /// <summary>Pinned: a count that moves means that the roles, the observer or the kernel changed.</summary>
    [Fact]
    public void Two_leaders_and_three_acceptors_are_safe_in_every_world()
    {
        var result = ModelChecker.Check(Slots(("leaders", 2), ("operations", 1)), new CheckOptions { Symmetry = true });
        Assert.Null(result.Failure);
        Assert.True(result.Complete);
        Assert.All(
            result.Verdicts.Where(verdict => verdict.Property is Property.Always),
            verdict => Assert.Equal(VerdictKind.Holds, verdict.Kind));
        Assert.Equal(VerdictKind.Reached, result["A Command Is Chosen"].Kind);
        Assert.Equal(VerdictKind.Reached, result["The Leader Changes"].Kind);
        Assert.Equal(12_995, result.Distinct);
    }

    internal static Scenario Slots(params (string, int)[] arguments)
    {
        (string, int)[] small =
            [("apart", 1), ("clients", 0), ("learners", 0), ("ballots", 1), ("beats", 0), ("lossy", 0)];
        var scenario = MultiPaxosScenario.Family.With(
            [.. small.Where(one => arguments.All(given => given.Item1 != one.Item1)), .. arguments]);
        return scenario with { Network = scenario.Network with { OneCopy = true, NoOpDeliversStay = true } };
    }
}
