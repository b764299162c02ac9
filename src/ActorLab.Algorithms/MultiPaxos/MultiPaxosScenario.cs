using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;

namespace ActorLab.Algorithms.MultiPaxos;

/// <summary>Which roles a scenario is built of: the right ones, or mutants.</summary>
internal sealed record MultiPaxosRoles(
    Func<MultiPaxosPlaces, MultiPaxosOptions, Leader> Leader,
    Func<MultiPaxosPlaces, MultiPaxosOptions, Acceptor> Acceptor,
    Func<MultiPaxosPlaces, MultiPaxosOptions, Learner> Learner)
{
    public static readonly MultiPaxosRoles Right = new(
        (places, options) => new Leader(places, options),
        (_, options) => new Acceptor(options),
        (places, options) => new Learner(places, options));
}

/// <summary>
/// Clients, leaders, acceptors and learners of a replicated key-value store, on shared nodes or each on its own.
/// </summary>
public static class MultiPaxosScenario
{
    public const string Name = "multi-paxos";

    /// <summary>For simulator and checker: with a workload and faults.</summary>
    public static readonly ScenarioFamily Family = new(
        Name,
        "A replicated key-value store on Multi-Paxos: a log of slots, phase 1 once for each leader.",
        [
            new ScenarioParameter("leaders", "how many leaders, one of which is distinguished", 3, 1, 9),
            new ScenarioParameter("acceptors", "how many acceptors", 3, 1, 9),
            new ScenarioParameter("learners", "how many learners, each with a copy of the store", 3, 0, 9),
            new ScenarioParameter(
                "apart", "1: each role on a node of its own; 0: one of each kind on the first nodes", 0, 0, 1),
            new ScenarioParameter(
                "clients", "1: as many clients as leaders; 0: operations come to the leaders from outside", 1, 0, 1),
            new ScenarioParameter("operations", "operations of the workload, spread over clients or leaders", 10, 0, 1_000),
            new ScenarioParameter("keys", "different keys in the workload", 2, 1, 100),
            new ScenarioParameter("limit", "seconds an operation may take", 5, 1, 60),
            new ScenarioParameter("crashes", "crashes that may happen", 0, 0, 100),
            new ScenarioParameter("drops", "messages that may be lost", 0, 0, 1_000),
            new ScenarioParameter("duplicates", "messages that may arrive twice", 0, 0, 1_000),
            new ScenarioParameter(
                "ballots", "the checker explores no worlds beyond this round of ballots; 0 for no bound", 0, 0, 1_000),
            new ScenarioParameter(
                "beats", "nor with more rounds of questions to the acceptors; -1 for no bound", -1, -1, 1_000),
            new ScenarioParameter("hurry", "1: leaders wait for so short a time that delays often exceed it", 0, 0, 1),
            new ScenarioParameter("lossy", "1: messages may vanish; 0: they may only stay under way for ever", 1, 0, 1),
        ],
        given => With(given, MultiPaxosRoles.Right));

    /// <summary>Leaders come and go before their commands are chosen.</summary>
    private static readonly MultiPaxosOptions Hurried = MultiPaxosOptions.Default with
    {
        LeaderTimeoutEarliest = TimeSpan.FromMilliseconds(40),
        LeaderTimeoutLatest = TimeSpan.FromMilliseconds(80),
        HeartbeatInterval = TimeSpan.FromMilliseconds(15),
    };

    /// <summary>For a cluster: one role of each kind on every node, without a workload.</summary>
    /// <param name="nodes">How many, 1 to 9.</param>
    /// <param name="options">The same for all roles.</param>
    public static Scenario Of(int nodes, MultiPaxosOptions options) => nodes is < 1 or > 9
        ? throw new FormatException($"A lab has 1 to 9 nodes, not {nodes}.")
        : Of(MultiPaxosPlaces.Shared(NodeId.Range(nodes)), options);

    /// <summary>With a placement of one's own.</summary>
    /// <exception cref="FormatException">Nobody could lead, accept or learn.</exception>
    public static Scenario Of(MultiPaxosPlaces places, MultiPaxosOptions options) =>
        places.Leaders.IsEmpty || places.Acceptors.IsEmpty || places.Learners.IsEmpty
            ? throw new FormatException(
                $"Multi-Paxos needs a leader, an acceptor and a learner at least, not {places.Leaders.Count}, "
                + $"{places.Acceptors.Count} and {places.Learners.Count}.")
            : Of(places, options, ClientOptions.Default, MultiPaxosRoles.Right);

    internal static Scenario Of(
        MultiPaxosPlaces places, MultiPaxosOptions options, ClientOptions clients, MultiPaxosRoles roles)
    {
        var properties = new MultiPaxosProperties(places.Majority);
        var client = RoleBinding.Of(
            new Client<KvCommand, KvReply, MultiPaxosMessage>(new MultiPaxosClientProtocol(places), clients));
        var leader = RoleBinding.Of(roles.Leader(places, options));
        var acceptor = RoleBinding.Of(roles.Acceptor(places, options));
        var learner = RoleBinding.Of(roles.Learner(places, options));
        return new Scenario
        {
            Name = Name,
            Placements = places.LeaderPlaces.Select(at => new Placement(at, leader))
                .Concat(places.AcceptorPlaces.Select(at => new Placement(at, acceptor)))
                .Concat(places.LearnerPlaces.Select(at => new Placement(at, learner)))
                .Concat(places.ClientPlaces.Select(at => new Placement(at, client)))
                .OrderBy(placement => placement.Address).ToSeq(),
            Operations = KvOperations.For(MultiPaxosPlaces.ClientRole),
            Observers = [properties.Record],
            Properties = properties.All,
            Network = new Network(Lossy: true),
            Highlights = MultiPaxosHighlights.Of,
        };
    }

    /// <summary>The scenario of a family's arguments, with roles of some make.</summary>
    internal static Scenario With(ScenarioArguments given, MultiPaxosRoles roles)
    {
        var places = PlacesOf(given);
        var options = given["hurry"] == 1 ? Hurried : MultiPaxosOptions.Default;
        return Of(places, options, ClientOptions.Default, roles) with
        {
            Workload = Enumerable.Range(1, given["operations"]).Select(number => Plan(number, places, given)).ToSeq(),
            Faults = new FaultBudget(given["crashes"], given["drops"], given["duplicates"]),
            Network = new Network(
                Lossy: given["lossy"] == 1, Duplicating: given["duplicates"] > 0, NoOpDeliversVanish: IgnoresForEver(given)),
            Interchangeable = AcceptorsAlone(places),
            Constraint = Bound(given["ballots"], given["beats"]),
        };
    }

    /// <summary>
    /// Leaders and acceptors ignore for ever what they ignore once: it is of a ballot that is over. Not so after a crash,
    /// and not learners, which may be asked for what they do not know yet.
    /// </summary>
    private static bool IgnoresForEver(ScenarioArguments given) =>
        given["learners"] == 0 && given["clients"] == 0 && given["crashes"] == 0;

    private static MultiPaxosPlaces PlacesOf(ScenarioArguments given)
    {
        var clients = given["clients"] == 1 ? given["leaders"] : 0;
        if (given["apart"] == 0)
        {
            return new MultiPaxosPlaces(
                NodeId.Range(given["leaders"]), NodeId.Range(given["acceptors"]), NodeId.Range(given["learners"]),
                NodeId.Range(clients));
        }

        var taken = 0;
        return new MultiPaxosPlaces(
            Next(given["leaders"]), Next(given["acceptors"]), Next(given["learners"]), Next(clients));

        Set<NodeId> Next(int count)
        {
            taken += count;
            return NodeId.Range(taken).Except(NodeId.Range(taken - count));
        }
    }

    /// <summary>Nodes with an acceptor and nothing else are the same to all.</summary>
    private static Set<NodeId> AcceptorsAlone(MultiPaxosPlaces places) =>
        places.Acceptors.Except(places.Leaders).Except(places.Learners).Except(places.Clients) is { Count: > 1 } alone
            ? alone
            : [];

    private static Func<IWorld, bool>? Bound(int ballots, int beats) => (ballots, beats) is (0, -1) ? null : world =>
        world.All<LeaderState>().All(leader =>
            (ballots == 0 || leader.State.Disk.Round <= ballots)
            && (beats < 0 || (leader.State.Leadership?.Round ?? 0) <= beats));

    private static PlannedOperation Plan(int number, MultiPaxosPlaces places, ScenarioArguments given)
    {
        if (given["clients"] == 1)
        {
            return new PlannedOperation(
                places.ClientPlaces[(number - 1) % places.ClientPlaces.Count],
                new MultiPaxosMessage.Invoke(
                    number, KvWorkload.CommandOf(number, given["keys"]), TimeSpan.FromSeconds(given["limit"])));
        }

        // Of no session, so that it is chosen and executed like any other, and changes nothing when it is.
        return new PlannedOperation(
            places.LeaderPlaces[(number - 1) % places.LeaderPlaces.Count],
            new MultiPaxosMessage.Request(0, number, number, new KvCommand.Put($"k{number % given["keys"]}", $"v{number}")));
    }
}
