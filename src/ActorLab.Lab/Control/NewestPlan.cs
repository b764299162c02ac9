namespace ActorLab.Lab;

/// <summary>The plan that all nodes shall have. A node takes a plan only when its version is higher than that of its own.</summary>
/// <param name="first">The one that they have from their start.</param>
/// <param name="versionOf">Of a plan.</param>
/// <param name="atVersion">The same plan under another version.</param>
internal sealed class NewestPlan<T>(T first, Func<T, long> versionOf, Func<T, long, T> atVersion)
    where T : class
{
    private T _current = first;

    /// <summary>Held by whoever makes a new plan of the current one.</summary>
    public Lock Gate { get; } = new();

    public T Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }

    public long Version => versionOf(Current);

    /// <summary>Somebody else gave a node a plan of this version: ours must become newer still.</summary>
    public void Overtake(long version)
    {
        lock (Gate)
        {
            Current = atVersion(Current, Math.Max(Version, version + 1));
        }
    }
}
