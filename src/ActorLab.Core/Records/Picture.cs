namespace ActorLab.Core;

/// <summary>What made a picture, and so what its times mean.</summary>
public enum PictureSource
{
    /// <summary>The model checker: times are the numbers of steps.</summary>
    Checker,

    /// <summary>The simulator: times are microseconds of virtual time.</summary>
    Simulator,

    /// <summary>Real nodes: times are microseconds of their machine's clock since the first event.</summary>
    Cluster,
}

/// <summary>
/// A run as pictures show it. Events stand in an order in which causes come before effects, and are numbered by it.
/// </summary>
public sealed record Picture
{
    /// <summary>A phrase, such as <c>paxos: Consistency is violated</c>.</summary>
    public required string Title { get; init; }

    public required PictureSource Source { get; init; }

    /// <summary>The command line that shows the same run again; null where there is none.</summary>
    public string? Command { get; init; }

    public required Seq<PictureEvent> Events { get; init; }

    /// <summary>What was broken; null where nothing was.</summary>
    public PictureViolation? Violation { get; init; }

    /// <summary>Of a behaviour without end, the event at which the part begins that repeats for ever.</summary>
    public int? LoopsTo { get; init; }

    /// <summary>What a reader must know, in sentences: what was left out, what is not in order.</summary>
    public Seq<string> Remarks { get; init; }

    /// <summary>The places that take part, sorted: the lanes of a picture.</summary>
    public Seq<Address> Lanes => Events
        .SelectMany(one => one.Trace.Peer is { } peer ? new[] { one.Trace.Where, peer } : [one.Trace.Where])
        .Where(IsLane).Distinct().Order().ToSeq();

    /// <summary>Whether it is a role or process, and not a whole node, the network or the outside.</summary>
    internal static bool IsLane(Address address) => address.Node.Name is not (null or "") && address.Role is not (null or "");
}

/// <summary>An event, and what is known of it beyond the trace.</summary>
/// <param name="Trace">The event; its index is its place in the picture.</param>
public sealed record PictureEvent(TraceEvent Trace)
{
    /// <summary>What a turn changed; at a boot and at a model's start, all there is. Empty where it is not known.</summary>
    public Seq<Difference> Changes { get; init; }

    public Highlight? Highlight { get; init; }

    /// <summary>At a fault, the links that carry nothing from here on; null where none changed.</summary>
    public Set<Link>? Cuts { get; init; }
}

/// <summary>A broken claim, with what made it false.</summary>
/// <param name="Property">Its name.</param>
/// <param name="Claim">What should have held, in a sentence.</param>
/// <param name="Reason">What was false, in a sentence.</param>
/// <param name="Event">The event after which it was and stayed so; -1 where there is no such one, as for what never came true.</param>
public sealed record PictureViolation(string Property, string Claim, string Reason, int Event)
{
    /// <summary>The values that the claim spoke of.</summary>
    public Seq<PictureFact> Facts { get; init; }
}

/// <summary>One value that a claim spoke of.</summary>
/// <param name="Of">Whose: an address, an observer, a part of a formula.</param>
/// <param name="Path">Which field; empty for all of it.</param>
/// <param name="Value">Canonical text.</param>
/// <param name="Matters">Whether the claim would hold if this place had done nothing yet.</param>
public sealed record PictureFact(string Of, string Path, string Value, bool Matters);
