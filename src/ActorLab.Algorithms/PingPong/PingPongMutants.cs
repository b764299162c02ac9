using ActorLab.Core;
using static ActorLab.Algorithms.PingPong.PingPongMessage;

namespace ActorLab.Algorithms.PingPong;

/// <summary>Wrong variants, which a property must catch.</summary>
public static class PingPongMutants
{
    /// <summary>The ponger counts every ping, the repeated ones too: breaks Delta Within One where messages repeat.</summary>
    public static Scenario EagerPonger(int last, Network network) => PingPongScenario.Of(
        RoleBinding.Of(new Pinger(PingPongScenario.Ponger, last)), RoleBinding.Of(new CountsEveryPing(last)), last, network);

    private sealed class CountsEveryPing(int last) : IRole<Count, NoDisk, PingPongMessage>
    {
        public NoDisk EmptyDisk => NoDisk.Instance;

        public Count Boot(NoDisk disk, Turn<PingPongMessage> turn) => new(0);

        public Count Receive(Count state, Address sender, PingPongMessage message, Turn<PingPongMessage> turn)
        {
            if (message is not Ping(var value) || state.Value == last)
            {
                return state;
            }

            turn.Tell(sender, new Pong(value));
            return new Count(state.Value + 1);
        }
    }
}
