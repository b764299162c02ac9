using ActorLab.Algorithms.Raft;
using ActorLab.Core;
using ActorLab.Simulation;
using Timer = ActorLab.Core.Timer;

namespace ActorLab.Tests.Simulation;

/// <summary>Each fault does what it says, and the right Raft survives it.</summary>
public sealed class FaultKindTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>No message takes longer where nothing makes it: the links have no tail here.</summary>
    private static readonly NetworkOptions Links = new() { Tail = 0 };

    /// <summary>Each fault alone, often, and what counts it: nothing where it does not strike.</summary>
    private static readonly (string Name, FaultOptions Faults, Func<SimulationResult, long> Count)[] Kinds =
    [
        ("drop", Messages(new MessageFaults { Drop = 0.1 }), result => result.Counts.Lost),
        ("duplicate", Messages(new MessageFaults { Duplicate = 0.1 }), result => result.Counts.Duplicated),
        ("corrupt", Messages(new MessageFaults { Corrupt = 0.1 }), result => result.Counts.Corrupted),
        ("reorder", Messages(new MessageFaults { Reorder = 0.3 }), Overtakings),
        ("delay", Messages(new MessageFaults { Delay = new MessageDelay(Wait.Millis(0, 40), HasTail: true) }), Late),
        ("crash", new FaultOptions { CrashEvery = Second, SendsInCrash = 0.5 }, result => result.Counts.Crashes),
        ("power", new FaultOptions { CrashEvery = Second, PowerCut = 1 }, result => result.Counts.Crashes),
        ("torn", new FaultOptions { CrashEvery = TimeSpan.FromSeconds(0.3), TornRecord = 1, CrashInWrite = 1, Downtime = Wait.Millis(5, 50) }, result => result.Counts.TornRecords),
        ("rot", new FaultOptions { CrashEvery = Second, BitRot = 1 }, result => result.Counts.NeedRepair),
        ("pause", new FaultOptions { PauseEvery = Second }, result => result.Counts.Pauses),
        ("slow", new FaultOptions { SlowEvery = Second }, Late),
        ("clock", new FaultOptions { ClockEvery = Second }, result => result.Counts.ClockChanges),
        .. Enum.GetValues<PartitionShape>().Select(shape => (
            $"partition {shape}", new FaultOptions { PartitionEvery = Second, Shapes = [shape] },
            (Func<SimulationResult, long>)(result => result.Counts.Partitions))),
        ("all", FaultOptions.All, result => result.Counts.Crashes),
    ];

    /// <summary>Counted from the trace, which costs time.</summary>
    private static readonly Set<string> NeedsTrace = ["reorder", "delay", "slow"];

    public static TheoryData<string> Names => [.. Kinds.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_right_Raft_survives(string name)
    {
        var (_, faults, count) = Kinds.Single(kind => kind.Name == name);
        var scenario = RaftScenario.Of(3, RaftOptions.Default);
        var options = new SimulationOptions
        {
            VirtualTime = TimeSpan.FromSeconds(8),
            Quiet = TimeSpan.FromSeconds(4),
            Faults = faults,
            Network = Links,
            Record = NeedsTrace.Contains(name),
            ClockError = TimeSpan.FromMilliseconds(100),
            Properties = scenario.Properties.AddRange(RaftLiveness.All),
            Clients = RaftRuns.Load(scenario) with { Until = TimeSpan.FromSeconds(7) },
        };
        long happened = 0;
        var summary = Simulator.RunMany(scenario, options, Seeds.Of(5), result =>
        {
            Interlocked.Add(ref happened, count(result));
            return result.FindingOf(RaftProperties.EntryCommitted.Name) == Finding.Reached ? RaftRuns.VerifyHistory(result) : "nothing was committed";
        });
        summary.RequireAllWell(Seeds.Reproduce(nameof(FaultKindTests)));
        Assert.True(happened > 0, $"{name} never struck");
    }

    [Fact]
    public void What_counts_a_fault_counts_nothing_where_none_strikes()
    {
        var scenario = RaftScenario.Of(3, RaftOptions.Default);
        var calm = Simulator.Run(scenario, new SimulationOptions
        {
            Network = Links,
            Record = true,
            ClockError = TimeSpan.FromMilliseconds(100),
            Clients = RaftRuns.Load(scenario),
        });
        Assert.True(calm.Counts.Delivered > 1_000);
        Assert.All(Kinds, kind => Assert.True(kind.Count(calm) == 0, $"{kind.Name} struck {kind.Count(calm)} times, and was not asked for"));
    }

    [Fact]
    public void Messages_are_lost_and_corrupted_at_their_rates()
    {
        var result = Talk(new MessageFaults { Drop = 0.2, Corrupt = 0.1 });
        Assert.InRange(result.Counts.Lost / (double)result.Counts.Sent, 0.25, 0.31); // 1 - 0.8 * 0.9
        Assert.InRange(result.Counts.Corrupted / (double)result.Counts.Sent, 0.06, 0.1);
        Assert.Equal(
            result.Counts.Corrupted,
            result.Trace.Count(line => line.Kind == TraceKind.Drop && line.Text.Contains("checksum", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Delays_fill_their_range_and_keep_the_order(bool hasTail)
    {
        var result = Talk(new MessageFaults { Delay = new MessageDelay(Wait.Millis(0, 100), hasTail) });
        var sent = result.Trace.Where(line => line.Kind == TraceKind.Send).ToDictionary(line => line.Message, line => line.At);
        var delays = result.Trace.Where(line => line.Kind == TraceKind.Deliver).Select(line => line.At - sent[line.Message]).ToArray();
        Assert.Equal(result.Heard().Order(), result.Heard());
        Assert.InRange(delays.Max(), hasTail ? 30_000 : 95_000, 160_000);

        // Messages apart by more than any delay do not wait for each other.
        var apart = Talk(new MessageFaults { Delay = new MessageDelay(Wait.Millis(0, 100), hasTail) }, TimeSpan.FromMilliseconds(200), 400);
        var single = Delays(apart);
        Assert.InRange(single.Average(), hasTail ? 3_000 : 40_000, hasTail ? 10_000 : 60_000);
    }

    [Fact]
    public void Reordered_messages_overtake()
    {
        var result = Talk(new MessageFaults { Reorder = 0.3 }, TimeSpan.FromMilliseconds(1));
        Assert.NotEqual(result.Heard().Order(), result.Heard());
        Assert.Equal(result.Heard().Count, result.Heard().Distinct().Count());
    }

    [Fact]
    public void Of_rules_for_links_the_first_that_fits_counts()
    {
        Seq<LinkFaults> rules = [new LinkFaults(Toys.N1, null, new MessageFaults { Drop = 1 }), new LinkFaults(null, null, MessageFaults.None)];
        Assert.Empty(Scripted(new FaultAction.Messages(rules)).Heard());
        Assert.NotEmpty(Scripted(new FaultAction.Messages([new LinkFaults(Toys.N2, null, new MessageFaults { Drop = 1 })])).Heard());
    }

    [Fact]
    public void A_paused_node_takes_nothing_and_then_all_in_order()
    {
        var run = new SimulationRun(Toys.Conversation(), new SimulationOptions { Record = true });
        run.RunFor(TimeSpan.FromMilliseconds(50));
        run.Strike(new FaultAction.Pause(Toys.N2));
        var before = run.Result().Heard();
        run.RunFor(TimeSpan.FromMilliseconds(50));
        Assert.Equal(before, run.Result().Heard());
        run.Strike(new FaultAction.Resume(Toys.N2));
        Assert.InRange(run.Result().Heard().Count - before.Count, 48, 52); // at once
        Assert.Equal(Enumerable.Range(1, run.Result().Heard().Count).Select(number => (long)number), run.Result().Heard());
    }

    [Fact]
    public void The_timers_of_a_paused_node_are_late()
    {
        var run = new SimulationRun(Toys.Conversation(), new SimulationOptions { Record = true });
        run.Strike(new FaultAction.Pause(Toys.N1));
        run.RunFor(TimeSpan.FromMilliseconds(30));
        run.Strike(new FaultAction.Resume(Toys.N1));
        Assert.Equal(30_000, run.Result().Trace.First(line => line.Kind == TraceKind.Expire).At);
    }

    [Fact]
    public void A_flapping_link_carries_all_or_nothing_by_turns()
    {
        var result = Scripted(new FaultAction.Flap([new Link(Toys.N1, Toys.N2)], TimeSpan.FromMilliseconds(100)), Wait.Zero);
        Assert.InRange(result.Heard().Count, 495, 505); // of 1,000 in ten seconds
        Assert.DoesNotContain(result.Trace, line => line.Kind == TraceKind.Deliver && line.At / 100_000 % 2 == 0 && line.At % 100_000 > 1_000);
    }

    private static long Late(SimulationResult result) => Delays(result).Count(delay => delay > Links.Delay.Most);

    /// <summary>Deliveries before which a later message of the same link had been delivered.</summary>
    private static long Overtakings(SimulationResult result)
    {
        var last = new Dictionary<(Address?, Address), long>();
        var overtaken = 0;
        foreach (var line in result.Trace.Where(line => line.Kind == TraceKind.Deliver))
        {
            var before = last.GetValueOrDefault((line.Peer, line.Where));
            overtaken += line.Message < before ? 1 : 0;
            last[(line.Peer, line.Where)] = Math.Max(before, line.Message);
        }

        return overtaken;
    }

    private static long[] Delays(SimulationResult result)
    {
        var sent = result.Trace.Where(line => line.Kind == TraceKind.Send).ToDictionary(line => line.Message, line => line.At);
        return [.. result.Trace.Where(line => line.Kind == TraceKind.Deliver).Select(line => line.At - sent[line.Message])];
    }

    private static SimulationResult Scripted(FaultAction action, Wait? delay = null) => Simulator.Run(
        Toys.Conversation(tick: Timer.Fixed("tick", TimeSpan.FromMilliseconds(10))), new SimulationOptions
        {
            Script = [new ScriptedFault(TimeSpan.Zero, action)],
            Network = new NetworkOptions { Delay = delay ?? Wait.Micros(200, 2_000), Tail = 0 },
            Record = true,
        });

    private static SimulationResult Talk(MessageFaults faults, TimeSpan? every = null, double seconds = 10) => Simulator.Run(
        Toys.Conversation(tick: Timer.Fixed("tick", every ?? TimeSpan.FromMilliseconds(2))), new SimulationOptions
        {
            VirtualTime = TimeSpan.FromSeconds(seconds / (every is { TotalMilliseconds: > 100 } ? 5 : 1)),
            Faults = Messages(faults),
            Record = true,
        });

    private static FaultOptions Messages(MessageFaults faults) => new() { Messages = faults };
}
