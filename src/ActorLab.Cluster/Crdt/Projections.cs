using MemoryPack;

namespace ActorLab.Cluster.Crdt;

/// <summary>A PN-Counter: of each node how much it added and how much it took away.</summary>
[MemoryPackable]
public sealed partial record CounterProjection(Map<NodeId, long> Increments, Map<NodeId, long> Decrements);

/// <summary>An OR-Set.</summary>
/// <param name="Dots">Of each element the additions that are still in force, one a node.</param>
/// <param name="Seen">
/// Of each node the latest addition that this replica has seen, in force or not: the version vector.
/// </param>
[MemoryPackable]
public sealed partial record SetProjection(Map<string, Map<NodeId, long>> Dots, Map<NodeId, long> Seen)
{
    public static readonly SetProjection Empty = new(default, default);
}

/// <summary>An LWW-Register.</summary>
[MemoryPackable]
public sealed partial record RegisterProjection(string Value, long Timestamp, NodeId By);

/// <summary>An OR-Map of OR-Sets.</summary>
/// <param name="Keys">The keys that are there.</param>
/// <param name="Values">Also of keys that were removed: what was removed with them must not come back.</param>
[MemoryPackable]
public sealed partial record MultiMapProjection(SetProjection Keys, Map<string, SetProjection> Values);

/// <summary>An OR-Map of LWW-Registers.</summary>
[MemoryPackable]
public sealed partial record MapProjection(SetProjection Keys, Map<string, RegisterProjection> Values);

/// <summary>
/// The sorted projection of a <see cref="Replica"/>: all that its types hold, as immutable records over sorted
/// collections. It is what makes two replicas the same, what lies on the disk, and what a peer gets.
/// </summary>
/// <remarks>
/// Akka's own types cannot be compared so: their hash tables have an order of each process, and some of them forget
/// by and by, behind a constant face, from which value they were made.
/// </remarks>
[MemoryPackable]
public sealed partial record ReplicaProjection(
    Map<NodeId, long> Grows,
    CounterProjection Counter,
    SetProjection Set,
    RegisterProjection? Register,
    MultiMapProjection MultiMap,
    MapProjection Map)
{
    public static readonly ReplicaProjection Empty = new(
        default, new CounterProjection(default, default), SetProjection.Empty, null,
        new MultiMapProjection(SetProjection.Empty, default), new MapProjection(SetProjection.Empty, default));

    [MemoryPackIgnore]
    public long GrowsValue => Sum(Grows);

    [MemoryPackIgnore]
    public long CounterValue => Sum(Counter.Increments) - Sum(Counter.Decrements);

    [MemoryPackIgnore]
    public Set<string> SetValue => Set.Dots.Keys.ToSet();

    /// <summary>What users see.</summary>
    [MemoryPackIgnore]
    public ReplicaValue Value => new(
        GrowsValue,
        CounterValue,
        SetValue,
        Register?.Value,
        MultiMap.Keys.Dots.ToMap(pair => pair.Key, pair => MultiMap.Values[pair.Key].Dots.Keys.ToSet()),
        Map.Values.ToMap(pair => pair.Key, pair => pair.Value.Value));

    /// <summary>The latest time at which something in it was written; 0 for none.</summary>
    [MemoryPackIgnore]
    public long LatestTimestamp =>
        Math.Max(Register?.Timestamp ?? 0, Map.Values.Values.Select(register => register.Timestamp).DefaultIfEmpty().Max());

    /// <summary>Whether a replica among these nodes can look so: what comes over the wire may say anything.</summary>
    public bool IsSound(Set<NodeId> members)
    {
        if (Counter is null || MultiMap?.Keys is null || Map?.Keys is null)
        {
            return false; // bytes may say that there is nothing where there must be something
        }

        IEnumerable<SetProjection> sets = [Set, MultiMap.Keys, .. MultiMap.Values.Values, Map.Keys];
        IEnumerable<RegisterProjection> registers = Register is null
            ? Map.Values.Values
            : Map.Values.Values.Append(Register);
        if (sets.Any(set => set is null) || registers.Any(register => register?.Value is null))
        {
            return false;
        }

        return sets.SelectMany(set => set.Dots.Values.Append(set.Seen))
            .Concat([Grows, Counter.Increments, Counter.Decrements])
            .All(counts => counts.All(one => members.Contains(one.Key) && one.Value > 0))
            && registers.All(register => members.Contains(register.By))
            && MultiMap.Keys.Dots.Keys.All(MultiMap.Values.ContainsKey)
            && Map.Keys.Dots.Keys.SequenceEqual(Map.Values.Keys);
    }

    private static long Sum(Map<NodeId, long> counts) => counts.Values.Aggregate(0L, (sum, count) => sum + count);
}

/// <summary>The answers of a replica to all questions that users may ask.</summary>
public sealed record ReplicaValue(
    long Grows, long Counter, Set<string> Set, string? Register, Map<string, Set<string>> MultiMap, Map<string, string> Map);
