using static ActorLab.Cluster.Crdt.CrdtUpdate;

namespace ActorLab.Cluster.Crdt;

/// <summary>Which of Akka's types the updates of a workload change.</summary>
public enum CrdtType
{
    /// <summary>All of them in turn.</summary>
    Any,
    GCounter,
    PNCounter,
    ORSet,
    LWWRegister,
    ORMultiValueDictionary,
    LWWDictionary,

    /// <summary>Which is no longer strongly consistent: <see cref="CrdtProperties.DeletedValueReturns"/>.</summary>
    LWWDictionaryWithDeletes,
}

/// <summary>Replicas that gossip.</summary>
public static class CrdtScenario
{
    public const string Name = "crdt";

    /// <summary>Between two rounds of gossip of a replica.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public static readonly ScenarioFamily Family = new(
        Name,
        "Conflict-free replicated data types: replicas that gossip Akka's own counters, sets, registers and maps.",
        [
            new ScenarioParameter("replicas", "nodes with a replica", 3, 2, 9),
            new ScenarioParameter(
                "type", "1: GCounter, 2: PNCounter, 3: ORSet, 4: LWWRegister, 5: ORMultiValueDictionary, "
                + "6: LWWDictionary, 7: with deletes, 0: all in turn", 3, 0, 7),
            new ScenarioParameter("updates", "updates of the workload, one replica after the other", 3, 0, 1_000),
            new ScenarioParameter("crashes", "how often a node may crash in an exploration", 0, 0, 9),
            new ScenarioParameter("drops", "messages that may be lost in an exploration", 1, 0, 1_000),
            new ScenarioParameter("duplicates", "messages that may arrive twice in an exploration", 1, 0, 1_000),
        ],
        given => With(given, (members, interval) => new Gossiper(members, interval)));

    /// <summary>The scenario of a family's arguments, with replicas of some make.</summary>
    public static Scenario With(ScenarioArguments given, Func<Set<NodeId>, TimeSpan, Gossiper> make)
    {
        var nodes = NodeId.Range(given["replicas"]);
        var gossiper = RoleBinding.Of(make(nodes, Interval));
        Seq<PlannedOperation> workload =
        [
            .. Enumerable.Range(0, given["updates"]).Select(i => new PlannedOperation(
                Gossiper.At(nodes[i % nodes.Count]), new GossipMessage.Update(i + 1, Planned((CrdtType)given["type"], i)))),
        ];
        var most = Math.Max(1, given["updates"]);
        return new Scenario
        {
            Name = Name,
            Placements = [.. nodes.Select(node => new Placement(Gossiper.At(node), gossiper))],
            Workload = workload,
            Observers = [CrdtObserver.Updates],
            Properties = CrdtProperties.Of(workload),
            // Rounds repeat what is on its way already, and a replica that has all of a state ignores it for ever.
            Network = new Network(OneCopy: true, NoOpDeliversVanish: true),
            Faults = new FaultBudget(given["crashes"], given["drops"], given["duplicates"]),
            Fairness = [Fairness.EveryDelivery, Fairness.EveryTimer, Fairness.EveryOperation, Fairness.EveryRestart],
            // Of right replicas none is beyond; wrong ones could count for ever.
            Constraint = world => world.All<GossiperState>().All(one => one.State.Replica.GrowsValue <= 2 * most),
        };
    }

    /// <summary>Updates that conflict where they are concurrent.</summary>
    private static CrdtUpdate Planned(CrdtType type, int i) => type switch
    {
        CrdtType.GCounter => new Grow(1),
        CrdtType.PNCounter => new Count(i % 2 == 0 ? 2 : -1),
        CrdtType.ORSet => i % 2 == 0 ? new Add("x") : new Remove("x"),
        CrdtType.LWWRegister => new Write($"v{i + 1}"),
        CrdtType.ORMultiValueDictionary => i % 2 == 0 ? new AddTo("k", $"v{i + 1}") : new RemoveKey("k"),
        CrdtType.LWWDictionary => new Put("k", $"v{i + 1}"),
        CrdtType.LWWDictionaryWithDeletes => i % 3 == 1 ? new Delete("k") : new Put("k", $"v{i + 1}"),
        _ => Planned((CrdtType)(1 + (i % 6)), i / 6),
    };
}
