using System.Text.Json.Serialization;
using MemoryPack;

namespace ActorLab.Core;

/// <summary>One fault, as data.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Crash))]
[MemoryPackUnion(1, typeof(PowerCut))]
[MemoryPackUnion(2, typeof(Restart))]
[MemoryPackUnion(3, typeof(RestartAll))]
[MemoryPackUnion(4, typeof(Cut))]
[MemoryPackUnion(5, typeof(Flap))]
[MemoryPackUnion(6, typeof(Heal))]
[MemoryPackUnion(7, typeof(Lose))]
[MemoryPackUnion(8, typeof(Duplicate))]
[MemoryPackUnion(9, typeof(Messages))]
[MemoryPackUnion(10, typeof(Slow))]
[MemoryPackUnion(11, typeof(Pause))]
[MemoryPackUnion(12, typeof(Resume))]
[MemoryPackUnion(13, typeof(BitRot))]
[MemoryPackUnion(14, typeof(Repair))]
[MemoryPackUnion(15, typeof(Clock))]
[MemoryPackUnion(16, typeof(SetLinks))]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "do")]
[JsonDerivedType(typeof(Crash), "crash")]
[JsonDerivedType(typeof(PowerCut), "powerCut")]
[JsonDerivedType(typeof(Restart), "restart")]
[JsonDerivedType(typeof(RestartAll), "restartAll")]
[JsonDerivedType(typeof(Cut), "cut")]
[JsonDerivedType(typeof(Flap), "flap")]
[JsonDerivedType(typeof(Heal), "heal")]
[JsonDerivedType(typeof(Lose), "lose")]
[JsonDerivedType(typeof(Duplicate), "duplicate")]
[JsonDerivedType(typeof(Messages), "messages")]
[JsonDerivedType(typeof(Slow), "slow")]
[JsonDerivedType(typeof(Pause), "pause")]
[JsonDerivedType(typeof(Resume), "resume")]
[JsonDerivedType(typeof(BitRot), "bitRot")]
[JsonDerivedType(typeof(Repair), "repair")]
[JsonDerivedType(typeof(Clock), "clock")]
[JsonDerivedType(typeof(SetLinks), "links")]
public abstract partial record FaultAction
{
    private FaultAction()
    {
    }

    /// <summary>The node loses all but what its last sync kept. A node that is down stays down.</summary>
    [MemoryPackable]
    public sealed partial record Crash(NodeId Node) : FaultAction
    {
        /// <summary>What became of the writes under way, where that is decided; else the host draws it.</summary>
        public Seq<WriteLoss> Losses { get; init; }
    }

    /// <summary>Every node crashes at once.</summary>
    [MemoryPackable]
    public sealed partial record PowerCut : FaultAction
    {
        /// <inheritdoc cref="Crash.Losses" />
        public Seq<WriteLoss> Losses { get; init; }
    }

    /// <summary>
    /// The node boots from its disk, unless the checksum of the disk does not match: then it stays down. A node that runs
    /// goes on.
    /// </summary>
    [MemoryPackable]
    public sealed partial record Restart(NodeId Node) : FaultAction;

    [MemoryPackable]
    public sealed partial record RestartAll : FaultAction;

    /// <summary>These links carry nothing from now on, and no others are cut.</summary>
    [MemoryPackable]
    public sealed partial record Cut(Set<Link> Links) : FaultAction;

    /// <summary>These links carry nothing for a period, then all for a period, and so on; no others are cut.</summary>
    [MemoryPackable]
    public sealed partial record Flap(Set<Link> Links, TimeSpan Period) : FaultAction;

    [MemoryPackable]
    public sealed partial record Heal : FaultAction;

    /// <summary>The probability that a message between nodes vanishes, from now on.</summary>
    [MemoryPackable]
    public sealed partial record Lose(double Probability) : FaultAction;

    /// <summary>The probability that a message between nodes arrives twice, from now on.</summary>
    [MemoryPackable]
    public sealed partial record Duplicate(double Probability) : FaultAction;

    /// <summary>What may become of messages between nodes, from now on: of each link, the first rule that concerns it.</summary>
    [MemoryPackable]
    public sealed partial record Messages(Seq<LinkFaults> Rules) : FaultAction;

    /// <summary>These rules for links from now on, in the place of those before.</summary>
    [MemoryPackable]
    public sealed partial record SetLinks(Seq<LinkRule> Rules) : FaultAction;

    /// <summary>What each message from or to the node takes on top, from now on.</summary>
    [MemoryPackable]
    public sealed partial record Slow(NodeId Node, Wait By) : FaultAction;

    /// <summary>The node takes no input: messages and timers wait, in order.</summary>
    [MemoryPackable]
    public sealed partial record Pause(NodeId Node) : FaultAction;

    /// <summary>The node takes what has waited, in order, and goes on.</summary>
    [MemoryPackable]
    public sealed partial record Resume(NodeId Node) : FaultAction;

    /// <summary>A bit of what the node has on disk flips. It is found at the next boot: the node then stays down.</summary>
    [MemoryPackable]
    public sealed partial record BitRot(NodeId Node) : FaultAction;

    /// <summary>Somebody copies what the node had on disk back from a mirror: its next boot finds it as it was written.</summary>
    [MemoryPackable]
    public sealed partial record Repair(NodeId Node) : FaultAction;

    /// <summary>The node's clock is off by so much from now on, and gains so much more in every second.</summary>
    [MemoryPackable]
    public sealed partial record Clock(NodeId Node, TimeSpan Offset, TimeSpan DriftPerSecond) : FaultAction;
}

/// <summary>What a crash left of the writes of one role that were under way.</summary>
/// <param name="Role">The role.</param>
/// <param name="Written">So many of the turns that waited for the disk are on it.</param>
/// <param name="Sent">So many of the messages and reports of those turns had left, in order.</param>
/// <param name="Torn">So many bytes of the next record are on the disk: its checksum shows that it is no whole one.</param>
/// <param name="Forgotten">So many acknowledged writes are gone: the disk lied about its syncs.</param>
[MemoryPackable]
public sealed partial record WriteLoss(Address Role, int Written, int Sent = 0, int Torn = 0, int Forgotten = 0);

/// <summary>A fault and when it strikes, counted from the start of the run.</summary>
[MemoryPackable]
public sealed partial record ScriptedFault(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] TimeSpan At, FaultAction Action);
