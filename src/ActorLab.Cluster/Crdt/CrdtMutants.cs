namespace ActorLab.Cluster.Crdt;

/// <summary>Wrong variants, each of which a property must catch.</summary>
public static class CrdtMutants
{
    /// <summary>All of them, as users name them.</summary>
    public static Seq<Mutant> All { get; } =
    [
        Of(
            "sums-at-merge", "Section 2.1: a merge is a least upper bound, so that what comes twice counts once.",
            "Gossiper.cs, Merge", [CrdtProperties.CountersCount, CrdtProperties.StrongEventualConsistency],
            (members, interval) => new SumsAtMerge(members, interval)),
        Of(
            "no-tie-break", "LWW-Register: timestamps have a total order, nodes deciding where times are equal.",
            "Gossiper.cs, Merge", [CrdtProperties.LastWriterWins, CrdtProperties.StrongEventualConsistency],
            (members, interval) => new NoTieBreak(members, interval)),
        Of(
            "collects-tombstones-early",
            "OR-Set: a removed addition stays in the version vector, for others may still send it.",
            "Gossiper.cs, Keep", [CrdtProperties.ObservedRemove, CrdtProperties.StrongEventualConsistency],
            (members, interval) => new CollectsTombstonesEarly(members, interval)),
        Of(
            "gossips-once", "Section 2.1: replicas send their state infinitely often, so that losses do not matter.",
            "Gossiper.cs, Expire", [CrdtProperties.Convergence],
            (members, interval) => new GossipsOnce(members, interval)),
    ];

    private static Mutant Of(
        string name, string givesUp, string where, Seq<string> breaks, Func<Set<NodeId>, TimeSpan, Gossiper> make) => new(
        name, givesUp, where, breaks, CrdtScenario.Family with
        {
            Name = $"{CrdtScenario.Name}:{name}",
            Summary = $"Conflict-free replicated data types, wrong on purpose: {name}.",
            Build = given => CrdtScenario.With(given, make),
        });

    private sealed class SumsAtMerge(Set<NodeId> members, TimeSpan interval) : Gossiper(members, interval)
    {
        protected override Replica Merge(Replica mine, Replica theirs) => base.Merge(mine, theirs) with
        {
            Grows = theirs.Grows.State.Aggregate(mine.Grows, (sum, one) => sum.Increment(one.Key, one.Value)).ResetDelta(),
        };
    }

    private sealed class NoTieBreak(Set<NodeId> members, TimeSpan interval) : Gossiper(members, interval)
    {
        protected override Replica Merge(Replica mine, Replica theirs) =>
            mine.Register is { } register && register.Timestamp == theirs.Register?.Timestamp
                ? base.Merge(mine, theirs) with { Register = register }
                : base.Merge(mine, theirs);
    }

    private sealed class CollectsTombstonesEarly(Set<NodeId> members, TimeSpan interval) : Gossiper(members, interval)
    {
        protected override ReplicaProjection Keep(ReplicaProjection replica)
        {
            var inForce = replica.Set.Dots.Values.SelectMany(dots => dots).GroupBy(dot => dot.Key, dot => dot.Value);
            return replica with { Set = replica.Set with { Seen = inForce.ToMap(dots => dots.Key, dots => dots.Max()) } };
        }
    }

    private sealed class GossipsOnce(Set<NodeId> members, TimeSpan interval) : Gossiper(members, interval)
    {
        public override GossiperState Expire(GossiperState state, Timer timer, Turn<GossipMessage> turn)
        {
            Spread(state, turn);
            return state;
        }
    }
}
