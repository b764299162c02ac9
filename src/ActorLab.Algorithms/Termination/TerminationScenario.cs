using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Core;
using static ActorLab.Algorithms.ChandyLamport.BankMessage;

namespace ActorLab.Algorithms.Termination;

/// <summary>A computation that spreads over the nodes and ends, and somebody who finds out that it has.</summary>
public static class TerminationScenario
{
    public const string Name = "termination";

    public static readonly ScenarioFamily Family = new(
        Name,
        "Work that is done and handed on from node to node; its end is detected from snapshots.",
        [
            new ScenarioParameter("nodes", "workers, one on each node", 2, 2, 9),
            new ScenarioParameter("tasks", "what the first one has to do at the start", 3, 0, 1_000),
            new ScenarioParameter(
                "more", "tasks that are brought to whoever is asked, who is asked again behind that; 0: asked once", 0, 0, 1_000),
            new ScenarioParameter("looks", "the checker explores no worlds with more snapshots; 0 for no bound", 2, 0, 100),
            new ScenarioParameter("fifo", "1: channels keep order, as the paper assumes; 0: they do not", 1, 0, 1),
            new ScenarioParameter(
                "lossy", "1: messages are lost, repeated and reordered, and roles wear reliable links", 0, 0, 1),
        ],
        given => With(given, worker => new Worker(worker)));

    /// <summary>
    /// What users may ask of a worker. Commands get their number by <see cref="BankOperations.Numbered(object, long)"/>.
    /// </summary>
    private static readonly Seq<OperationKind> Operations =
    [
        new(
            "work", "Brings a worker tasks, which it does, or hands on.",
            [new OperationParameter("tasks", $"how many, 1 to {Worker.MostTasks}", 8)], Account.RoleName,
            given => new Work(0, BankOperations.NumberOf("tasks", given["tasks"], 1, Worker.MostTasks))),
        new(
            "detect", "Takes snapshots until one finds that the work is done; answers then.", [], Account.RoleName,
            _ => new Detect(0)),
        BankOperations.Named("take") with
        {
            Summary = "Records a global state, begun by this worker; answers when all parts are in.",
        },
        BankOperations.Named("show") with
        {
            Summary = "Tells how many tasks this worker has, and the complete snapshots that were begun here.",
        },
    ];

    /// <summary>For a cluster: workers with reliable links, to whom users bring their work.</summary>
    public static Scenario OnNodes(int nodes) => Of(nodes, 0, wearsLinks: true, worker => new Worker(worker));

    internal static Scenario With(ScenarioArguments given, Func<AccountOptions, Account> process)
    {
        var scenario = Of(given["nodes"], given["tasks"], given["lossy"] == 1, process);
        Seq<BankMessage> wishes = given["more"] == 0 ? [new Detect(1)]
            : [new Detect(1), new Work(2, given["more"]), new Detect(3)];
        return scenario with
        {
            // By another than the one that has the work.
            Workload = wishes.Select(wish => new PlannedOperation(
                Account.At(scenario.Nodes[1]), SnapshotScenario.MessageOf(given["lossy"] == 1, wish))).ToSeq(),
            Network = scenario.Network with { FifoPerLink = given["fifo"] == 1 && given["lossy"] == 0 },
            Constraint = given["looks"] == 0 ? null : world =>
                SnapshotProperties.States(world).All(worker => worker.State.Disk.Taken <= given["looks"]),
        };
    }

    private static Scenario Of(int count, long tasks, bool wearsLinks, Func<AccountOptions, Account> process)
    {
        var nodes = NodeId.Range(count);
        return new Scenario
        {
            Name = Name,
            Placements = nodes.Select((node, i) => SnapshotScenario.Place(
                node, process(new AccountOptions(i == 0 ? tasks : 0, nodes.Remove(node), nodes.Remove(node), nodes)),
                wearsLinks)).ToSeq(),
            Operations = wearsLinks ? BankOperations.Wrapped(Operations) : Operations,
            Observers = [WorkRecord.Observer],
            Properties = TerminationProperties.All,
            Network = new Network(Lossy: wearsLinks, Duplicating: wearsLinks),
            Fairness = [Fairness.EveryDelivery, Fairness.EveryTimer, Fairness.EveryOperation],
            Highlights = HighlightOf,
        };
    }

    private static Highlight? HighlightOf(Happening turn)
    {
        if (SnapshotProperties.AccountIn(turn.Before) is not { Disk: var before }
            || SnapshotProperties.AccountIn(turn.After) is not { Disk: var after })
        {
            return null;
        }

        return after.Watch?.Found is { } found && found != before.Watch?.Found
            ? Highlight.Decision($"the work is done, says {found}")
            : SnapshotScenario.CutIn(turn);
    }
}
