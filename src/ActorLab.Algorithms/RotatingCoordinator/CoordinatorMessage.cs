using MemoryPack;

namespace ActorLab.Algorithms.RotatingCoordinator;

/// <summary>What the processes say.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Estimate))]
[MemoryPackUnion(1, typeof(Decide))]
public abstract partial record CoordinatorMessage
{
    /// <summary>
    /// EST(r, v): from the coordinator of the round its estimate; from another process what it got from the coordinator, or
    /// nothing if it suspects it.
    /// </summary>
    [MemoryPackable]
    public sealed partial record Estimate(int Round, int? Value) : CoordinatorMessage;

    /// <summary>DECIDE(v): passed on by everybody who hears it first, so that all hear it if anybody does.</summary>
    [MemoryPackable]
    public sealed partial record Decide(int Value) : CoordinatorMessage;
}
