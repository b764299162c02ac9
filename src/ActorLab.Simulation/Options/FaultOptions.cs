using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>The shapes of random partitions, those of <see cref="Partition"/> and a single cut direction.</summary>
public enum PartitionShape
{
    /// <summary>Two groups of random sizes.</summary>
    Split,

    /// <summary>One node hears nobody, nobody hears it.</summary>
    Isolate,

    /// <summary>One direction of one link.</summary>
    OneWay,

    /// <summary>Two halves, and a node that hears both.</summary>
    Bridge,

    /// <summary>Each node hears a majority, no two the same one.</summary>
    MajorityRing,

    /// <summary>One node is cut off and heard again, by turns and quickly.</summary>
    Flapping,
}

/// <summary>Random faults. All are off unless asked for.</summary>
public sealed record FaultOptions
{
    public static readonly FaultOptions None = new();

    /// <summary>Every fault there is that algorithms with a disk are made for; disks do not lie.</summary>
    public static readonly FaultOptions All = new()
    {
        Messages = new MessageFaults
        {
            Drop = 0.01,
            Duplicate = 0.01,
            Reorder = 0.01,
            Corrupt = 0.002,
            Delay = new MessageDelay(Wait.Millis(0, 10), HasTail: true),
        },
        CrashEvery = TimeSpan.FromSeconds(2),
        SendsInCrash = 0.5,
        TornRecord = 0.5,
        BitRot = 0.01,
        PartitionEvery = TimeSpan.FromSeconds(2),
        Shapes = Seq.Of(Enum.GetValues<PartitionShape>()),
        SlowEvery = TimeSpan.FromSeconds(3),
        PauseEvery = TimeSpan.FromSeconds(3),
        ClockEvery = TimeSpan.FromSeconds(5),
    };

    /// <summary>Everything at once, at rates at which a majority is connected most of the time.</summary>
    public static readonly FaultOptions Storm = new()
    {
        Loss = 0.01,
        Duplication = 0.01,
        CrashEvery = TimeSpan.FromSeconds(2),
        PartitionEvery = TimeSpan.FromSeconds(2),
        SlowEvery = TimeSpan.FromSeconds(3),
    };

    /// <summary>What may become of every message between nodes, beside <see cref="Loss"/> and the like.</summary>
    public MessageFaults Messages { get; init; } = MessageFaults.None;

    /// <summary>The probability that a message between nodes vanishes.</summary>
    public double Loss { get; init; }

    /// <summary>The probability that a message between nodes arrives twice.</summary>
    public double Duplication { get; init; }

    /// <summary>The mean time between crashes; zero for none.</summary>
    public TimeSpan CrashEvery { get; init; }

    /// <summary>How long a crashed node stays down.</summary>
    public Wait Downtime { get; init; } = Wait.Millis(5, 1_500);

    /// <summary>How many nodes may be down at once.</summary>
    public int MostDown { get; init; } = int.MaxValue;

    /// <summary>How many of the crashes take every node at once.</summary>
    public double PowerCut { get; init; } = 0.1;

    /// <summary>
    /// How many of the crashes strike while the node's next write is under way: at the moment that loses most, which
    /// chance alone rarely finds.
    /// </summary>
    public double CrashInWrite { get; init; } = 0.5;

    /// <summary>
    /// How many of the crashes between disk and network strike when some messages of the turns that are on the disk have
    /// left; else none has.
    /// </summary>
    public double SendsInCrash { get; init; }

    /// <summary>How many crashes tear the record that is being written: its checksum shows it, and it is dropped.</summary>
    public double TornRecord { get; init; }

    /// <summary>How many crashes take the last acknowledged writes with them: a disk that lies about its syncs.</summary>
    public double DiskLies { get; init; }

    /// <summary>
    /// After how many crashes a bit of the disk has flipped. The node then stays down until it is repaired, also in the quiet
    /// part: so it strikes a minority at most.
    /// </summary>
    public double BitRot { get; init; }

    /// <summary>How long it takes until somebody repairs a disk that rotted; not in the quiet part.</summary>
    public Wait RepairAfter { get; init; } = Wait.Millis(3_000, 20_000);

    /// <summary>The mean time between pauses of a node; zero for none.</summary>
    public TimeSpan PauseEvery { get; init; }

    public Wait PauseFor { get; init; } = Wait.Millis(20, 1_000);

    /// <summary>
    /// The mean time between changes of a node's clock: a jump to another offset, with a drift. Within
    /// <see cref="SimulationOptions.ClockError"/>, so that the interval that a role reads holds the true time.
    /// </summary>
    public TimeSpan ClockEvery { get; init; }

    /// <summary>The mean time between partitions; zero for none. A new one takes the place of the last.</summary>
    public TimeSpan PartitionEvery { get; init; }

    public Wait PartitionFor { get; init; } = Wait.Millis(50, 2_000);

    public Seq<PartitionShape> Shapes { get; init; } =
    [
        PartitionShape.Split, PartitionShape.Isolate, PartitionShape.OneWay, PartitionShape.Bridge, PartitionShape.MajorityRing,
    ];

    /// <summary>How long a flapping link carries nothing, and then all.</summary>
    public Wait FlapPeriod { get; init; } = Wait.Millis(5, 100);

    /// <summary>The mean time between spells in which one node's messages are slow, both ways; zero for none.</summary>
    public TimeSpan SlowEvery { get; init; }

    public Wait SlowFor { get; init; } = Wait.Millis(50, 1_000);

    /// <summary>What each message of a slow node takes on top.</summary>
    public Wait SlowBy { get; init; } = Wait.Millis(10, 400);
}
