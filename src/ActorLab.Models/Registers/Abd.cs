using ActorLab.Core;
using static ActorLab.Models.RegisterMessage;

namespace ActorLab.Models;

/// <summary>
/// A register that survives the loss of a minority of its servers (Attiya, Bar-Noy and Dolev 1995). Each operation asks a
/// majority for its sequencers and values, and then has a majority record the highest: a reader too, so that whoever reads
/// later cannot get what is older.
/// </summary>
public static class Abd
{
    public static readonly ScenarioFamily Family = new(
        "abd",
        "A linearizable register on servers of which a majority answers.",
        RegisterModels.Parameters(servers: 2, most: 5),
        given => Of(given));

    /// <summary>
    /// With what is given beyond the arguments, wrong variants: a quorum of another size, a phase that is left out.
    /// </summary>
    internal static Scenario Of(
        ScenarioArguments given, int? quorum = null, bool forgetsToRecord = false, bool readsWithoutRecording = false) =>
        RegisterModels.Of("abd", given, (_, peers) => RoleBinding.Of(new Server(
            peers, quorum ?? ((peers.Count + 1) / 2) + 1,
            isRead => forgetsToRecord || (isRead && readsWithoutRecording))));

    /// <summary>Orders values: the server decides between equal counts.</summary>
    public readonly record struct Sequencer(int Writes, NodeId Server) : IComparable<Sequencer>
    {
        public int CompareTo(Sequencer other) =>
            Writes.CompareTo(other.Writes) is var byWrites and not 0 ? byWrites : Server.CompareTo(other.Server);
    }

    public readonly record struct Stamped(Sequencer Seq, string? Value);

    public abstract record Message : RegisterMessage
    {
        public sealed record Query(long Request) : Message;

        public sealed record AckQuery(long Request, Stamped Held) : Message;

        public sealed record Record(long Request, Stamped Value) : Message;

        public sealed record AckRecord(long Request) : Message;
    }

    /// <summary>Where a server is with the operation of a client.</summary>
    public abstract record Phase(long Request, Address Requester)
    {
        /// <param name="Request">Of the client.</param>
        /// <param name="Requester">The client.</param>
        /// <param name="Write">What it writes; null for a read.</param>
        /// <param name="Responses">What servers hold.</param>
        public sealed record Querying(long Request, Address Requester, string? Write, Map<NodeId, Stamped> Responses)
            : Phase(Request, Requester);

        /// <param name="Request">Of the client.</param>
        /// <param name="Requester">The client.</param>
        /// <param name="IsRead">Whether the client reads.</param>
        /// <param name="Value">What is recorded.</param>
        /// <param name="Acks">The servers that recorded it.</param>
        public sealed record Recording(long Request, Address Requester, bool IsRead, string? Value, Set<NodeId> Acks)
            : Phase(Request, Requester);
    }

    /// <param name="Held">The value, with its sequencer.</param>
    /// <param name="Phase">Of the operation under way; null if there is none.</param>
    public sealed record State(Stamped Held, Phase? Phase) : IOnDisk<NoDisk>
    {
        public NoDisk Disk => NoDisk.Instance;
    }

    /// <param name="peers">The other servers.</param>
    /// <param name="quorum">How many have to answer, the server itself included.</param>
    /// <param name="skipsRecording">Whether it leaves out the second phase, of a read or of a write: always wrong.</param>
    private sealed class Server(Seq<Address> peers, int quorum, Func<bool, bool> skipsRecording)
        : IRole<State, NoDisk, RegisterMessage>
    {
        public NoDisk EmptyDisk => NoDisk.Instance;

        public State Boot(NoDisk disk, Turn<RegisterMessage> turn) =>
            new(new Stamped(new Sequencer(0, turn.Self.Node), null), null);

        public State Receive(State state, Address sender, RegisterMessage message, Turn<RegisterMessage> turn)
        {
            switch (message)
            {
                case Put(var request, var value) when state.Phase is null:
                    return Query(state, request, sender, value, turn);

                case Get(var request) when state.Phase is null:
                    return Query(state, request, sender, null, turn);

                case Message.Query(var request):
                    turn.Tell(sender, new Message.AckQuery(request, state.Held));
                    return state;

                case Message.AckQuery(var request, var held)
                    when state.Phase is Phase.Querying querying && querying.Request == request:
                    return Answered(state, querying with { Responses = querying.Responses.Set(sender.Node, held) }, turn);

                case Message.Record(var request, var value):
                    turn.Tell(sender, new Message.AckRecord(request));
                    return Keep(state, value);

                case Message.AckRecord(var request)
                    when state.Phase is Phase.Recording recording && recording.Request == request
                        && !recording.Acks.Contains(sender.Node):
                    return Recorded(state, recording with { Acks = recording.Acks.Add(sender.Node) }, turn);

                default: // A request while another is under way, or an answer to an earlier one.
                    return state;
            }
        }

        private State Query(State state, long request, Address requester, string? write, Turn<RegisterMessage> turn)
        {
            turn.Tell(peers, new Message.Query(request));
            return Answered(
                state, new Phase.Querying(request, requester, write, Map.Of((turn.Self.Node, state.Held))), turn);
        }

        /// <summary>Once enough servers answered, the highest sequencer is known: the second phase begins.</summary>
        private State Answered(State state, Phase.Querying querying, Turn<RegisterMessage> turn)
        {
            if (querying.Responses.Count != quorum)
            {
                return state with { Phase = querying };
            }

            var highest = querying.Responses.Values.MaxBy(held => held.Seq);
            var value = querying.Write is null
                ? highest
                : new Stamped(new Sequencer(highest.Seq.Writes + 1, turn.Self.Node), querying.Write);
            var isRead = querying.Write is null;
            if (skipsRecording(isRead))
            {
                return Answer(isRead ? state : Keep(state, value), querying, isRead, value.Value, turn);
            }

            turn.Tell(peers, new Message.Record(querying.Request, value));
            return Recorded(
                Keep(state, value),
                new Phase.Recording(querying.Request, querying.Requester, isRead, value.Value, [turn.Self.Node]),
                turn);
        }

        private State Recorded(State state, Phase.Recording recording, Turn<RegisterMessage> turn)
        {
            return recording.Acks.Count != quorum
                ? state with { Phase = recording }
                : Answer(state, recording, recording.IsRead, recording.Value, turn);
        }

        private static State Answer(State state, Phase phase, bool isRead, string? value, Turn<RegisterMessage> turn)
        {
            turn.Tell(phase.Requester, isRead ? new GetOk(phase.Request, value) : new PutOk(phase.Request));
            return state with { Phase = null };
        }

        private static State Keep(State state, Stamped value) =>
            value.Seq.CompareTo(state.Held.Seq) > 0 ? state with { Held = value } : state;
    }
}
