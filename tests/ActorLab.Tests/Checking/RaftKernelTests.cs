using ActorLab.Algorithms.Raft;
using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.Checking;

/// <summary>Raft, the largest role there is, under the kernel: the worlds near the start, not all of them.</summary>
public sealed class RaftKernelTests
{
    [Fact]
    public void Three_servers_elect_a_leader_and_break_nothing_near_the_start()
    {
        var result = ModelChecker.Check(
            RaftScenario.Family.With(("servers", 3), ("operations", 1)) with { Network = new Network() },
            new CheckOptions { MaxStates = 20_000 });
        Assert.Null(result.Failure);
        Assert.All(result.Verdicts, verdict => Assert.NotEqual(VerdictKind.Violated, verdict.Kind));
        Assert.Equal(VerdictKind.Reached, result["a leader is elected"].Kind);
        Assert.True(result.Turns * 10 < result.Generated, $"{result.Turns} turns for {result.Generated} steps.");
    }

    [Fact]
    public void A_single_server_commits_through_crashes_and_breaks_nothing_near_the_start()
    {
        var result = ModelChecker.Check(
            RaftScenario.Family.With(("servers", 1), ("operations", 1), ("crashes", 1)) with { Network = new Network() },
            new CheckOptions { MaxStates = 200_000 });
        Assert.Null(result.Failure);
        Assert.All(result.Verdicts, verdict => Assert.NotEqual(VerdictKind.Violated, verdict.Kind));
        Assert.Equal(VerdictKind.Reached, result["a command commits"].Kind);
    }
}
