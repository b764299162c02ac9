using MemoryPack;

namespace ActorLab.Core;

/// <summary>One direction of a link.</summary>
[MemoryPackable]
public readonly partial record struct Link(NodeId From, NodeId To) : IComparable<Link>
{
    public int CompareTo(Link other) => From.CompareTo(other.From) is var first and not 0 ? first : To.CompareTo(other.To);

    public override string ToString() => $"{From}>{To}";
}

/// <summary>The faults in force, as data: the console edits it, nodes obey it, simulators schedule it.</summary>
/// <param name="Version">Grows with each edit, so that a late copy of an old plan is ignored.</param>
/// <param name="Cuts">The links that carry nothing, each direction on its own.</param>
[MemoryPackable]
public sealed partial record FaultPlan(long Version, Set<Link> Cuts)
{
    public static readonly FaultPlan None = new(0, Set<Link>.Empty);

    public bool IsCut(NodeId from, NodeId to) => !Cuts.IsEmpty && Cuts.Contains(new Link(from, to));

    /// <summary>The next version, with these cuts instead.</summary>
    public FaultPlan WithCuts(IEnumerable<Link> cuts) => new(Version + 1, Set.Of(cuts));
}
