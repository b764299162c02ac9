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

    /// <summary>Keeps every event with its text. Slower by far; the trace hash is the same.</summary>
    public bool Record { get; init; }

    /// <summary>Keeps all that was left to chance, for <see cref="Replay"/>. The trace hash is the same.</summary>
    public bool RecordDecisions { get; init; }

    /// <summary>Takes these decisions again instead of drawing new ones; random faults, script and clients are not used.</summary>
    public Decisions? Replay { get; init; }

    /// <summary>Judges these instead of the scenario's own; null for the scenario's own.</summary>
    public Seq<Property>? Properties { get; init; }

    /// <summary>Sees every turn as it is taken; the trace hash is the same.</summary>
    public Action<TurnSeen>? Watch { get; init; }

    /// <summary>The run ends when this holds.</summary>
    public Func<IWorld, bool>? Until { get; init; }

    /// <summary>Where messages and draws of <see cref="Replay"/> are taken by their moments instead of their numbers.</summary>
    internal LooseReplay? Loosely { get; init; }

    /// <summary>Without the trace hash: whether the run breaks a property is all that is asked.</summary>
    internal bool IsTrial { get; init; }

    /// <summary>Whether a crash may take acknowledged writes.</summary>
    internal bool DisksLie => Faults.DiskLies > 0
        || (Replay?.Faults ?? Script).Any(fault => FaultJson.LossesOf(fault.Action).Any(loss => loss.Forgotten > 0));

    internal long QuietFrom => Math.Max(0, VirtualTime.Micros() - Quiet.Micros());

    /// <summary>The middle of the quiet part: what is owed then must be paid when the time is up.</summary>
    internal long QuietMiddle => QuietFrom + ((VirtualTime.Micros() - QuietFrom) / 2);
}

/// <summary>A turn as it is taken, before its disk is safe.</summary>
/// <param name="Index">Its event in the trace.</param>
/// <param name="Where">Whose turn it is.</param>
/// <param name="Input">What started it.</param>
/// <param name="Before">The state before; null at the first boot.</param>
/// <param name="After">The state after.</param>
/// <param name="Effects">What the role asked for.</param>
public sealed record TurnSeen(
    long Index, Address Where, Input Input, object? Before, object After, IReadOnlyList<Effect> Effects)
{
    /// <summary>As observers see it: a boot has nothing before it.</summary>
    public Happening AsHappening() => new(Where, Input, Input is Core.Input.Boot ? null : Before, After, Effects);
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
