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
}

/// <summary>Random faults. All are off unless asked for.</summary>
public sealed record FaultOptions
{
    public static readonly FaultOptions None = new();

    /// <summary>Everything at once, at rates at which a majority is connected most of the time.</summary>
    public static readonly FaultOptions Storm = new()
    {
        Loss = 0.01,
        Duplication = 0.01,
        CrashEvery = TimeSpan.FromSeconds(2),
        PartitionEvery = TimeSpan.FromSeconds(2),
        SlowEvery = TimeSpan.FromSeconds(3),
    };

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

    /// <summary>The mean time between partitions; zero for none. A new one takes the place of the last.</summary>
    public TimeSpan PartitionEvery { get; init; }

    public Wait PartitionFor { get; init; } = Wait.Millis(50, 2_000);

    public Seq<PartitionShape> Shapes { get; init; } = Seq.Of(Enum.GetValues<PartitionShape>());

    /// <summary>The mean time between spells in which one node's messages are slow, both ways; zero for none.</summary>
    public TimeSpan SlowEvery { get; init; }

    public Wait SlowFor { get; init; } = Wait.Millis(50, 1_000);

    /// <summary>What each message of a slow node takes on top.</summary>
    public Wait SlowBy { get; init; } = Wait.Millis(10, 400);
}

/// <summary>One fault, as data.</summary>
public abstract record FaultAction
{
    private FaultAction()
    {
    }

    /// <summary>The node loses all but what its last sync kept. A node that is down stays down.</summary>
    public sealed record Crash(NodeId Node) : FaultAction;

    /// <summary>Every node crashes at once.</summary>
    public sealed record PowerCut : FaultAction;

    /// <summary>The node boots from its disk. A node that runs goes on.</summary>
    public sealed record Restart(NodeId Node) : FaultAction;

    public sealed record RestartAll : FaultAction;

    /// <summary>These links carry nothing from now on, and no others are cut.</summary>
    public sealed record Cut(Set<Link> Links) : FaultAction;

    public sealed record Heal : FaultAction;

    /// <summary>The probability that a message between nodes vanishes, from now on.</summary>
    public sealed record Lose(double Probability) : FaultAction;

    /// <summary>The probability that a message between nodes arrives twice, from now on.</summary>
    public sealed record Duplicate(double Probability) : FaultAction;

    /// <summary>What each message from or to the node takes on top, from now on.</summary>
    public sealed record Slow(NodeId Node, Wait By) : FaultAction;
}

/// <summary>A fault and when it strikes, counted from the start of the run.</summary>
public sealed record ScriptedFault(TimeSpan At, FaultAction Action);
