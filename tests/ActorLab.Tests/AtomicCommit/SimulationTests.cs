using ActorLab.Algorithms.AtomicCommit;
using ActorLab.Core;
using ActorLab.Lab;
using ActorLab.Simulation;
using ActorLab.Tests.Simulation;
using Xunit.Abstractions;

namespace ActorLab.Tests.AtomicCommit;

/// <summary>Users transfer while nodes crash, messages are lost, doubled and late; in the end all is quiet.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void The_right_one_passes_where_its_mutants_are_caught()
    {
        var (scenario, options) = MutantMatrix.RunsOf(CommitScenario.Family, SimulatorSetting.Of(CommitMutants.All[0]));
        var summary = Simulator.RunMany(scenario, options, Seeds.Of(200));
        output.WriteLine(summary.RequireAllWell(Seeds.Reproduce(nameof(SimulationTests))));
    }

    [Fact]
    public void Every_fault_there_is_leaves_all_claims_standing()
    {
        var (scenario, options) = MutantMatrix.RunsOf(CommitScenario.Family, new SimulatorSetting(
            "participants=4 coordinators=2 apart=0 legs=3 accounts=2", FaultOptions.All, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(4), 2));
        var summary = Simulator.RunMany(scenario, options, Seeds.Of(100));
        output.WriteLine(summary.RequireAllWell(Seeds.Reproduce(nameof(SimulationTests))));
    }

    [Fact]
    public void What_a_user_hears_is_what_happened()
    {
        var (scenario, options) = MutantMatrix.RunsOf(CommitScenario.Family, SimulatorSetting.Of(CommitMutants.All[0]));
        var (committed, aborted) = (0, 0);
        foreach (var seed in Seeds.Of(20))
        {
            var result = Simulator.Run(scenario, options with { Seed = seed });
            var courses = result.World.Observed(CommitObserver.Courses);
            foreach (var operation in result.History.Operations.Where(one => one.Command is CommitCommand.Transfer))
            {
                if (operation.Outcome == Outcome.Ok)
                {
                    committed++;
                    var transaction = Assert.IsType<CommitReply.Committed>(operation.Reply).Transaction;
                    Assert.All(courses.ById[transaction].Participants, node => Assert.Contains(
                        Decision.Commit, courses.ById[transaction].Decisions[Participant.On(node)]));
                }

                aborted += operation.Outcome == Outcome.Failed ? 1 : 0;
            }
        }

        Assert.True(!Seeds.All || (committed > 0 && aborted > 0), $"{committed} and {aborted}");
    }
}
