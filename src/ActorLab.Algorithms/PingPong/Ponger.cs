using ActorLab.Core;
using static ActorLab.Algorithms.PingPong.PingPongMessage;

namespace ActorLab.Algorithms.PingPong;

/// <summary>Answers each ping with a pong of the same number, up to the last.</summary>
/// <param name="last">The count at which the game ends.</param>
public sealed class Ponger(int last) : IRole<Count, NoDisk, PingPongMessage>
{
    public NoDisk EmptyDisk => NoDisk.Instance;

    public Count Boot(NoDisk disk, Turn<PingPongMessage> turn) => new(0);

    public Count Receive(Count state, Address sender, PingPongMessage message, Turn<PingPongMessage> turn)
    {
        switch (message)
        {
            case Ping(var value) when value == state.Value && value < last:
                turn.Tell(sender, new Pong(value));
                return new Count(value + 1);
            default: // An old ping that the network delivers again: it was answered.
                return state;
        }
    }
}
