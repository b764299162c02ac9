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
public sealed record PaxosOptions(
    int Proposers = 2, int Acceptors = 3, int Learners = 1, int Ballots = 1, bool Lossy = false, int Crashes = 0, int Asks = 1);

/// <summary>Which roles a scenario is built of: the right ones, or mutants.</summary>
internal sealed record PaxosRoles(
    Func<Seq<Address>, int, RoleBinding> Proposer, Func<Seq<Address>, RoleBinding> Acceptor, Func<int, RoleBinding> Learner)
{
    public static readonly PaxosRoles Right = new(
        (acceptors, ballots) => RoleBinding.Of(new Proposer(acceptors, ballots)),
        learners => RoleBinding.Of(new Acceptor(learners)),
        acceptors => RoleBinding.Of(new Learner(acceptors)));
}

/// <summary>Single-decree Paxos. Roles of one kind are on the first nodes, so that a node may have one of each.</summary>
public static class PaxosScenario
{
    public static readonly ScenarioFamily Family = new(
        "paxos",
        "Single-decree Paxos: proposers, acceptors and learners choose one value.",
        [
            new ScenarioParameter("proposers", "how many proposers", 2, 1, 3),
            new ScenarioParameter("acceptors", "how many acceptors", 3, 1, 5),
            new ScenarioParameter("learners", "how many learners", 1, 0, 3),
            new ScenarioParameter("ballots", "how many ballots each proposer may try", 1, 1, 100),
            new ScenarioParameter("lossy", "1 if messages may vanish", 0, 0, 1),
            new ScenarioParameter("crashes", "how often a node may crash in an exploration", 0, 0, 3),
            new ScenarioParameter("asks", "how often each proposer is asked, each time for another value", 1, 1, 3),
        ],
        arguments => Of(OptionsOf(arguments)));

    public static Scenario Of(PaxosOptions options) => Of(options, PaxosRoles.Right);

    internal static PaxosOptions OptionsOf(ScenarioArguments given) => new(
        given["proposers"], given["acceptors"], given["learners"], given["ballots"], given["lossy"] == 1, given["crashes"], given["asks"]);

    internal static Scenario Of(PaxosOptions options, PaxosRoles roles)
    {
        var proposers = On(options.Proposers, "proposer");
        var acceptors = On(options.Acceptors, "acceptor");
        var learners = On(options.Learners, "learner");
        var workload = Enumerable.Range(0, options.Asks * options.Proposers)
            .Select(i => new PlannedOperation(proposers[i % options.Proposers], new Propose($"v{i + 1}"))).ToSeq();
        var properties = new PaxosProperties(
            options, workload.Select(operation => ((Propose)operation.Message).Value).ToSet());
        return new Scenario
        {
            Name = "paxos",
            Placements =
            [
                .. proposers.Select(at => new Placement(at, roles.Proposer(acceptors, options.Ballots))),
                .. acceptors.Select(at => new Placement(at, roles.Acceptor(learners))),
                .. learners.Select(at => new Placement(at, roles.Learner(options.Acceptors))),
            ],
            Operations =
            [
                new OperationKind(
                    "propose", "ask for a value to be chosen",
                    [new OperationParameter("value", "the value", 1024)],
                    "proposer",
                    arguments => new Propose(arguments["value"])),
            ],
            Workload = workload,
            Observers = [properties.Acceptances],
            Properties = properties.All,
            Decision = state => (state as LearnerState)?.Learned,
            Network = new Network(Lossy: options.Lossy),
            Interchangeable = AcceptorsAlone(options, acceptors),
            Faults = new FaultBudget(Crashes: options.Crashes),
            Highlights = turn =>
                turn is { Before: LearnerState { Learned: null }, After: LearnerState { Learned: { } value } }
                    ? Highlight.Decision($"learns {value}")
                    : null,
        };
    }

    /// <summary>Nodes with an acceptor and nothing else are the same to all.</summary>
    private static Set<NodeId> AcceptorsAlone(PaxosOptions options, Seq<Address> acceptors) =>
        acceptors.Skip(Math.Max(options.Proposers, options.Learners)).Select(acceptor => acceptor.Node).ToSet() is { Count: > 1 } alone
            ? alone
            : [];

    private static Seq<Address> On(int count, string role) =>
        NodeId.Range(count).Select(node => new Address(node, role)).ToSeq();
}
