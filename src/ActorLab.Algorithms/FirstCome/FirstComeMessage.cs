using MemoryPack;

namespace ActorLab.Algorithms.FirstCome;

/// <summary>What arbiter and voters say.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Vote))]
[MemoryPackUnion(1, typeof(Verdict))]
public abstract partial record FirstComeMessage
{
    /// <summary>To the arbiter: the input of a process.</summary>
    [MemoryPackable]
    public sealed partial record Vote(int Input) : FirstComeMessage;

    /// <summary>From the arbiter: what is decided.</summary>
    [MemoryPackable]
    public sealed partial record Verdict(int Value) : FirstComeMessage;
}
