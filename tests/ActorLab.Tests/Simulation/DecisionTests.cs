using ActorLab.Algorithms.Raft;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Tests.Simulation;

/// <summary>A run is its decisions: taken again it is the same run, without random numbers.</summary>
public sealed class DecisionTests
{
    private static readonly SimulationOptions Everything = new()
    {
        VirtualTime = TimeSpan.FromSeconds(6),
        Quiet = TimeSpan.FromSeconds(2),
        Faults = FaultOptions.All with
        {
            CrashEvery = TimeSpan.FromMilliseconds(300),
            PauseEvery = TimeSpan.FromMilliseconds(500),
            PartitionEvery = TimeSpan.FromMilliseconds(500),
            DiskLies = 0.2,
        },
        ClockError = TimeSpan.FromMilliseconds(50),
        RecordDecisions = true,
    };

    [Fact]
    public void A_run_taken_again_from_its_decisions_is_the_same_run()
    {
        foreach (var seed in Seeds.Of(10))
        {
            var ledger = Everything with { Seed = seed, Clients = Toys.Questions with { Users = 2 } };
            RequireSame(Toys.Bookkeeping(), ledger);
            var raft = RaftScenario.Of(3, RaftOptions.Default);
            RequireSame(raft, Everything with { Seed = seed, Clients = RaftRuns.Load(raft), Faults = Everything.Faults with { DiskLies = 0 } });
        }
    }

    [Fact]
    public void Writing_decisions_down_changes_nothing()
    {
        var options = Everything with { Clients = Toys.Questions };
        Assert.Equal(
            Simulator.Run(Toys.Bookkeeping(), options with { RecordDecisions = false }).TraceHash,
            Simulator.Run(Toys.Bookkeeping(), options).TraceHash);
    }

    [Fact]
    public void What_is_missing_has_a_default()
    {
        var options = new SimulationOptions { VirtualTime = TimeSpan.FromMilliseconds(20), RecordDecisions = true };
        var all = Simulator.Run(Toys.Conversation(), options);
        Assert.Equal(all.Counts.Sent, all.Decisions!.Messages.Count);
        var second = all.Decisions with { Messages = [all.Decisions.Messages[1]] };
        Assert.Equal([2], Simulator.Run(Toys.Conversation(), options with { Replay = second }).Heard());
        var others = second with { OthersArrive = true };
        Assert.InRange(Simulator.Run(Toys.Conversation(), options with { Replay = others }).Heard().Count, 17, 20);
    }

    private static void RequireSame(Scenario scenario, SimulationOptions options)
    {
        var drawn = Simulator.Run(scenario, options);
        var again = Simulator.Run(scenario, options with { Replay = drawn.Decisions, Seed = -1 });
        Assert.True(drawn.Counts.Crashes > 0 && drawn.Counts.Pauses > 0 && drawn.Counts.Partitions > 0);
        Assert.Equal(drawn.Violation?.ToString(), again.Violation?.ToString());
        Assert.True(drawn.TraceHash == again.TraceHash, $"seed {options.Seed} of {scenario.Name} is another run from its decisions");
    }
}
