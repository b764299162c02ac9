using ActorLab.Core;
using ActorLab.Simulation;
using Timer = ActorLab.Core.Timer;

namespace ActorLab.Tests.Simulation;

/// <summary>What crashes do to disks, and what clocks do.</summary>
public sealed class DiskFaultTests
{
    private static readonly SimulationOptions Crashing = new()
    {
        VirtualTime = TimeSpan.FromSeconds(20),
        Disk = new DiskOptions { Sync = Wait.Millis(2, 20) },
        Faults = new FaultOptions { CrashEvery = TimeSpan.FromMilliseconds(200), Downtime = Wait.Millis(1, 20), CrashInWrite = 1, PowerCut = 0 },
        Clients = Toys.Questions with { Users = 4 },
        Record = true,
    };

    [Fact]
    public void Some_messages_of_a_turn_leave_before_the_crash_and_some_do_not()
    {
        var options = Crashing with
        {
            Faults = Crashing.Faults with { SendsInCrash = 1 },
            Clients = Toys.Questions with { Users = 12, Think = Wait.Millis(0, 5) },
            Record = false,
            RecordDecisions = true,
        };
        var losses = Simulator.Run(Toys.Bookkeeping(), options).Decisions!.Faults
            .Select(fault => fault.Action).OfType<FaultAction.Crash>().SelectMany(crash => crash.Losses).ToArray();
        Assert.Contains(losses, loss => loss.Written > 0 && loss.Sent == 0);
        Assert.Contains(losses, loss => loss.Written > 1 && loss.Sent > 0 && loss.Sent < loss.Written); // each turn answers once
        Assert.Contains(losses, loss => loss.Written > 0 && loss.Sent == loss.Written);
    }

    [Fact]
    public void Without_it_a_crash_between_disk_and_network_sends_nothing()
    {
        var decisions = Simulator.Run(Toys.Bookkeeping(), Crashing with { RecordDecisions = true }).Decisions!;
        var losses = decisions.Faults.Select(fault => fault.Action).OfType<FaultAction.Crash>().SelectMany(crash => crash.Losses).ToArray();
        Assert.Contains(losses, loss => loss.Written > 0);
        Assert.DoesNotContain(losses, loss => loss.Sent > 0 || loss.Torn > 0 || loss.Forgotten > 0);
    }

    [Fact]
    public void A_torn_record_is_found_by_its_checksum_and_nothing_that_was_confirmed_is_lost()
    {
        var result = Simulator.Run(Toys.Bookkeeping(), Crashing with { Faults = Crashing.Faults with { TornRecord = 1 }, RecordDecisions = true });
        Assert.True(result.Counts.TornRecords > 5, $"{result.Counts.TornRecords} records were torn");
        Assert.Null(result.Violation);

        // Nobody can tell it from a crash that tore nothing: what is torn was read at each boot, and dropped.
        var clean = result.Decisions! with
        {
            Faults = [.. result.Decisions.Faults.Select(fault => fault.Action is FaultAction.Crash crash
                ? fault with { Action = crash with { Losses = [.. crash.Losses.Select(loss => loss with { Torn = 0 })] } }
                : fault)],
        };
        var again = Simulator.Run(Toys.Bookkeeping(), Crashing with { Replay = clean });
        Assert.Equal((0, result.TraceHash), (again.Counts.TornRecords, again.TraceHash));
    }

    /// <summary>The whole record is on the disk, but the crash struck before the host knew: it counts when it is read.</summary>
    [Fact]
    public void What_lies_behind_the_last_record_counts_where_it_is_whole()
    {
        var binding = Toys.Bookkeeping().Placements[0].Role;
        var (before, after) = (new LedgerDisk(1, [1]), new LedgerDisk(1, [1, 2]));
        var frame = DiskFrame.Write(binding.WriteDelta(before, after));
        Assert.All(Enumerable.Range(0, frame.Length + 1), length =>
        {
            var disk = new DiskPipeline(before, 0) { Tail = frame[..length] };
            disk.ReadTail(binding);
            Assert.Equal(length == frame.Length ? after : before, disk.Synced);
            Assert.Null(disk.Tail);
        });
    }

    [Fact]
    public void Any_change_of_a_frame_shows()
    {
        var frame = DiskFrame.Write([1, 2, 3, 4, 5]);
        Assert.True(DiskFrame.IsSound(frame));
        Assert.All(Enumerable.Range(0, frame.Length), length => Assert.False(DiskFrame.IsSound(frame.AsSpan(0, length))));
        Assert.All(Enumerable.Range(0, frame.Length * 8), bit =>
        {
            var changed = (byte[])frame.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(DiskFrame.IsSound(changed));
        });
    }

    [Fact]
    public void A_disk_that_lies_breaks_what_an_honest_one_keeps()
    {
        var lying = Crashing with { Faults = Crashing.Faults with { DiskLies = 0.5 } };
        var broken = Simulator.Run(Toys.Bookkeeping(), lying);
        Assert.Equal("Durability", broken.Violation?.Property);
        Assert.True(broken.Counts.ForgottenWrites > 0);
        Assert.Null(Simulator.Run(Toys.Bookkeeping(), Crashing).Violation);
    }

    [Fact]
    public void A_rotten_disk_is_not_booted_from_not_even_when_all_is_quiet()
    {
        var run = new SimulationRun(Toys.Bookkeeping(), new SimulationOptions
        {
            VirtualTime = TimeSpan.FromSeconds(4),
            Quiet = TimeSpan.FromSeconds(2),
            Record = true,
        });
        run.Strike(new FaultAction.Crash(Toys.N1));
        run.Strike(new FaultAction.BitRot(Toys.N1));
        run.Strike(new FaultAction.Restart(Toys.N1));
        while (run.Step())
        {
        }

        Assert.False(run.World.IsUp(Toys.Server));
        Assert.True(run.World.IsUp(Toys.Client));
        Assert.Equal(2, run.Result().Counts.NeedRepair); // asked to restart, and again when the quiet part began
        Assert.Contains(run.Result().Trace, line => line.Text.Contains("needs repair", StringComparison.Ordinal));
    }

    [Fact]
    public void A_repaired_disk_is_booted_from()
    {
        var run = new SimulationRun(Toys.Bookkeeping(), new SimulationOptions { Clients = Toys.Questions });
        run.RunFor(TimeSpan.FromSeconds(1));
        var kept = run.World.DiskOfServer().Numbers;
        foreach (var action in (FaultAction[])[new FaultAction.Crash(Toys.N1), new FaultAction.BitRot(Toys.N1), new FaultAction.Restart(Toys.N1)])
        {
            run.Strike(action);
        }

        Assert.False(run.World.IsUp(Toys.Server));
        run.Strike(new FaultAction.Repair(Toys.N1));
        run.Strike(new FaultAction.Restart(Toys.N1));
        Assert.True(run.World.IsUp(Toys.Server));
        Assert.True(kept.Count > 3 && kept.IsSubsetOf(run.World.DiskOfServer().Numbers));
    }

    [Fact]
    public void Rot_strikes_a_minority_at_most()
    {
        var scenario = Algorithms.Raft.RaftScenario.Of(5, Algorithms.Raft.RaftOptions.Default);
        var result = Simulator.Run(scenario, new SimulationOptions
        {
            VirtualTime = TimeSpan.FromSeconds(30),
            Quiet = TimeSpan.FromSeconds(5),
            Faults = new FaultOptions { CrashEvery = TimeSpan.FromMilliseconds(500), BitRot = 1, PowerCut = 1, RepairAfter = Wait.Millis(60_000, 60_000) },
        });
        Assert.Equal(3, scenario.Nodes.Count(node => result.World.IsUp(new Address(node, "server"))));
    }

    [Fact]
    public void A_clock_jumps_and_drifts_and_its_interval_holds_the_true_time_within_the_error()
    {
        var run = new SimulationRun(Watching(), new SimulationOptions { ClockError = TimeSpan.FromMilliseconds(5) });
        run.Strike(new FaultAction.Clock(Toys.N1, TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(1)));
        run.RunFor(TimeSpan.FromSeconds(1.0005));
        var last = Read(run.Result()).Last; // the tick at 1 s: 3 ms off, and 1 ms gained
        Assert.Equal((1_000_000 + 4_000 - 5_000, 1_000_000 + 4_000 + 5_000), (last.Earliest, last.Latest));
        run.Strike(new FaultAction.Clock(Toys.N1, TimeSpan.FromMilliseconds(60), TimeSpan.Zero));
        run.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.True(Read(run.Result()).Last.Earliest > 1_050_000, "a clock that is further off than its error lies");
    }

    [Fact]
    public void Random_clocks_stay_within_the_error()
    {
        var result = Simulator.Run(Watching(), new SimulationOptions
        {
            ClockError = TimeSpan.FromMilliseconds(20),
            Faults = new FaultOptions { ClockEvery = TimeSpan.FromMilliseconds(300) },
        });
        var read = Read(result);
        Assert.True(result.Counts.ClockChanges > 10);
        Assert.True(read.Select((clock, i) => clock.Earliest - ((i + 1) * 1_000)).Distinct().Count() > 10, "the offsets are the same");
        Assert.All(read.Select((clock, i) => (clock, now: (i + 1) * 1_000L)), pair => Assert.InRange(pair.now, pair.clock.Earliest, pair.clock.Latest));
    }

    [Fact]
    public void How_far_clocks_are_off_at_first_is_decided_and_shrinks_to_what_is_needed()
    {
        var fast = new Property.Always("Fast", "The clock of n1 is not ahead.", world =>
            ((WatcherState)world.StateAt(Toys.Speaker)).Read.All(clock => clock.Earliest + clock.Latest <= 2 * 50_000));
        var scenario = Watching() with
        {
            Placements = [.. Watching().Placements, new Placement(Toys.Listener, RoleBinding.Of(new Watcher()))],
            Properties = [fast],
        };
        var options = new SimulationOptions { VirtualTime = TimeSpan.FromMilliseconds(50), ClockError = TimeSpan.FromMilliseconds(20), RecordDecisions = true };
        var seed = Seeds.Of(100).First(seed => Simulator.Run(scenario, options with { Seed = seed }).Violation is not null);
        var drawn = Simulator.Run(scenario, options with { Seed = seed });
        Assert.Equal([Toys.N1, Toys.N2], drawn.Decisions!.Clocks.Select(clock => clock.Node));
        var again = Simulator.Run(scenario, options with { Seed = seed + 1, Replay = drawn.Decisions });
        Assert.Equal(Read(drawn), Read(again));
        Assert.Equal(drawn.TraceHash, again.TraceHash);

        var shrunk = Shrinker.Shrink(scenario, options with { Seed = seed }, new ShrinkOptions())!;
        Assert.Equal("Fast", shrunk.Result.Violation?.Property);
        Assert.Equal([Toys.N1], shrunk.Options.Replay!.Clocks.Select(clock => clock.Node));
        Assert.Equal((2, 1), (shrunk.Before.Faults, shrunk.After.Faults));
    }

    private static Scenario Watching() => new()
    {
        Name = "watching",
        Placements = [new Placement(Toys.Speaker, RoleBinding.Of(new Watcher()))],
    };

    private static Seq<ClockInterval> Read(SimulationResult result) => ((WatcherState)result.World.StateAt(Toys.Speaker)).Read;

    public sealed record WatcherState(Seq<ClockInterval> Read) : IOnDisk<NoDisk>
    {
        public NoDisk Disk => NoDisk.Instance;
    }

    /// <summary>Reads its clock every millisecond.</summary>
    private sealed class Watcher : IRole<WatcherState, NoDisk, Chat>
    {
        private static readonly Timer Tick = Timer.Fixed("tick", TimeSpan.FromMilliseconds(1));

        public NoDisk EmptyDisk => NoDisk.Instance;

        public WatcherState Boot(NoDisk disk, Turn<Chat> turn)
        {
            turn.Start(Tick);
            return new WatcherState([]);
        }

        public WatcherState Receive(WatcherState state, Address sender, Chat message, Turn<Chat> turn) => state;

        public WatcherState Expire(WatcherState state, Timer timer, Turn<Chat> turn)
        {
            turn.Start(Tick);
            return new WatcherState(state.Read.Add(turn.Clock));
        }
    }
}
