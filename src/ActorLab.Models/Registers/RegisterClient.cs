using ActorLab.Core;
using static ActorLab.Models.RegisterMessage;

namespace ActorLab.Models;

/// <param name="Awaiting">The request that is not answered yet; null once all are.</param>
/// <param name="Operations">How many requests it made.</param>
public sealed record RegisterClientState(long? Awaiting, int Operations) : IOnDisk<NoDisk>
{
    public NoDisk Disk => NoDisk.Instance;
}

/// <summary>Writes, some number of times, and then reads, each time at the next server.</summary>
/// <param name="number">Its number, from 0.</param>
/// <param name="servers">All servers.</param>
/// <param name="puts">How often it writes.</param>
public sealed class RegisterClient(int number, Seq<Address> servers, int puts)
    : IRole<RegisterClientState, NoDisk, RegisterMessage>
{
    private int Index => servers.Count + number;

    public NoDisk EmptyDisk => NoDisk.Instance;

    public RegisterClientState Boot(NoDisk disk, Turn<RegisterMessage> turn)
    {
        turn.Tell(servers[Index % servers.Count], new Put(Index, Letter('A' + number)));
        return new RegisterClientState(Index, 1);
    }

    public RegisterClientState Receive(
        RegisterClientState state, Address sender, RegisterMessage message, Turn<RegisterMessage> turn)
    {
        switch (message)
        {
            case PutOk(var request) when request == state.Awaiting:
                var next = (state.Operations + 1L) * Index;
                turn.Tell(
                    servers[(Index + state.Operations) % servers.Count],
                    state.Operations < puts ? new Put(next, Letter('Z' - number)) : new Get(next));
                return new RegisterClientState(next, state.Operations + 1);
            case GetOk(var request, _) when request == state.Awaiting:
                return new RegisterClientState(null, state.Operations + 1);
            default: // An answer that came before.
                return state;
        }
    }

    private static string Letter(int letter) => ((char)letter).ToString();
}
