using MemoryPack;

namespace ActorLab.Algorithms.PingPong;

/// <summary>What the two players say.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Ping))]
[MemoryPackUnion(1, typeof(Pong))]
public abstract partial record PingPongMessage
{
    [MemoryPackable]
    public sealed partial record Ping(int Value) : PingPongMessage;

    [MemoryPackable]
    public sealed partial record Pong(int Value) : PingPongMessage;
}
