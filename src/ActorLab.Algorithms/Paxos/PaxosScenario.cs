using ActorLab.Core;
using static ActorLab.Algorithms.Paxos.PaxosMessage;

namespace ActorLab.Algorithms.Paxos;

/// <summary>How many of each role, and what may go wrong.</summary>
/// <param name="Proposers">On the nodes n1, n2, ..; each is asked for a value of its own, v1, v2, ..</param>
/// <param name="Acceptors">On the nodes n1, n2, ..</param>
/// <param name="Learners">On the nodes n1, n2, ..</param>
/// <param name="Ballots">How many ballots each proposer may try.</param>
/// <param name="Lossy">Messages may vanish.</param>
/// <param name="Crashes">How often a node may crash in an exploration.</param>
/// <param name="Asks">How often each proposer is asked, each time for another value.</param>
/// <param name="Clients">
/// On the nodes n1, n2, ..; users ask them, and they the proposers. 0: users ask the proposers.
/// </param>
/// <param name="LearnersAsk">
/// A learner that knows nothing asks the acceptors, again and again, and where they are of no help, proposers.
/// </param>
/// <param name="Alone">
/// The last proposer goes on until a learner tells it what is chosen, and is left alone when the others have tried theirs.
/// So many rounds of ballots are explored. 0: it stops like the others.
/// </param>
public sealed record PaxosOptions(
    int Proposers = 2, int Acceptors = 3, int Learners = 1, int Ballots = 1, bool Lossy = false, int Crashes = 0,
    int Asks = 1, int Clients = 0, bool LearnersAsk = false, int Alone = 0);

/// <summary>Which roles a scenario is built of: the right ones, or mutants.</summary>
internal sealed record PaxosRoles(
    Func<Seq<Address>, int, RoleBinding> Proposer, Func<Seq<Address>, RoleBinding> Acceptor,
    Func<LearnerOptions, RoleBinding> Learner)
{
    public static readonly PaxosRoles Right = new(
        (acceptors, ballots) => RoleBinding.Of(new Proposer(acceptors, ballots)),
        learners => RoleBinding.Of(new Acceptor(learners)),
        options => RoleBinding.Of(new Learner(options)));
}

/// <summary>Single-decree Paxos. Roles of one kind are on the first nodes, so that a node may have one of each.</summary>
public static class PaxosScenario
{
    public const string Name = "paxos";

    public static readonly ScenarioFamily Family = new(
        Name,
        "Single-decree Paxos: proposers, acceptors and learners choose one value.",
        [
            new ScenarioParameter("proposers", "how many proposers", 2, 1, 3),
            new ScenarioParameter("acceptors", "how many acceptors", 3, 1, 5),
            new ScenarioParameter("learners", "how many learners", 1, 0, 3),
            new ScenarioParameter("ballots", "how many ballots each proposer may try", 1, 1, 100),
            new ScenarioParameter("lossy", "1 if messages may vanish", 0, 0, 1),
            new ScenarioParameter("crashes", "how often a node may crash in an exploration", 0, 0, 3),
            new ScenarioParameter("asks", "how often each proposer is asked, each time for another value", 1, 1, 3),
            new ScenarioParameter("clients", "how many clients, which stand for users; 0: users ask the proposers", 0, 0, 3),
            new ScenarioParameter("catchup", "1: a learner that knows nothing asks the acceptors; 0: it waits", 0, 0, 1),
            new ScenarioParameter(
                "alone",
                "the last proposer goes on until it is told what is chosen, so many rounds are explored, and catchup=1; 0: it stops", 0,
                0, 100),
        ],
        arguments => Of(OptionsOf(arguments)));

    public static Scenario Of(PaxosOptions options) => Of(options, PaxosRoles.Right);

    /// <summary>
    /// For a cluster: one role of each kind on every node. Proposers go on until a learner tells them what is chosen.
    /// </summary>
    /// <exception cref="FormatException">There are no such labs.</exception>
    public static Scenario OnNodes(int nodes) => nodes is < 1 or > 9
        ? throw new FormatException($"A lab has 1 to 9 nodes, not {nodes}.")
        : Of(new PaxosOptions(nodes, nodes, nodes, int.MaxValue, Lossy: true, Clients: nodes, LearnersAsk: true));

    internal static PaxosOptions OptionsOf(ScenarioArguments given) => new(
        given["proposers"], given["acceptors"], given["learners"], given["ballots"], given["lossy"] == 1, given["crashes"],
        given["asks"], given["clients"], given["catchup"] == 1 || given["alone"] > 0, given["alone"]);

    internal static Scenario Of(PaxosOptions options, PaxosRoles roles)
    {
        if (options is { Clients: > 0, Learners: 0 })
        {
            throw new FormatException("Clients ask learners what is chosen: with clients there is at least one learner.");
        }

        var proposers = On(options.Proposers, "proposer");
        var acceptors = On(options.Acceptors, "acceptor");
        var learners = On(options.Learners, "learner");
        var clients = On(options.Clients, Client.RoleName);
        var values = Enumerable.Range(1, options.Asks * options.Proposers).Select(number => $"v{number}").ToSeq();
        var properties = new PaxosProperties(options, values.ToSet());
        return new Scenario
        {
            Name = Name,
            Placements =
            [
                .. clients.Select((at, i) => new Placement(at, RoleBinding.Of(new Client(
                    proposers[i % proposers.Count], learners[i % learners.Count])))),
                .. proposers.Select((at, i) => new Placement(at, roles.Proposer(
                    acceptors, i == options.Proposers - 1 && options.Alone > 0 ? int.MaxValue : options.Ballots))),
                .. acceptors.Select(at => new Placement(at, roles.Acceptor(learners))),
                .. learners.Select(at => new Placement(at, roles.Learner(new LearnerOptions(
                    acceptors, clients.IsEmpty && !options.LearnersAsk ? [] : proposers, clients, options.LearnersAsk)))),
            ],
            Operations = clients.IsEmpty ? PaxosOperations.OfProposers : PaxosOperations.OfClients,
            Workload = values.Select((value, i) => clients.IsEmpty
                ? new PlannedOperation(proposers[i % proposers.Count], new Propose(value))
                : new PlannedOperation(clients[i % clients.Count], new Invoke(i + 1, value))).ToSeq(),
            Observers = properties.Observers,
            Properties = properties.All,
            Decision = state => (state as LearnerState)?.Learned,
            // Learners that ask and clients repeat themselves.
            Network = new Network(Lossy: options.Lossy, OneCopy: options.LearnersAsk || !clients.IsEmpty),
            Fairness = options.LearnersAsk
                ? [Fairness.EveryDelivery, Fairness.EveryTimer, Fairness.EveryOperation, Fairness.EveryRestart]
                : [],
            Interchangeable = AcceptorsAlone(options, acceptors),
            Constraint = options.Alone == 0 ? null : world =>
                world.All<ProposerState>().All(proposer => proposer.State.Disk.Round <= options.Alone),
            Faults = new FaultBudget(Crashes: options.Crashes),
            Highlights = turn =>
                turn is { Before: LearnerState { Learned: null }, After: LearnerState { Learned: { } value } }
                    ? Highlight.Decision($"learns {value}")
                    : null,
        };
    }

    /// <summary>Nodes with an acceptor and nothing else are the same to all.</summary>
    private static Set<NodeId> AcceptorsAlone(PaxosOptions options, Seq<Address> acceptors)
    {
        var shared = Math.Max(Math.Max(options.Proposers, options.Learners), options.Clients);
        return acceptors.Skip(shared).Select(acceptor => acceptor.Node).ToSet() is { Count: > 1 } alone ? alone : [];
    }

    private static Seq<Address> On(int count, string role) =>
        NodeId.Range(count).Select(node => new Address(node, role)).ToSeq();
}
