using ActorLab.Core;
using static ActorLab.Models.RegisterMessage;

namespace ActorLab.Models;

/// <summary>
/// Servers that each keep a register of their own. One is linearizable, as anything is that happens at one place; two are not.
/// </summary>
public static class SingleCopyRegister
{
    public static readonly ScenarioFamily Family = new(
        "single-copy-register",
        "A register on each server: linearizable on one server, not on two.",
        RegisterModels.Parameters(servers: 1, most: 5),
        given => RegisterModels.Of("single-copy-register", given, (_, _) => RoleBinding.Of(new Server())));

    /// <param name="Value">What was written last; null before.</param>
    public sealed record State(string? Value) : IOnDisk<NoDisk>
    {
        public NoDisk Disk => NoDisk.Instance;
    }

    private sealed class Server : IRole<State, NoDisk, RegisterMessage>
    {
        public NoDisk EmptyDisk => NoDisk.Instance;

        public State Boot(NoDisk disk, Turn<RegisterMessage> turn) => new((string?)null);

        public State Receive(State state, Address sender, RegisterMessage message, Turn<RegisterMessage> turn)
        {
            switch (message)
            {
                case Put(var request, var value):
                    turn.Tell(sender, new PutOk(request));
                    return new State(value);
                case Get(var request):
                    turn.Tell(sender, new GetOk(request, state.Value));
                    return state;
                default: // Answers are for clients.
                    return state;
            }
        }
    }
}
