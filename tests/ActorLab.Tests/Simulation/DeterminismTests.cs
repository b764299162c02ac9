using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Tests.Simulation;

public sealed class DeterminismTests
{
    private static readonly SimulationOptions Stormy = new()
    {
        Seed = 42,
        VirtualTime = TimeSpan.FromSeconds(20),
        Quiet = TimeSpan.FromSeconds(2),
        Faults = FaultOptions.Storm with { Loss = 0.05, Duplication = 0.05 },
        Clients = Toys.Questions with { Users = 2 },
    };

    [Fact]
    public void A_seed_is_one_run()
    {
        var hashes = Enumerable.Range(0, 3).Select(_ => Simulator.Run(Toys.Bookkeeping(), Stormy).TraceHash);
        Assert.Single(hashes.Distinct());
    }

    [Fact]
    public void Another_seed_is_another_run() => Assert.NotEqual(
        Simulator.Run(Toys.Bookkeeping(), Stormy).TraceHash,
        Simulator.Run(Toys.Bookkeeping(), Stormy with { Seed = 43 }).TraceHash);

    /// <summary>
    /// Pinned: the same in every process, on every machine. It changes only when the simulator draws or records
    /// differently, which makes every seed that anybody wrote down mean another run: say so in the change log.
    /// </summary>
    [Fact]
    public void The_hash_of_a_frozen_scenario_is_pinned() => Assert.Equal(
        "6efe277ec7cddb7cc2a79d3c3733bebe", Simulator.Run(Toys.Bookkeeping(), Stormy).TraceHash.ToString("x32"));

    /// <summary>The same under every fault there is, lying disks included.</summary>
    [Fact]
    public void The_hash_of_a_frozen_scenario_under_all_faults_is_pinned()
    {
        var options = Stormy with
        {
            Faults = FaultOptions.All with { CrashEvery = TimeSpan.FromMilliseconds(300), CrashInWrite = 0.9, DiskLies = 0.5, TornRecord = 1 },
            ClockError = TimeSpan.FromMilliseconds(50),
        };
        var result = Simulator.Run(Toys.Bookkeeping() with { Properties = [] }, options);
        Assert.NotEqual((0, 0), (result.Counts.ForgottenWrites, result.Counts.TornRecords));
        Assert.NotEqual((0, 0, 0), (result.Counts.Pauses, result.Counts.Corrupted, result.Counts.ClockChanges));
        Assert.Equal("338a2089f8de03c57074bed339a52e47", result.TraceHash.ToString("x32"));
    }

    [Fact]
    public void Recording_changes_nothing()
    {
        var recorded = Simulator.Run(Toys.Bookkeeping(), Stormy with { Record = true });
        Assert.Equal(Simulator.Run(Toys.Bookkeeping(), Stormy).TraceHash, recorded.TraceHash);
        Assert.Equal(Enumerable.Range(0, recorded.Trace.Count), recorded.Trace.Select(line => (int)line.Index));
        Assert.All(recorded.Trace, line => Assert.InRange(line.Cause, -1, line.Index - 1));
    }

    [Fact]
    public void Runs_side_by_side_are_the_runs_one_by_one()
    {
        var together = new SortedDictionary<long, UInt128>();
        Simulator.RunMany(Toys.Bookkeeping(), Stormy with { VirtualTime = TimeSpan.FromSeconds(3) }, Seeds(8), result =>
        {
            lock (together)
            {
                together.Add(result.Seed, result.TraceHash);
            }

            return null;
        });
        Assert.Equal(8, together.Count);
        Assert.All(together, pair => Assert.Equal(pair.Value, Simulator.Run(
            Toys.Bookkeeping(), Stormy with { VirtualTime = TimeSpan.FromSeconds(3), Seed = pair.Key }).TraceHash));
    }

    [Fact]
    public void Loss_shifts_no_timer_draw()
    {
        var conversation = Toys.Conversation(
            tick: ActorLab.Core.Timer.Between("tick", TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)));
        var options = new SimulationOptions { Record = true };
        var lossy = Simulator.Run(conversation, options with { Faults = new FaultOptions { Loss = 0.3 } });
        Assert.True(lossy.Counts.Dropped > 0);
        Assert.Equal(Ticks(Simulator.Run(conversation, options)), Ticks(lossy));
    }

    private static IEnumerable<long> Ticks(SimulationResult result) =>
        result.Trace.Where(line => line.Kind == TraceKind.Expire).Select(line => line.At).ToArray();

    private static IEnumerable<long> Seeds(int count) => Enumerable.Range(1, count).Select(seed => (long)seed);
}
