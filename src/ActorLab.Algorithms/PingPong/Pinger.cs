using ActorLab.Core;
using static ActorLab.Algorithms.PingPong.PingPongMessage;

namespace ActorLab.Algorithms.PingPong;

/// <summary>How many of the other's messages a player answered.</summary>
public sealed record Count(int Value) : IOnDisk<NoDisk>
{
    public NoDisk Disk => NoDisk.Instance;
}

/// <summary>Serves, and answers each pong with the next ping, up to the last.</summary>
/// <param name="ponger">The other player.</param>
/// <param name="last">The count at which the game ends.</param>
public sealed class Pinger(Address ponger, int last) : IRole<Count, NoDisk, PingPongMessage>
{
    public NoDisk EmptyDisk => NoDisk.Instance;

    public Count Boot(NoDisk disk, Turn<PingPongMessage> turn)
    {
        turn.Tell(ponger, new Ping(0));
        return new Count(0);
    }

    public Count Receive(Count state, Address sender, PingPongMessage message, Turn<PingPongMessage> turn)
    {
        switch (message)
        {
            case Pong(var value) when value == state.Value && value < last:
                turn.Tell(sender, new Ping(value + 1));
                return new Count(value + 1);
            default: // An old pong that the network delivers again: its answer is under way or came.
                return state;
        }
    }
}
