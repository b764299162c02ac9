using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>A role at its address: its state in memory, its disk, its timers.</summary>
internal sealed class RoleSlot
{
    private const int WritesRemembered = 8;

    private readonly List<ArmedTimer> _timers = [];

    public RoleSlot(int index, Placement placement, NodeSlot node, SimulationOptions options, Draws draws, Func<long> now)
    {
        (Index, Address, Binding, Node) = (index, placement.Address, placement.Role, node);
        Disk = new DiskPipeline(placement.Role.EmptyDisk, options.DisksLie ? WritesRemembered : 0);
        TimerDraws = RandomStream.Named(options.Seed, $"timers/{Address}");
        var error = options.ClockError.Micros();
        Context = new TurnContext(
            Address,
            draws.ChoicesOf(Address, options.Seed),
            () => node.Clock.Interval(now(), error));
        SyncName = $"sync {Address}";
    }

    public int Index { get; }

    public Address Address { get; }

    public RoleBinding Binding { get; }

    public NodeSlot Node { get; }

    public TurnContext Context { get; }

    public RandomStream TimerDraws { get; }

    public DiskPipeline Disk { get; }

    /// <summary>What its syncs are known by among decisions.</summary>
    public string SyncName { get; }

    /// <summary>In memory, ahead of the disk where a sync is under way; null until the first boot.</summary>
    public object? State { get; set; }

    /// <summary>As of the last turn that is on the disk: what the rest of the world can know.</summary>
    public object? Shown { get; set; }

    public ArmedTimer TimerNamed(string name)
    {
        foreach (var timer in _timers)
        {
            if (ReferenceEquals(timer.Name, name) || timer.Name == name)
            {
                return timer;
            }
        }

        var added = new ArmedTimer(name);
        _timers.Add(added);
        return added;
    }

    public void DisarmAll()
    {
        foreach (var timer in _timers)
        {
            timer.IsArmed = false;
        }
    }
}

/// <summary>
/// A timer of a role. It has at most one live place on the timeline: a role that starts its timer anew at every message
/// only moves the deadline, and the place on the timeline follows when it comes due.
/// </summary>
internal sealed class ArmedTimer(string name)
{
    public const long Nowhere = long.MaxValue;

    public string Name => name;

    public ulong NameHash { get; } = StableHash.Of(name);

    /// <summary>What its draws are known by among decisions.</summary>
    public string? DrawName { get; set; }

    public bool IsArmed { get; set; }

    public Timer? Timer { get; set; }

    public long Deadline { get; set; }

    /// <summary>When its place on the timeline comes due.</summary>
    public long PlacedAt { get; set; } = Nowhere;

    /// <summary>Grows with each new place: those before are void.</summary>
    public long Stamp { get; set; }

    /// <summary>The event in whose turn it was started.</summary>
    public long StartedBy { get; set; }
}
