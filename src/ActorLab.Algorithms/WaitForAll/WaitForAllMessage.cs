using MemoryPack;

namespace ActorLab.Algorithms.WaitForAll;

/// <summary>What the processes say: each its input, once.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Value))]
public abstract partial record WaitForAllMessage
{
    [MemoryPackable]
    public sealed partial record Value(int Input) : WaitForAllMessage;
}
