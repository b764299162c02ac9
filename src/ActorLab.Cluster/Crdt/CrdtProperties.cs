using static ActorLab.Cluster.Crdt.CrdtUpdate;

namespace ActorLab.Cluster.Crdt;

/// <summary>
/// What replicas promise: Shapiro, Preguiça, Baquero and Zawirski, Conflict-free Replicated Data Types, 2011, and for each
/// type what it is to answer, given the updates that a replica knows (Burckhardt, Gotsman, Yang and Zawirski, Replicated
/// Data Types: Specification, Verification, Optimality, 2014).
/// </summary>
public static class CrdtProperties
{
    public const string StrongEventualConsistency = "Strong Eventual Consistency";
    public const string CountersCount = "Counters Count";
    public const string ObservedRemove = "Observed Remove";
    public const string LastWriterWins = "Last Writer Wins";
    public const string Convergence = "Convergence";
    public const string ConcurrentUpdates = "Concurrent Updates";
    public const string AddWins = "Add Wins";
    public const string LostWrite = "Lost Write";
    public const string DeletedValueReturns = "A Deleted Value Returns";

    /// <summary>What holds of replicas, and what an exploration of this workload must have seen.</summary>
    public static Seq<Property> Of(Seq<PlannedOperation> workload)
    {
        var updates = workload.Select(one => ((GossipMessage.Update)one.Message).What).ToList();
        return [Consistency(updates), .. All, .. Witnesses(updates)];
    }

    private static Seq<Property> All { get; } =
    [
        new Property.Always(
            CountersCount, "A counter is the sum of the updates that its replica knows.",
            world => Each(world, (replica, known) => (replica.GrowsValue, replica.CounterValue) == (known.Grows, known.Counter))),
        new Property.Always(
            ObservedRemove, "An element is in the set when some addition of it was seen by no removal of it.",
            world => Each(world, (replica, known) => replica.SetValue == known.Elements)),
        new Property.Always(
            LastWriterWins, "The register has the known write of the latest time; of several, that of the first node.",
            world => Each(world, (replica, known) => replica.Register?.Value == known.LastWrite)),
        new Property.Temporal(
            Convergence,
            "When updates are over, all replicas know all of them in the end, and answer the same, unless a node stays down.",
            Formula.AlwaysEventually(new Formula.Now(
                "all replicas know all updates, and answer the same, or a node is down",
                world => world.Addresses.Any(address => !world.IsUp(address)) || HaveConverged(world)))),
    ];

    /// <summary>
    /// Akka's LWWDictionary merges the registers of a key whichever of them was deleted: where keys are deleted, replicas
    /// may know the same and answer differently, until they hear each other once more.
    /// </summary>
    private static Property.Always Consistency(List<CrdtUpdate> updates) => updates.OfType<Delete>().Any()
        ? new Property.Always(
            StrongEventualConsistency,
                "Replicas that have received the same updates answer the same, but for a map with deletes (section 2.2).",
            world => IsConsistent(world, value => value with { Map = default }))
        : new Property.Always(
            StrongEventualConsistency, "Replicas that have received the same updates answer the same (section 2.2).",
            world => IsConsistent(world, value => value));

    private static IEnumerable<Property> Witnesses(List<CrdtUpdate> updates) =>
        [
            .. updates.Count < 2 ? [] : new Property[]
            {
                new Property.Sometimes(
                    ConcurrentUpdates, "Two replicas know updates that the other does not.",
                    world => Known(world).Any(
                        one => Known(world).Any(other => !one.IsSubsetOf(other) && !other.IsSubsetOf(one)))),
            },
            .. !updates.OfType<Add>().Skip(1).Any() || !updates.OfType<Remove>().Any() ? [] : new Property[]
            {
                new Property.Sometimes(
                    AddWins,
            "A replica knows an addition and a removal of it that have not seen each other: the element is there.",
                    world => Some(world, (replica, known) => known.Contested.Any(replica.Set.Dots.ContainsKey))),
            },
            .. updates.OfType<Write>().Count() < 2 ? [] : new Property[]
            {
                new Property.Sometimes(
                    LostWrite,
            "A replica knows two writes of which neither saw the other: one of them is lost, though nobody failed.",
                    world => Some(world, (_, known) => known.HasLostAWrite)),
            },
            .. !updates.OfType<Delete>().Any() || updates.OfType<Put>().Count() < 2 ? [] : new Property[]
            {
                new Property.Sometimes(
                    DeletedValueReturns,
            "Two replicas know the same, and one shows a value of the map that the other knows to be deleted.",
                    world => !IsConsistent(world, value => value)),
            },
        ];

    private static bool IsConsistent(IWorld world, Func<ReplicaValue, ReplicaValue> look)
    {
        var states = world.All<GossiperState>().Select(one => one.State).ToList();
        for (var i = 1; i < states.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (states[i].Known == states[j].Known && !states[i].Replica.Equals(states[j].Replica)
                    && !look(states[i].Replica.Value).Equals(look(states[j].Replica.Value)))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool HaveConverged(IWorld world)
    {
        var all = world.Observed(CrdtObserver.Updates).Count;
        return Known(world).All(known => known.Count == all)
            && IsConsistent(world, value => value);
    }

    private static IEnumerable<Set<UpdateId>> Known(IWorld world) =>
        world.All<GossiperState>().Select(one => one.State.Known);

    private static bool Each(IWorld world, Func<ReplicaProjection, Knowledge, bool> holds) =>
        world.Observed(CrdtObserver.Updates) is var events
            && world.All<GossiperState>().All(one => holds(one.State.Replica, Knowledge.Of(one.State.Known, events)));

    private static bool Some(IWorld world, Func<ReplicaProjection, Knowledge, bool> holds) =>
        !Each(world, (replica, known) => !holds(replica, known));
}
