using ActorLab.Cluster;

namespace ActorLab.Specs;

/// <summary>What a spec runs.</summary>
public sealed record SpecOptions
{
    /// <summary>The nodes are <c>n1</c> to <c>n{Nodes}</c>.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>What runs on them; null for bare members of an Akka cluster.</summary>
    public Func<Set<NodeId>, Scenario>? Scenario { get; init; }

    /// <summary>
    /// Memory is quicker. A spec that crashes nodes wants SQLite: a server that forgets its promises is another algorithm.
    /// </summary>
    public StoreKind Store { get; init; } = StoreKind.Memory;

    /// <summary>HOCON keys and values that win over the lab's and over <see cref="SpecHocon"/>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
