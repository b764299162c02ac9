using ActorLab.Core;
using static ActorLab.Algorithms.AtomicCommit.CommitMessage;

namespace ActorLab.Algorithms.AtomicCommit;

/// <summary>Which roles a scenario is built of: the right ones, mutants, or those of a test.</summary>
public sealed record CommitRoles(
    Func<Set<NodeId>, CommitOptions, Coordinator> Coordinator, Func<CommitOptions, Participant> Participant)
{
    public static readonly CommitRoles Right = new(
        (participants, options) => new Coordinator(participants, options), options => new Participant(options));
}

/// <summary>Coordinators and participants, on the same nodes or apart.</summary>
public static class CommitScenario
{
    public const string Name = "commit";

    public static readonly ScenarioFamily Family = new(
        Name,
        "Two-phase commit: transfers between accounts on several nodes.",
        [
            new ScenarioParameter("participants", "nodes with accounts", 2, 1, 9),
            new ScenarioParameter("coordinators", "nodes with a coordinator", 1, 1, 9),
            new ScenarioParameter(
                "apart", "1: coordinators have nodes of their own; 0: they are on the first participants' nodes", 1, 0, 1),
            new ScenarioParameter("transfers", "transfers of the workload", 1, 0, 1_000),
            new ScenarioParameter("legs", "nodes that a transfer of the workload touches", 2, 1, 9),
            new ScenarioParameter("amount", "what each account but the first gets in such a transfer", 10, 1, 1_000_000),
            new ScenarioParameter("funds", "what is on each account at first", 100, 0, 1_000_000),
            new ScenarioParameter("accounts", "accounts on each node", 1, 1, 26),
            new ScenarioParameter("whims", "1: participants may also vote No for reasons of their own", 0, 0, 1),
            new ScenarioParameter(
                "patient", "1: participants in doubt never ask, and a Commit is told once; 0: as in the book", 0, 0, 1),
            new ScenarioParameter("peers", "1: participants in doubt ask each other too; 0: only the coordinator", 1, 0, 1),
            new ScenarioParameter(
                "repairs", "1: every node that crashed starts again in the end; 0: it may stay down", 1, 0, 1),
            new ScenarioParameter("hurry", "1: short timeouts, which delays often exceed", 0, 0, 1),
            new ScenarioParameter("crashes", "how often a node may crash in an exploration", 0, 0, 9),
            new ScenarioParameter("drops", "messages that may be lost in an exploration", 0, 0, 1_000),
            new ScenarioParameter("duplicates", "messages that may arrive twice in an exploration", 0, 0, 1_000),
        ],
        given => With(given, CommitRoles.Right));

    private static readonly CommitOptions Hurried = CommitOptions.Default with
    {
        VotesEarliest = TimeSpan.FromMilliseconds(60),
        VotesLatest = TimeSpan.FromMilliseconds(90),
        DoubtEarliest = TimeSpan.FromMilliseconds(10),
        DoubtLatest = TimeSpan.FromMilliseconds(40),
        Resend = TimeSpan.FromMilliseconds(20),
        Ledgers = TimeSpan.FromMilliseconds(60),
    };

    /// <summary>For a cluster: a coordinator and a participant on each of the nodes n1, n2, .., and no workload.</summary>
    public static Scenario Of(int nodes, CommitOptions options)
    {
        if (nodes is < 1 or > 9)
        {
            throw new FormatException($"A lab has 1 to 9 nodes, not {nodes}.");
        }

        return Of(NodeId.Range(nodes), NodeId.Range(nodes), options, CommitRoles.Right);
    }

    /// <summary>The scenario of a family's arguments, with roles of some make.</summary>
    public static Scenario With(ScenarioArguments given, CommitRoles roles)
    {
        var coordinators = NodeId.Range(given["coordinators"]);
        var participants = given["apart"] == 1
            ? NodeId.Range(given["coordinators"] + given["participants"]).Except(coordinators)
            : NodeId.Range(given["participants"]);
        if (given["legs"] > given["participants"])
        {
            throw new FormatException(
                $"A transfer cannot touch {given["legs"]} nodes where {given["participants"]} have accounts: "
                + "legs is at most participants.");
        }

        var options = (given["hurry"] == 1 ? Hurried : CommitOptions.Default) with
        {
            AccountsEach = given["accounts"],
            Funds = given["funds"],
            Whims = given["whims"] == 1,
            Cooperative = given["peers"] == 1,
            Patient = given["patient"] == 1,
        };
        var scenario = Of(coordinators, participants, options, roles);
        var withCrashes = given["crashes"] > 0 && given["transfers"] > 0;
        return scenario with
        {
            Workload = Enumerable.Range(1, given["transfers"])
                .Select(number => Plan(number, given, coordinators, participants)).ToSeq(),
            Observers = withCrashes ? scenario.Observers.Add(CommitObserver.Helped) : scenario.Observers,
            Properties = scenario.Properties
                .AddRange(given["repairs"] == 0 ? [CommitProperties.NonBlocking] : [])
                .AddRange(given["transfers"] > 0 ? CasesOf(given) : [])
                .AddRange(withCrashes && given["legs"] > 1 && options is { Cooperative: true, Patient: false }
                    ? [CommitProperties.Helped]
                    : [])
                .AddRange(withCrashes && given["apart"] == 1 ? CommitProperties.Blocking : []),
            Faults = new FaultBudget(given["crashes"], given["drops"], given["duplicates"]),
            Fairness = given["repairs"] == 1
                ? scenario.Fairness
                : [.. scenario.Fairness.Where(one => one != Fairness.EveryRestart)],
        };
    }

    private static Scenario Of(Set<NodeId> coordinators, Set<NodeId> participants, CommitOptions options, CommitRoles roles)
    {
        var coordinator = RoleBinding.Of(roles.Coordinator(participants, options));
        var participant = RoleBinding.Of(roles.Participant(options));
        return new Scenario
        {
            Name = Name,
            Placements = coordinators.Select(node => new Placement(new Address(node, Coordinator.RoleName), coordinator))
                .Concat(participants.Select(node => new Placement(Participant.On(node), participant)))
                .OrderBy(placement => placement.Address).ToSeq(),
            Operations = CommitOperations.For(participants),
            Observers = [CommitObserver.Courses],
            Properties = new CommitProperties(options, participants).Safety.Add(CommitProperties.Termination),
            Network = new Network(OneCopy: true), // Roles repeat themselves for as long as they get no answer.
            Fairness = [Fairness.EveryDelivery, Fairness.EveryTimer, Fairness.EveryOperation, Fairness.EveryRestart],
            Highlights = CommitHighlights.Of,
        };
    }

    /// <summary>A single transfer that fits the funds is never refused for lack of them.</summary>
    private static Seq<Property> CasesOf(ScenarioArguments given) => CommitProperties.Cases.Where(one =>
        one.Name != "All Commit" || given["amount"] * (given["legs"] - 1) <= given["funds"]).ToSeq();

    /// <summary>Of each two successive ones both take from the same account.</summary>
    private static PlannedOperation Plan(
        int number, ScenarioArguments given, Set<NodeId> coordinators, Set<NodeId> participants)
    {
        var first = (number - 1) / 2;
        Account AccountOf(int leg) => new(
            Participant.NameOf((first / participants.Count) % given["accounts"]),
            participants[(first + leg) % participants.Count]);
        var targets = given["legs"] == 1
            ? [AccountOf(0) with { Name = Participant.NameOf(given["accounts"] - 1) }]
            : Enumerable.Range(1, given["legs"] - 1).Select(AccountOf).ToSeq();
        return new PlannedOperation(
            new Address(coordinators[(number - 1) % coordinators.Count], Coordinator.RoleName),
            new Invoke(number, new CommitCommand.Transfer(AccountOf(0), targets, given["amount"])));
    }
}
