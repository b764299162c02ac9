namespace ActorLab.Cluster;

/// <summary>What others may see of a role of this node: nothing that is ahead of its disk. Safe for any thread.</summary>
public sealed class HostedRole(Address address, Func<object, object, string?>? becomes = null)
{
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Phase _phase = new(0, false, null, false);
    private volatile object? _durableState;
    private long _commits;
    private long _turns;

    public Address Address => address;

    /// <summary>Of the present boot; 0 before the first.</summary>
    public long Incarnation => _phase.Incarnation;

    public bool Running => _phase.Running;

    /// <summary>Why the role stopped for good; null while it did not.</summary>
    public string? HaltReason => _phase.HaltReason;

    /// <summary>Whether it halted because what it had kept cannot be read.</summary>
    public bool Damaged => _phase.Damaged;

    /// <summary>The last state whose disk is durable; null before the first boot and while the role is down.</summary>
    public object? DurableState => _durableState;

    /// <summary>Journal events written in this process.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Turns with a changed disk in those.</summary>
    public long DurableTurns => Interlocked.Read(ref _turns);

    /// <summary>Ends when the role ran for the first time, or halted.</summary>
    public Task Settled => _settled.Task;

    internal void Runs(long incarnation)
    {
        _phase = new Phase(incarnation, true, null, false);
        _settled.TrySetResult();
    }

    internal RoleCounts Counts { get; } = new();

    internal void Shows(object state)
    {
        if (becomes is not null && _durableState is { } before && becomes(before, state) is { } what)
        {
            Counts.Become(what);
        }

        _durableState = state;
    }

    internal void Wrote(int turns)
    {
        Interlocked.Increment(ref _commits);
        Interlocked.Add(ref _turns, turns);
    }

    internal void IsDown()
    {
        _durableState = null;
        _phase = _phase with { Running = false };
    }

    internal void Halts(string reason, bool damaged)
    {
        _phase = _phase with { Running = false, HaltReason = reason, Damaged = damaged };
        _settled.TrySetResult();
    }

    private sealed record Phase(long Incarnation, bool Running, string? HaltReason, bool Damaged);
}
