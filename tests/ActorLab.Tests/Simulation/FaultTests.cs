using ActorLab.Core;
using ActorLab.Simulation;
using Timer = ActorLab.Core.Timer;

namespace ActorLab.Tests.Simulation;

public sealed class FaultTests
{
    private static readonly Timer Tick = Timer.Between("tick", TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(5));

    [Fact]
    public void Timers_are_drawn_from_their_whole_range()
    {
        var ticks = Simulator.Run(Toys.Conversation(tick: Tick), new SimulationOptions { Record = true }).Trace
            .Where(line => line.Kind == TraceKind.Expire).Select(line => line.At).Prepend(0).ToArray();
        var waits = ticks.Zip(ticks.Skip(1), (earlier, later) => later - earlier).ToArray();
        Assert.InRange(waits.Min(), 2_000, 2_010);
        Assert.InRange(waits.Max(), 4_990, 5_000);
        Assert.InRange(waits.Average(), 3_400, 3_600);
    }

    [Fact]
    public void A_timer_that_is_started_anew_waits_anew()
    {
        var run = new SimulationRun(Restarting, new SimulationOptions());
        for (var i = 0; i < 20; i++)
        {
            run.RunFor(TimeSpan.FromMilliseconds(8));
            run.Operate(Toys.Speaker, new Chat.Say(0)); // starts the timer of 10 ms again
        }

        Assert.Equal(0, Said(run));
        run.RunFor(TimeSpan.FromMilliseconds(9));
        Assert.Equal(0, Said(run));
        run.RunFor(TimeSpan.FromMilliseconds(2));
        Assert.Equal(1, Said(run));
    }

    [Fact]
    public void A_timer_that_is_started_anew_may_fire_earlier_than_it_would_have()
    {
        var run = new SimulationRun(Restarting, new SimulationOptions());
        run.RunFor(TimeSpan.FromMilliseconds(1));
        run.Operate(Toys.Speaker, new Chat.Say(3)); // starts it with 3 ms
        run.RunFor(TimeSpan.FromMilliseconds(4));
        Assert.Equal(1, Said(run));
        run.RunFor(TimeSpan.FromMilliseconds(50));
        Assert.Equal(1, Said(run));
    }

    [Fact]
    public void A_crashed_node_ticks_and_hears_no_more()
    {
        var run = new SimulationRun(Toys.Conversation(), new SimulationOptions());
        run.RunFor(TimeSpan.FromMilliseconds(100));
        run.Strike(new FaultAction.PowerCut());
        var turns = run.Result().Turns;
        run.RunFor(TimeSpan.FromMilliseconds(100));
        Assert.Equal(turns, run.Result().Turns);
        run.Strike(new FaultAction.RestartAll());
        Assert.Empty(run.Result().Heard());
        run.RunFor(TimeSpan.FromMilliseconds(100));
        Assert.InRange(run.Result().Heard().Count, 95, 100);
    }

    [Fact]
    public void A_message_outlives_its_sender_but_not_within_the_node()
    {
        var slow = new NetworkOptions { Delay = Wait.Millis(10, 10), LocalDelay = Wait.Millis(10, 10), Tail = 0 };
        foreach (var (sameNode, heard) in new[] { (false, 5), (true, 0) })
        {
            var run = new SimulationRun(Toys.Conversation(sameNode), new SimulationOptions { Network = slow });
            run.RunFor(TimeSpan.FromMilliseconds(5.5));
            run.Strike(new FaultAction.Crash(Toys.N1));
            run.Strike(new FaultAction.Restart(Toys.N1));
            run.RunFor(TimeSpan.FromMilliseconds(10));
            Assert.Equal(heard, run.Result().Heard().Count);
        }
    }

    [Fact]
    public void Random_faults_come_as_often_as_asked_and_end_with_quiet()
    {
        var options = new SimulationOptions
        {
            VirtualTime = TimeSpan.FromSeconds(200),
            Quiet = TimeSpan.FromSeconds(5),
            Faults = FaultOptions.Storm,
            Record = true,
        };
        var crowd = Crowd(5, Timer.Fixed("tick", TimeSpan.FromMilliseconds(200)));
        var result = Simulator.Run(crowd, options);
        Assert.InRange(result.Counts.Crashes, 70, 250);
        Assert.InRange(result.Counts.Partitions, 70, 130);
        Assert.All(crowd.Placements, placement => Assert.True(result.World.IsUp(placement.Address)));
        Assert.DoesNotContain(result.Trace, line => line.At > 195_001_000 && line.Kind
            is TraceKind.Crash or TraceKind.Restart or TraceKind.Drop or TraceKind.Duplicate or TraceKind.Fault);
    }

    [Fact]
    public void A_crash_in_a_write_that_ends_in_the_quiet_part_does_not_strike()
    {
        var crashes = 0;
        for (var seed = 1; seed <= 20; seed++)
        {
            var result = Simulator.Run(Toys.Bookkeeping(), new SimulationOptions
            {
                Seed = seed,
                VirtualTime = TimeSpan.FromSeconds(4),
                Quiet = TimeSpan.FromSeconds(2),
                Disk = new DiskOptions { Sync = Wait.Millis(0, 500) },
                Faults = new FaultOptions
                {
                    CrashEvery = TimeSpan.FromMilliseconds(50),
                    Downtime = Wait.Millis(0, 20),
                    PowerCut = 0,
                    CrashInWrite = 1,
                },
                Clients = Toys.Questions,
                Record = true,
            });
            crashes += result.Trace.Count(line => line.Kind == TraceKind.Crash);
            Assert.DoesNotContain(result.Trace, line => line.Kind == TraceKind.Crash && line.At >= 2_000_000);
        }

        Assert.True(crashes > 20, $"{crashes} crashes are too few to tell");
    }

    [Fact]
    public void No_more_nodes_are_down_than_allowed()
    {
        var options = new SimulationOptions
        {
            VirtualTime = TimeSpan.FromSeconds(100),
            Faults = new FaultOptions
            {
                CrashEvery = TimeSpan.FromMilliseconds(200),
                Downtime = Wait.Millis(500, 3_000),
                MostDown = 2,
            },
        };
        var run = new SimulationRun(Crowd(5), options);
        var down = new SortedSet<int>();
        while (run.Step())
        {
            down.Add(run.World.Addresses.Count(address => !run.World.IsUp(address)));
        }

        Assert.Equal([0, 1, 2], down);
    }

    [Fact]
    public void Every_shape_of_partition_turns_up()
    {
        foreach (var shape in Enum.GetValues<PartitionShape>())
        {
            var result = Simulator.Run(Crowd(5), new SimulationOptions
            {
                Faults = new FaultOptions { PartitionEvery = TimeSpan.FromMilliseconds(500), Shapes = [shape] },
            });
            Assert.InRange(result.Counts.Partitions, 10, 40);
            Assert.True(result.Counts.Dropped > 0, $"{shape} cut nothing");
        }
    }

    [Fact]
    public void A_script_strikes_at_its_times()
    {
        var result = Simulator.Run(Toys.Conversation(), new SimulationOptions
        {
            VirtualTime = TimeSpan.FromMilliseconds(300),
            Script =
            [
                new ScriptedFault(TimeSpan.FromMilliseconds(100), new FaultAction.Crash(Toys.N2)),
                new ScriptedFault(TimeSpan.FromMilliseconds(200), new FaultAction.Restart(Toys.N2)),
            ],
            Record = true,
        });
        Assert.Equal(100_000, Assert.Single(result.Trace, line => line.Kind == TraceKind.Crash).At);
        Assert.Equal(200_000, Assert.Single(result.Trace, line => line.Kind == TraceKind.Restart).At);
        Assert.InRange(result.Heard().Count, 95, 102);
    }

    [Fact]
    public void A_fault_on_an_unknown_node_says_which_there_are()
    {
        var run = new SimulationRun(Toys.Conversation(), new SimulationOptions());
        var error = Assert.Throws<KeyNotFoundException>(() => run.Strike(new FaultAction.Crash(new NodeId("n9"))));
        Assert.Contains("n1, n2", error.Message, StringComparison.Ordinal);
    }

    private static Scenario Restarting => new()
    {
        Name = "restarting",
        Placements = [new Placement(Toys.Speaker, RoleBinding.Of(new Restarter()))],
    };

    private static long Said(SimulationRun run) => ((ChatState)run.World.StateAt(Toys.Speaker)).Said;

    private static Scenario Crowd(int nodes, Timer? tick = null) => new()
    {
        Name = "crowd",
        Placements = [.. NodeId.Range(nodes).Select(node => new Placement(new Address(node, "chatter"), RoleBinding.Of(
            new Chatter(new Address(NodeId.Range(nodes).First(other => other != node), "chatter"), tick ?? Tick))))],
    };

    /// <summary>Starts its one timer anew at every message, with the milliseconds that the message says.</summary>
    private sealed class Restarter : IRole<ChatState, NoDisk, Chat>
    {
        public NoDisk EmptyDisk => NoDisk.Instance;

        public ChatState Boot(NoDisk disk, Turn<Chat> turn)
        {
            turn.Start(Timer.Fixed("once", TimeSpan.FromMilliseconds(10)));
            return new ChatState([], 0);
        }

        public ChatState Receive(ChatState state, Address sender, Chat message, Turn<Chat> turn)
        {
            var wait = ((Chat.Say)message).Number is > 0 and var asked ? asked : 10;
            turn.Start(Timer.Fixed("once", TimeSpan.FromMilliseconds(wait)));
            return state;
        }

        public ChatState Expire(ChatState state, Timer timer, Turn<Chat> turn) => state with { Said = state.Said + 1 };
    }
}
