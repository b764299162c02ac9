using ActorLab.Core;
using static ActorLab.Models.RegisterMessage;

namespace ActorLab.Models;

/// <summary>
/// Single-decree Paxos as a register that is written once: each server proposes, accepts and learns, and tells its own
/// acceptor nothing by message. A server that knows of no decision does not answer reads.
/// </summary>
public static class RegisterPaxos
{
    public static readonly ScenarioFamily Family = new(
        "register-paxos",
        "Single-decree Paxos with clients that write and then read.",
        RegisterModels.Parameters(servers: 3, most: 5, least: 2),
        given => Of(given));

    internal static Scenario Of(ScenarioArguments given, bool ignoresAccepted = false) => RegisterModels.Of(
        "register-paxos", given, (_, peers) => RoleBinding.Of(new Server(peers, ignoresAccepted)));

    public readonly record struct Ballot(int Round, NodeId Leader) : IComparable<Ballot>
    {
        public int CompareTo(Ballot other) =>
            Round.CompareTo(other.Round) is var byRound and not 0 ? byRound : Leader.CompareTo(other.Leader);
    }

    /// <summary>The write of a client.</summary>
    public sealed record Proposal(long Request, Address Requester, string Value);

    public sealed record Vote(Ballot Ballot, Proposal Proposal);

    public abstract record Message : RegisterMessage
    {
        public sealed record Prepare(Ballot Ballot) : Message;

        public sealed record Prepared(Ballot Ballot, Vote? LastAccepted) : Message;

        public sealed record Accept(Vote Vote) : Message;

        public sealed record Accepted(Ballot Ballot) : Message;

        public sealed record Decided(Vote Vote) : Message;
    }

    /// <param name="Ballot">The highest seen.</param>
    /// <param name="Proposal">As a leader, what it proposes.</param>
    /// <param name="Prepares">As a leader, the last vote of each server that answered.</param>
    /// <param name="Accepts">As a leader, who accepted.</param>
    /// <param name="Accepted">As an acceptor, its last vote; the decision once it is decided.</param>
    /// <param name="IsDecided">Whether the decision is known here.</param>
    public sealed record State(
        Ballot Ballot, Proposal? Proposal, Map<NodeId, Vote?> Prepares, Set<NodeId> Accepts, Vote? Accepted, bool IsDecided)
        : IOnDisk<NoDisk>
    {
        public NoDisk Disk => NoDisk.Instance;
    }

    private sealed class Server(Seq<Address> peers, bool ignoresAccepted) : IRole<State, NoDisk, RegisterMessage>
    {
        private readonly int _majority = ((peers.Count + 1) / 2) + 1;

        public NoDisk EmptyDisk => NoDisk.Instance;

        public State Boot(NoDisk disk, Turn<RegisterMessage> turn) =>
            new(new Ballot(0, new NodeId("")), null, default, [], null, false);

        public State Receive(State state, Address sender, RegisterMessage message, Turn<RegisterMessage> turn)
        {
            switch (message)
            {
                case Get(var request) when state.IsDecided:
                    turn.Tell(sender, new GetOk(request, state.Accepted!.Proposal.Value));
                    return state;

                case var _ when state.IsDecided: // There is nothing to decide any more.
                    return state;

                case Put(var request, var value) when state.Proposal is null:
                    return Lead(state, new Proposal(request, sender, value), turn);

                case Message.Prepare(var ballot) when state.Ballot.CompareTo(ballot) < 0:
                    turn.Tell(sender, new Message.Prepared(ballot, state.Accepted));
                    return state with { Ballot = ballot };

                case Message.Prepared(var ballot, var last) when ballot == state.Ballot:
                    return Prepared(state with { Prepares = state.Prepares.Set(sender.Node, last) }, turn);

                case Message.Accept(var vote) when state.Ballot.CompareTo(vote.Ballot) <= 0:
                    turn.Tell(sender, new Message.Accepted(vote.Ballot));
                    return state with { Ballot = vote.Ballot, Accepted = vote };

                case Message.Accepted(var ballot) when ballot == state.Ballot:
                    return Accepted(state with { Accepts = state.Accepts.Add(sender.Node) }, turn);

                case Message.Decided(var vote):
                    return state with { Ballot = vote.Ballot, Accepted = vote, IsDecided = true };

                default: // A ballot that is over, or a read of what may not be decided yet.
                    return state;
            }
        }

        private State Lead(State state, Proposal proposal, Turn<RegisterMessage> turn)
        {
            var ballot = new Ballot(state.Ballot.Round + 1, turn.Self.Node);
            turn.Tell(peers, new Message.Prepare(ballot));
            return state with
            {
                Ballot = ballot,
                Proposal = proposal,
                Prepares = Map.Of((turn.Self.Node, state.Accepted)),
                Accepts = [],
            };
        }

        /// <summary>With a majority: what was voted for last among them has to be proposed again.</summary>
        private State Prepared(State state, Turn<RegisterMessage> turn)
        {
            if (state.Prepares.Count != _majority)
            {
                return state;
            }

            var last = state.Prepares.Values.OfType<Vote>().MaxBy(vote => vote.Ballot);
            var vote = new Vote(state.Ballot, ignoresAccepted ? state.Proposal! : last?.Proposal ?? state.Proposal!);
            turn.Tell(peers, new Message.Accept(vote));
            return state with { Proposal = vote.Proposal, Accepted = vote, Accepts = state.Accepts.Add(turn.Self.Node) };
        }

        private State Accepted(State state, Turn<RegisterMessage> turn)
        {
            if (state.Accepts.Count != _majority)
            {
                return state;
            }

            var proposal = state.Proposal!;
            turn.Tell(peers, new Message.Decided(new Vote(state.Ballot, proposal)));
            turn.Tell(proposal.Requester, new PutOk(proposal.Request));
            return state with { IsDecided = true };
        }
    }
}
