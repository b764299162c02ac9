using ActorLab.Algorithms.Raft;
using ActorLab.Core;
using ActorLab.Lab;
using ActorLab.Simulation;
using Xunit.Abstractions;

namespace ActorLab.Tests.Simulation;

/// <summary>Wrong servers are caught, by the property that should, in settings in which the right one passes.</summary>
public sealed class RaftMutantTests(ITestOutputHelper output)
{
    /// <summary>Users of one client: so many that some still ask a leader that is cut off, while others wait for it.</summary>
    private const int Many = 8;

    [Fact]
    public void A_leader_that_counts_replicas_of_old_terms_is_caught_section_5_4_2()
    {
        var caught = Run(SimulatorSetting.FewReached, (members, options) => new RaftMutants.CountsOldTerms(members, options));
        Assert.NotEmpty(caught.Failures);
        Assert.All(caught.Failures, failure => Assert.True(
            failure.Reason.StartsWith(RaftProperties.LeaderCompleteness.Name, StringComparison.Ordinal)
            || failure.Reason.StartsWith(RaftProperties.StateMachineSafety.Name, StringComparison.Ordinal)
            || failure.Reason.Contains("What is committed is never replaced", StringComparison.Ordinal), failure.Reason));
    }

    [Fact]
    public void A_server_that_forgets_its_vote_is_caught_section_5_2()
    {
        var caught = Run(SimulatorSetting.Blinking, (members, options) => new RaftMutants.ForgetsItsVote(members, options));
        Assert.NotEmpty(caught.Failures);
        Assert.All(caught.Failures, failure => Assert.True(
            failure.Reason.StartsWith(RaftProperties.ElectionSafety.Name, StringComparison.Ordinal)
            || failure.Reason.Contains("Election Safety", StringComparison.Ordinal), failure.Reason));
    }

    [Fact]
    public void A_server_that_takes_entries_behind_a_wrong_one_is_caught_section_5_3()
    {
        var caught = Run(
            SimulatorSetting.FewReached, (members, options) => new RaftMutants.SkipsConsistencyCheck(members, options), seeds: 10);
        Assert.NotEmpty(caught.Failures);
        Assert.All(caught.Failures, failure =>
            Assert.StartsWith(RaftProperties.LogMatching.Name, failure.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_leader_that_reads_without_knowing_that_it_leads_is_caught_section_8()
    {
        var caught = Run(SimulatorSetting.CutOff, (members, options) => new RaftMutants.ReadsAtOnce(members, options), 10, Many);
        Assert.NotEmpty(caught.Failures);
        Assert.All(caught.Failures, failure =>
            Assert.Matches("Get .* cannot be placed in any order", failure.Reason));
    }

    [Fact]
    public void A_server_that_applies_a_retried_command_again_is_caught_section_8()
    {
        var caught = Run(SimulatorSetting.CutOff, (members, options) => new RaftMutants.AppliesAgain(members, options), 10, Many);
        Assert.NotEmpty(caught.Failures);
        Assert.All(caught.Failures, failure => Assert.Matches("cannot be placed in any order.*; in the end .* is in it more than once", failure.Reason));
    }

    [Fact]
    public void The_right_server_passes_where_mutants_are_caught()
    {
        Assert.Empty(Run(SimulatorSetting.FewReached, (members, options) => new RaftServer(members, options)).Failures);
        Assert.Empty(Run(SimulatorSetting.Blinking, (members, options) => new RaftServer(members, options)).Failures);
        Assert.Empty(Run(SimulatorSetting.CutOff, (members, options) => new RaftServer(members, options), 10, Many).Failures);
    }

    private SimulationSummary Run(
        FaultOptions faults, Func<Set<NodeId>, RaftOptions, RaftServer> server, int seeds = 50, int users = 1)
    {
        var settings = users == 1
            ? RaftRuns.Nervous
            : RaftRuns.Nervous with { MaxBatchBytes = RaftOptions.Default.MaxBatchBytes }; // else all wait for their turn
        var scenario = RaftScenario.Of(3, settings, ClientOptions.Default, server);
        var options = RaftRuns.Stormy(scenario) with
        {
            Faults = faults,
            Clients = RaftRuns.Load(scenario) with { Users = users },
        };
        var summary = Simulator.RunMany(scenario, options, Seeds.Of(seeds), RaftRuns.VerifyHistory);
        output.WriteLine(string.Join('\n', summary.Failures.Select(failure => $"{failure.Seed}: {failure.Reason}")));
        output.WriteLine(summary.ToString());
        return summary;
    }
}
