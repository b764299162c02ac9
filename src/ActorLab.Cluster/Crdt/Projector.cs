using Akka.Cluster;
using Akka.DistributedData;

namespace ActorLab.Cluster.Crdt;

/// <summary>From Akka's types to their projection.</summary>
/// <param name="writers">The nodes.</param>
/// <param name="self">Who signs what the scratch writer wrote.</param>
/// <param name="versions">How many additions this node has numbered so far.</param>
public sealed class Projector(Writers writers, NodeId self, long versions)
{
    private readonly SortedSet<long> _scratch = [];

    /// <summary>The projection, and how many additions the node has numbered by then.</summary>
    public (ReplicaProjection Replica, long Versions) Of(Replica replica)
    {
        // All of the scratch numbers first: they keep their order.
        foreach (var set in SetsOf(replica))
        {
            Collect(AkkaInternals.Seen(set));
            foreach (var dots in AkkaInternals.Dots(set).Values)
            {
                Collect(dots);
            }
        }

        var multi = AkkaInternals.Underlying(replica.MultiMap);
        var map = AkkaInternals.Underlying(replica.Map);
        var projection = new ReplicaProjection(
            Of(replica.Grows),
            new CounterProjection(Of(replica.Counter.Increments), Of(replica.Counter.Decrements)),
            Of(replica.Set),
            replica.Register is { } register ? Of(register) : null,
            new MultiMapProjection(
                Of(AkkaInternals.Keys(multi)), multi.Entries.ToMap(pair => pair.Key, pair => Of(pair.Value))),
            new MapProjection(Of(AkkaInternals.Keys(map)), map.Entries.ToMap(pair => pair.Key, pair => Of(pair.Value))));
        return (projection, versions + _scratch.Count);
    }

    private static IEnumerable<ORSet<string>> SetsOf(Replica replica)
    {
        var multi = AkkaInternals.Underlying(replica.MultiMap);
        return [replica.Set, AkkaInternals.Keys(multi), .. multi.Entries.Values,
            AkkaInternals.Keys(AkkaInternals.Underlying(replica.Map))];
    }

    private void Collect(VersionVector vector)
    {
        if (vector.VersionAt(Writers.Scratch) is var version and > 0)
        {
            _scratch.Add(version);
        }
    }

    private Map<NodeId, long> Of(GCounter counter) => counter.State.ToMap(one => NodeOf(one.Key), one => (long)one.Value);

    private SetProjection Of(ORSet<string> set) => new(
        AkkaInternals.Dots(set).ToMap(pair => pair.Key, pair => Of(pair.Value)), Of(AkkaInternals.Seen(set)));

    private RegisterProjection Of(LWWRegister<string> register) =>
        new(register.Value, register.Timestamp, NodeOf(register.UpdatedBy));

    private Map<NodeId, long> Of(VersionVector vector)
    {
        var all = Map<NodeId, long>.Empty;
        for (var each = vector.VersionEnumerator; each.MoveNext();)
        {
            // An addition under way replaces what the node itself added before: it is the later one.
            var (node, version) = each.Current.Key == Writers.Scratch
                ? (self, versions + 1 + _scratch.TakeWhile(number => number < each.Current.Value).Count())
                : (writers[each.Current.Key], each.Current.Value);
            all = all.Set(node, Math.Max(version, all.FindOr(node, 0)));
        }

        return all;
    }

    private NodeId NodeOf(UniqueAddress address) => address == Writers.Scratch ? self : writers[address];
}
