using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Tests.Simulation;

public sealed class DiskTests
{
    private static readonly SimulationOptions SlowDisk = new()
    {
        Disk = new DiskOptions { Sync = Wait.Millis(10, 10) },
        Network = new NetworkOptions { Delay = Wait.Millis(1, 1), Tail = 0 },
        Record = true,
    };

    [Fact]
    public void What_a_turn_sends_leaves_only_after_its_sync()
    {
        var run = Asked(new SimulationRun(Toys.Bookkeeping(), SlowDisk));
        run.RunFor(TimeSpan.FromSeconds(1));
        var trace = run.Result().Trace;
        var wrote = trace.First(line => line.Kind == TraceKind.Deliver && line.Where == Toys.Server);
        var answer = trace.First(line => line.Kind == TraceKind.Send && line.Where == Toys.Server);
        Assert.Equal(wrote.Index, answer.Cause);
        Assert.Equal(wrote.At + 10_000, answer.At);
    }

    [Fact]
    public void A_crash_before_the_sync_loses_the_write_and_the_answer()
    {
        var lost = 0;
        for (var seed = 1; seed <= 40; seed++)
        {
            var run = Asked(new SimulationRun(Toys.Bookkeeping(), SlowDisk with { Seed = seed }));
            run.RunFor(TimeSpan.FromMilliseconds(5)); // 1 ms on the way, 4 ms of the sync
            Assert.Empty(run.World.DiskOfServer().Numbers);
            run.Strike(new FaultAction.Crash(Toys.N1));
            run.Strike(new FaultAction.Restart(Toys.N1));
            lost += run.World.DiskOfServer().Numbers.IsEmpty ? 1 : 0;
            Assert.DoesNotContain(run.Result().Trace, line => line.Kind == TraceKind.Send && line.Where == Toys.Server);
            Assert.True(run.RunUntil(world => world.Observed(Toys.Confirmed).Contains(1), TimeSpan.FromSeconds(1)));
        }

        // Whether the write under way reached the disk is left to the seed; the answer never left.
        Assert.InRange(lost, 8, 32);
    }

    [Fact]
    public void A_restart_boots_from_what_was_synced()
    {
        var run = Asked(new SimulationRun(Toys.Bookkeeping(), SlowDisk));
        Assert.True(run.RunUntil(world => world.Observed(Toys.Confirmed).Contains(1), TimeSpan.FromSeconds(1)));
        run.Strike(new FaultAction.Crash(Toys.N1));
        Assert.False(run.World.IsUp(Toys.Server));
        run.RunFor(TimeSpan.FromMilliseconds(100));
        run.Strike(new FaultAction.Restart(Toys.N1));
        Assert.Equal(new LedgerDisk(2, [1]), run.World.DiskOfServer());
    }

    [Fact]
    public void One_sync_covers_all_turns_that_were_taken_while_the_last_was_under_way()
    {
        var run = new SimulationRun(Toys.Bookkeeping(), SlowDisk);
        run.RunFor(TimeSpan.FromMilliseconds(15));
        for (var number = 1; number <= 20; number++)
        {
            run.Operate(Toys.Client, new Ledger.Ask(number));
        }

        Assert.True(run.RunUntil(world => world.Observed(Toys.Confirmed).Count == 20, TimeSpan.FromSeconds(1)));
        Assert.Equal(3, run.Result().Counts.Syncs); // the boot's, the first number's, all the others'
    }

    [Fact]
    public void What_may_leave_early_leaves_before_the_sync()
    {
        var scenario = Toys.Bookkeeping() with
        {
            Placements =
            [
                new Placement(Toys.Server, RoleBinding.Of(new Rash())),
                new Placement(Toys.Client, RoleBinding.Of(new LedgerClient(Toys.Server))),
            ],
            Properties = [],
        };
        var run = Asked(new SimulationRun(scenario, SlowDisk));
        run.RunFor(TimeSpan.FromMilliseconds(5)); // 1 ms to the server, 1 ms back
        Assert.Equal([1], run.World.Observed(Toys.Confirmed));
        Assert.Empty(run.World.DiskOfServer().Numbers);
        run.RunFor(TimeSpan.FromMilliseconds(10));
        Assert.Equal([1], run.World.DiskOfServer().Numbers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_server_that_forgets_is_caught(bool forgets)
    {
        var summary = Simulator.RunMany(
            Toys.Bookkeeping(forgets),
            new SimulationOptions
            {
                VirtualTime = TimeSpan.FromSeconds(10),
                Faults = new FaultOptions { CrashEvery = TimeSpan.FromSeconds(1) },
                Clients = Toys.Questions,
            },
            Enumerable.Range(1, 20).Select(seed => (long)seed));
        Assert.Equal(forgets ? 20 : 0, summary.Failures.Count);
        Assert.All(summary.Failures, failure => Assert.StartsWith("Durability", failure.Reason, StringComparison.Ordinal));
    }

    /// <summary>Confirms before it has written: what only a message may do that is true either way.</summary>
    private sealed class Rash : IRole<LedgerState, LedgerDisk, Ledger>
    {
        public LedgerDisk EmptyDisk { get; } = new(0, []);

        public LedgerState Boot(LedgerDisk disk, Turn<Ledger> turn) => new(disk);

        public LedgerState Receive(LedgerState state, Address sender, Ledger message, Turn<Ledger> turn)
        {
            var number = ((Ledger.Keep)message).Number;
            turn.TellBeforeDisk(sender, new Ledger.Kept(number));
            return new LedgerState(state.Disk with { Numbers = state.Disk.Numbers.Add(number) });
        }
    }

    private static SimulationRun Asked(SimulationRun run)
    {
        run.RunFor(TimeSpan.FromMilliseconds(15)); // past the sync of the boot
        run.Operate(Toys.Client, new Ledger.Ask(1));
        return run;
    }
}
