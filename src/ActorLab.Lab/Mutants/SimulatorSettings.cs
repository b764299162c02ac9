using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Lab;

/// <summary>The runs in which the simulator looks for a mutant.</summary>
/// <param name="Values">Parameters of the scenario, as on the command line.</param>
/// <param name="Faults">Which faults strike.</param>
/// <param name="Time">How long a run lasts.</param>
/// <param name="Quiet">The part of that at the end without faults.</param>
/// <param name="Users">Of each client.</param>
public sealed record SimulatorSetting(string Values, FaultOptions Faults, TimeSpan Time, TimeSpan Quiet, int Users = 1)
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(4);

    /// <summary>Some twenty crashes and partitions a second, with much loss.</summary>
    public static readonly FaultOptions Brutal = new()
    {
        Loss = 0.2,
        CrashEvery = TimeSpan.FromMilliseconds(80),
        Downtime = Wait.Millis(1, 100),
        PowerCut = 0.02,
        PartitionEvery = TimeSpan.FromMilliseconds(60),
        PartitionFor = Wait.Millis(20, 150),
        SlowEvery = TimeSpan.FromMilliseconds(200),
        SlowFor = Wait.Millis(20, 200),
        SlowBy = Wait.Millis(2, 50),
    };

    /// <summary>Figure 8: leaders that reach few, and are gone before their own entry reaches a majority.</summary>
    public static readonly FaultOptions FewReached =
        Brutal with { Loss = 0.4, CrashEvery = TimeSpan.FromMilliseconds(120), CrashInWrite = 0.2 };

    /// <summary>Servers that are back before the election is over in which they voted.</summary>
    public static readonly FaultOptions Blinking = Brutal with
    {
        Loss = 0.05,
        CrashEvery = TimeSpan.FromMilliseconds(30),
        Downtime = Wait.Millis(0, 5),
        CrashInWrite = 0.9,
        PartitionEvery = TimeSpan.FromMilliseconds(200),
    };

    /// <summary>Old messages come late, and twice.</summary>
    private static readonly FaultOptions Late = FewReached with
    {
        Duplication = 0.2,
        Messages = new MessageFaults { Reorder = 0.3, Delay = new MessageDelay(Wait.Millis(0, 60), HasTail: true) },
    };

    /// <summary>Leaders that are replaced while they run, and answers that are lost.</summary>
    public static readonly FaultOptions CutOff = new()
    {
        Loss = 0.05,
        Duplication = 0.02,
        PartitionEvery = TimeSpan.FromMilliseconds(300),
        PartitionFor = Wait.Millis(150, 400),
        Shapes = [PartitionShape.Isolate],
    };

    /// <summary>For the rounds of Paxos: enough loss for several ballots, repeats and quick restarts.</summary>
    private static readonly FaultOptions Restless = new()
    {
        Loss = 0.2,
        Duplication = 0.3,
        CrashEvery = TimeSpan.FromMilliseconds(150),
        Downtime = Wait.Millis(0, 60),
        SlowEvery = TimeSpan.FromMilliseconds(150),
        SlowFor = Wait.Millis(20, 300),
        SlowBy = Wait.Millis(5, 300),
        Messages = new MessageFaults { Reorder = 0.3, Delay = new MessageDelay(Wait.Millis(0, 200), HasTail: true) },
    };

    /// <summary>Channels that do not keep order.</summary>
    private static readonly FaultOptions Overtaking = new()
    {
        Messages = new MessageFaults { Reorder = 0.3, Delay = new MessageDelay(Wait.Millis(0, 30), HasTail: true) },
    };

    /// <summary>Channels that keep order and take their time, so that much happens while a snapshot is under way.</summary>
    private static readonly FaultOptions Slow = new()
    {
        Messages = new MessageFaults { Delay = new MessageDelay(Wait.Millis(50, 400), HasTail: false) },
    };

    /// <summary>Some messages take longer than a round, and a few are lost.</summary>
    private static readonly FaultOptions Unpunctual = new()
    {
        Loss = 0.02,
        Messages = new MessageFaults { Delay = new MessageDelay(Wait.Millis(0, 900), HasTail: true) },
    };

    /// <summary>Where a mutant shows within a thousand seeds.</summary>
    public static SimulatorSetting Of(Mutant mutant) => mutant.Family.Name switch
    {
        "raft:counts-old-terms" => Servers(FewReached),
        "raft:forgets-its-vote" or "raft:forgets-its-term" => Servers(Blinking),
        "raft:reads-at-once" or "raft:applies-retries-again" => Servers(CutOff) with { Users = 8 },
        "raft:truncates-on-stale-append" => Servers(Late),
        "raft:forgets-sessions" => Servers(Brutal, " compact=4"),
        "raft:takes-pieces-behind-holes" => Servers(CutOff with { Loss = 0.3, PartitionFor = Wait.Millis(300, 900) }, " compact=4"),
        "raft:acknowledges-before-disk" => Servers(Brutal with { CrashInWrite = 0.9, PowerCut = 0.3 }),
        var name when name.StartsWith("raft:", StringComparison.Ordinal) => Servers(FewReached),
        "multi-paxos:leaves-gaps" or "multi-paxos:never-asks" or "multi-paxos:keeps-silent" => new SimulatorSetting(
            "operations=0", CutOff with { Loss = 0.2 }, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), Users: 4),
        "multi-paxos:reads-at-once" or "multi-paxos:applies-retries-again" => Leaders(CutOff) with { Users = 8 },
        "multi-paxos:forgets-its-promise" or "multi-paxos:reuses-its-ballot" => Leaders(Blinking),
        "multi-paxos:accepts-below-its-promise" => Leaders(Late),
        var name when name.StartsWith("multi-paxos:", StringComparison.Ordinal) => Leaders(FewReached),
        "paxos-duel:gives-up" => Calm("acceptors=3 distinguished=1"),
        "paxos:never-asks" => new SimulatorSetting("proposers=1", Restless, Short, TimeSpan.FromSeconds(2)),
        "paxos:asks-acceptors-only" =>
            new SimulatorSetting("proposers=2 learners=3 clients=2 alone=100", Restless, Short, TimeSpan.FromSeconds(2)),
        "paxos:tells-proposers-once" =>
            new SimulatorSetting("proposers=2 learners=1 alone=100", Restless, Short, TimeSpan.FromSeconds(2)),
        var name when name.StartsWith("paxos:", StringComparison.Ordinal) =>
            new SimulatorSetting("ballots=20 asks=3", Restless, Short, TimeSpan.FromSeconds(1)),
        var name when name.StartsWith("commit:", StringComparison.Ordinal) =>
            new SimulatorSetting("participants=3 legs=3 accounts=2 funds=30 hurry=1", Restless, Short, TimeSpan.FromSeconds(1), Users: 2),
        var name when name.StartsWith("crdt:", StringComparison.Ordinal) =>
            Calm("type=0 updates=0") with { Faults = Restless with { CrashEvery = TimeSpan.Zero } },
        "ben-or:begins-anew" => Calm("crashes=1") with { Faults = Restless with { Loss = 0, Duplication = 0 } },
        "rotating-coordinator:says-nothing" => Calm("suspects=0"),
        "generals:keeps-his-order-on-a-tie" => Calm("orders=3"),
        "generals:tells-nobody" => Calm("traitors=0"),
        "agreement:does-as-he-thinks" => Calm("n=4 traitors=0"),
        var name when name.StartsWith("agreement:", StringComparison.Ordinal) => Calm("n=4"),
        var name when name.StartsWith("campaign:", StringComparison.Ordinal) =>
            new SimulatorSetting(
                name == "campaign:uses-what-comes-late" ? "orders=14 round=20" : "orders=14", Unpunctual, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(20)),
        "ping-pong:counts-repetitions" => Calm("duplicating=1") with { Faults = new FaultOptions { Duplication = 0.5 } },
        "snapshot:finds-no-work-in-channels" => Calm("nodes=2 money=1 transfers=20 snapshots=50 spends=20"),
        var name when name.StartsWith("snapshot:", StringComparison.Ordinal) => Calm("money=100 rate=200 snapshots=20"),
        "termination:answers-who-asked-later" =>
            new SimulatorSetting("tasks=0 more=1", Slow, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(6), Users: 2),
        var name when name.StartsWith("lai-yang:", StringComparison.Ordinal) =>
            Calm("money=100 rate=200 snapshots=20") with { Faults = Overtaking },
        _ => Calm(""),
    };

    private static SimulatorSetting Calm(string values) => new(values, FaultOptions.None, Short, TimeSpan.FromSeconds(2));

    private static SimulatorSetting Leaders(FaultOptions faults) => new(
        "hurry=1 operations=0", faults, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));

    private static SimulatorSetting Servers(FaultOptions faults, string values = "") => new(
        $"servers=3 prevote=0 hurry=1 operations=0{values}", faults, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
}
