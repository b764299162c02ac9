using MemoryPack;

namespace ActorLab.Core;

/// <summary>One direction of a link.</summary>
[MemoryPackable]
public readonly partial record struct Link(NodeId From, NodeId To) : IComparable<Link>
{
    public int CompareTo(Link other) => From.CompareTo(other.From) is var first and not 0 ? first : To.CompareTo(other.To);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">It is no link.</exception>
    public static Link Parse(string text) =>
        text?.Split('>') is not [{ Length: > 0 } from, { Length: > 0 } to]
            ? throw new FormatException($"\"{text}\" is not one direction of a link; write it as n1>n2.")
        : from == to ? throw new FormatException($"{text} is no link: a node always hears itself.")
        : new Link(new NodeId(from), new NodeId(to));

    public override string ToString() => $"{From}>{To}";
}

/// <summary>
/// The faults in force and the faults to come, as data: the console edits it, nodes obey what is in force, simulators and
/// <c>fault run</c> play what is to come.
/// </summary>
/// <param name="Version">Grows with each edit, so that a late copy of an old plan is ignored.</param>
/// <param name="Cuts">The links that carry nothing, each direction on its own.</param>
[MemoryPackable]
public sealed partial record FaultPlan(long Version, Set<Link> Cuts)
{
    public static readonly FaultPlan None = new(0, Set<Link>.Empty);

    /// <summary>What may become of messages: of each link, the first rule that concerns it.</summary>
    public Seq<LinkFaults> Messages { get; init; }

    /// <summary>What befalls messages, rule by rule, beside <see cref="Messages"/>.</summary>
    public Seq<LinkRule> Links { get; init; }

    /// <summary>What strikes when, counted from the start of a run.</summary>
    public Seq<ScriptedFault> Schedule { get; init; }

    public bool IsCut(NodeId from, NodeId to) => !Cuts.IsEmpty && Cuts.Contains(new Link(from, to));

    /// <summary>All that may befall messages of a direction of a link.</summary>
    public Seq<LinkRule> RulesFor(NodeId from, NodeId to)
    {
        var rules = Links.Where(rule => rule.Concerns(from, to)).ToSeq();
        return Messages.IsEmpty ? rules : [.. rules, .. LinkRule.Of(LinkFaults.Find(Messages, from, to))];
    }

    /// <summary>The next version, with these cuts instead.</summary>
    public FaultPlan WithCuts(IEnumerable<Link> cuts) => this with { Version = Version + 1, Cuts = Set.Of(cuts) };
}
