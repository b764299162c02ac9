using ActorLab.Algorithms.Raft;
using ActorLab.Core;
using ActorLab.Simulation;
using Xunit.Abstractions;

namespace ActorLab.Tests.Simulation;

/// <summary>Wrong servers are caught, by the property that should, in settings in which the right one passes.</summary>
public sealed class RaftMutantTests(ITestOutputHelper output)
{
    /// <summary>Figure 8: leaders that reach few, and are gone before their own entry reaches a majority.</summary>
    private static readonly FaultOptions FewReached = RaftRuns.Brutal with
    {
        Loss = 0.4,
        CrashEvery = TimeSpan.FromMilliseconds(120),
        CrashInWrite = 0.2,
    };

    /// <summary>Servers that are back before the election is over in which they voted.</summary>
    private static readonly FaultOptions Blinking = RaftRuns.Brutal with
    {
        Loss = 0.05,
        CrashEvery = TimeSpan.FromMilliseconds(30),
        Downtime = Wait.Millis(0, 5),
        CrashInWrite = 0.9,
        PartitionEvery = TimeSpan.FromMilliseconds(200),
    };

    [Fact]
    public void A_leader_that_counts_replicas_of_old_terms_is_caught_section_5_4_2()
    {
        var caught = Run(FewReached, (members, options) => new RaftMutants.CountsOldTerms(members, options));
        Assert.NotEmpty(caught.Failures);
        Assert.All(caught.Failures, failure => Assert.True(
            failure.Reason.StartsWith(RaftProperties.LeaderCompleteness.Name, StringComparison.Ordinal)
            || failure.Reason.StartsWith(RaftProperties.StateMachineSafety.Name, StringComparison.Ordinal)
            || failure.Reason.Contains("What is committed is never replaced", StringComparison.Ordinal), failure.Reason));
    }

    [Fact]
    public void A_server_that_forgets_its_vote_is_caught_section_5_2()
    {
        var caught = Run(Blinking, (members, options) => new RaftMutants.ForgetsItsVote(members, options));
        Assert.NotEmpty(caught.Failures);
        Assert.All(caught.Failures, failure => Assert.True(
            failure.Reason.StartsWith(RaftProperties.ElectionSafety.Name, StringComparison.Ordinal)
            || failure.Reason.Contains("Election Safety", StringComparison.Ordinal), failure.Reason));
    }

    [Fact]
    public void The_right_server_passes_where_mutants_are_caught()
    {
        Assert.Empty(Run(FewReached, (members, options) => new RaftServer(members, options)).Failures);
        Assert.Empty(Run(Blinking, (members, options) => new RaftServer(members, options)).Failures);
    }

    private SimulationSummary Run(FaultOptions faults, Func<Set<NodeId>, RaftOptions, RaftServer> server)
    {
        var scenario = RaftScenario.Of(3, RaftRuns.Nervous, ClientOptions.Default, server);
        var summary = Simulator.RunMany(scenario, RaftRuns.Stormy(scenario) with { Faults = faults }, Seeds.Of(50));
        output.WriteLine(string.Join('\n', summary.Failures.Select(failure => $"{failure.Seed}: {failure.Reason}")));
        output.WriteLine(summary.ToString());
        return summary;
    }
}
