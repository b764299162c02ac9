using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>What decides a run, beside its scenario. The same build, scenario and options give the same run.</summary>
public sealed record SimulationOptions
{
    public static readonly SimulationOptions Default = new();

    /// <summary>Decides everything that is left to chance.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>How long the run lasts, in its own time.</summary>
    public TimeSpan VirtualTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The last part of <see cref="VirtualTime"/>, in which all is healed, nothing is lost and all nodes run.
    /// </summary>
    public TimeSpan Quiet { get; init; }

    /// <summary>The run ends after this many turns, whatever the time.</summary>
    public long MaxTurns { get; init; } = 10_000_000;

    public NetworkOptions Network { get; init; } = new();

    public DiskOptions Disk { get; init; } = new();

    /// <summary>Random faults, until the quiet part begins.</summary>
    public FaultOptions Faults { get; init; } = FaultOptions.None;

    /// <summary>Faults at given times, as data; in force beside the random ones.</summary>
    public Seq<ScriptedFault> Script { get; init; }

    /// <summary>Operations of users, drawn as the run goes; beside the scenario's own workload.</summary>
    public ClientLoad? Clients { get; init; }

    /// <summary>
    /// How far a node's clock may be off, both ways. What a role reads is an interval that holds the true time.
    /// </summary>
    public TimeSpan ClockError { get; init; }

    /// <summary>Keeps every event with its text and message bytes. Slower by far; the trace hash is the same.</summary>
    public bool Record { get; init; }

    /// <summary>
    /// Sees each turn with the index of its event, states before and after included: pictures are made of it. It changes nothing.
    /// </summary>
    public Action<long, Happening>? Watch { get; init; }

    /// <summary>The run ends when this holds.</summary>
    public Func<IWorld, bool>? Until { get; init; }

    internal long QuietFrom => Math.Max(0, VirtualTime.Micros() - Quiet.Micros());
}

/// <summary>How messages travel. Messages between roles of one node are never lost, cut, repeated or reordered.</summary>
public sealed record NetworkOptions
{
    /// <summary>Between nodes.</summary>
    public Wait Delay { get; init; } = Wait.Micros(200, 2_000);

    /// <summary>How many of the messages take a delay of <see cref="TailDelay"/> instead.</summary>
    public double Tail { get; init; } = 0.005;

    public Wait TailDelay { get; init; } = Wait.Millis(2, 50);

    /// <summary>Between roles of one node.</summary>
    public Wait LocalDelay { get; init; } = Wait.Micros(5, 50);

    /// <summary>
    /// Lets a message overtake another of the same sender and receiver. Without it, such messages arrive in the order in
    /// which they were sent, as on Akka.Remote.
    /// </summary>
    public bool Reorder { get; init; }
}

/// <summary>
/// How long a sync takes. While one is under way, later turns run in memory and what they send waits, in order; the next
/// sync covers them all, as on the cluster.
/// </summary>
public sealed record DiskOptions
{
    public Wait Sync { get; init; } = Wait.Micros(200, 2_000);

    /// <summary>A restarted role reads its disk through its codec, so that what the codec forgets is missed.</summary>
    public bool ThroughCodec { get; init; } = true;
}
