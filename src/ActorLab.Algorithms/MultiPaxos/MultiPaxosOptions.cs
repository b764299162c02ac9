using ActorLab.Core;

namespace ActorLab.Algorithms.MultiPaxos;

/// <summary>How Multi-Paxos is set up. The same for all of its roles.</summary>
public sealed record MultiPaxosOptions
{
    public static readonly MultiPaxosOptions Default = new();

    /// <summary>The least time without a word from a leader before another one stands.</summary>
    public TimeSpan LeaderTimeoutEarliest { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>
    /// The most time; each wait is drawn anew, so that two rarely outbid each other for long (section 2.4).
    /// </summary>
    public TimeSpan LeaderTimeoutLatest { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How often a leader speaks when it has nothing to say; well below the least timeout.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How many slots a leader may have proposed and not know to be in a majority of the ledgers: the α of section 3.
    /// </summary>
    public int MaxOpenSlots { get; init; } = 8_192;

    /// <summary>And how many bytes of commands.</summary>
    public int MaxOpenBytes { get; init; } = 16 << 20;

    /// <summary>A leader takes no more reads while so many wait.</summary>
    public int MaxWaitingReads { get; init; } = 65_536;

    /// <summary>About how many bytes of commands one message carries; one command goes in any case.</summary>
    public int MaxPageBytes { get; init; } = 256 * 1_024;

    /// <summary>How many client sessions the replicated state holds; the one used least recently makes room.</summary>
    public int MaxSessions { get; init; } = 1_000;
}

/// <summary>Which role is on which nodes. Several may share a node, or each has its own.</summary>
/// <param name="Leaders">The proposers; one of them is distinguished at a time.</param>
/// <param name="Acceptors">A majority of them must run.</param>
/// <param name="Learners">Each has a copy of the store; a majority of them must run.</param>
/// <param name="Clients">Where users ask.</param>
public sealed record MultiPaxosPlaces(Set<NodeId> Leaders, Set<NodeId> Acceptors, Set<NodeId> Learners, Set<NodeId> Clients)
{
    public const string LeaderRole = "leader";
    public const string AcceptorRole = "acceptor";
    public const string LearnerRole = "learner";
    public const string ClientRole = "client";

    /// <summary>One role of each kind on every node.</summary>
    public static MultiPaxosPlaces Shared(Set<NodeId> nodes) => new(nodes, nodes, nodes, nodes);

    public Seq<Address> LeaderPlaces { get; } = On(Leaders, LeaderRole);

    public Seq<Address> AcceptorPlaces { get; } = On(Acceptors, AcceptorRole);

    public Seq<Address> LearnerPlaces { get; } = On(Learners, LearnerRole);

    public Seq<Address> ClientPlaces { get; } = On(Clients, ClientRole);

    /// <summary>Section 2.2: any two majorities have an acceptor in common.</summary>
    public int Majority => (Acceptors.Count / 2) + 1;

    /// <summary>The learners that answer the clients of a leader: the one on its node, or all where there is none.</summary>
    public Seq<Address> AnsweringFor(NodeId leader) =>
        Learners.Contains(leader) ? [new Address(leader, LearnerRole)] : LearnerPlaces;

    /// <summary>
    /// Whom a client on a node asks who leads: the leader on its node, or one that is chosen by its place.
    /// </summary>
    public Address LeaderFor(NodeId node) =>
        Leaders.Contains(node)
            ? new Address(node, LeaderRole)
            : LeaderPlaces[Clients.CountBefore(node) % LeaderPlaces.Count];

    /// <summary>
    /// The clients that a leader tells who leads: those that ask it, and those that have no leader on their node.
    /// </summary>
    public Seq<Address> ClientsOf(NodeId leader) =>
        ClientPlaces.Where(client => client.Node == leader || !Leaders.Contains(client.Node)).ToSeq();

    /// <summary>A ballot as a number, in the order of ballots: what clients know as a term.</summary>
    public long TermOf(Paxos.Ballot? ballot) =>
        ballot is { } number ? ((long)number.Round * Leaders.Count) + Leaders.CountBefore(number.Proposer) : 0;

    private static Seq<Address> On(Set<NodeId> nodes, string role) => nodes.Select(node => new Address(node, role)).ToSeq();
}
