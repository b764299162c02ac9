using System.Collections.Immutable;
using Akka.DistributedData;

namespace ActorLab.Cluster.Crdt;

/// <summary>One replica: Akka's own immutable types, side by side.</summary>
public sealed record Replica(
    GCounter Grows,
    PNCounter Counter,
    ORSet<string> Set,
    LWWRegister<string>? Register,
    ORMultiValueDictionary<string, string> MultiMap,
    LWWDictionary<string, string> Map)
{
    /// <summary>The least upper bound of both: all updates that either knows.</summary>
    public Replica Merge(Replica other) => new(
        Grows.Merge(other.Grows),
        Counter.Merge(other.Counter),
        Set.Merge(other.Set),
        Register is null ? other.Register : other.Register is null ? Register : Register.Merge(other.Register),
        MultiMap.Merge(other.MultiMap),
        Map.Merge(other.Map));

    /// <summary>The replica that a projection shows.</summary>
    public static Replica Of(ReplicaProjection from, Writers writers) => new(
        CounterOf(from.Grows, writers),
        new PNCounter(CounterOf(from.Counter.Increments, writers), CounterOf(from.Counter.Decrements, writers)),
        SetOf(from.Set, writers),
        from.Register is { } register ? RegisterOf(register, writers) : null,
        AkkaInternals.MultiMap(new ORDictionary<string, ORSet<string>>(
            SetOf(from.MultiMap.Keys, writers),
            from.MultiMap.Values.ToImmutableDictionary(pair => pair.Key, pair => SetOf(pair.Value, writers)))),
        new LWWDictionary<string, string>(new ORDictionary<string, LWWRegister<string>>(
            SetOf(from.Map.Keys, writers),
            from.Map.Values.ToImmutableDictionary(pair => pair.Key, pair => RegisterOf(pair.Value, writers)))));

    private static GCounter CounterOf(Map<NodeId, long> counts, Writers writers) =>
        counts.Aggregate(GCounter.Empty, (counter, one) => counter.Increment(writers[one.Key], (ulong)one.Value)).ResetDelta();

    private static ORSet<string> SetOf(SetProjection set, Writers writers) => new(
        set.Dots.ToImmutableDictionary(pair => pair.Key, pair => VectorOf(pair.Value, writers)),
            VectorOf(set.Seen, writers));

    private static LWWRegister<string> RegisterOf(RegisterProjection register, Writers writers) =>
        new(writers[register.By], register.Value, register.Timestamp);

    private static VersionVector VectorOf(Map<NodeId, long> versions, Writers writers) => versions.Count switch
    {
        0 => VersionVector.Empty,
        1 => VersionVector.Create(writers[versions.Keys.First()], versions.Values.First()),
        _ => new MultiVersionVector(versions.Select(one => KeyValuePair.Create(writers[one.Key], one.Value))),
    };
}
