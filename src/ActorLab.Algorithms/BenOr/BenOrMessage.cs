using MemoryPack;

namespace ActorLab.Algorithms.BenOr;

/// <summary>The messages of protocol A, by the type that is their first item in the paper.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Report))]
[MemoryPackUnion(1, typeof(Proposal))]
public abstract partial record BenOrMessage
{
    /// <summary>(1, r, x): the value of a process at the start of a round.</summary>
    [MemoryPackable]
    public sealed partial record Report(int Round, int Value) : BenOrMessage;

    /// <summary>(2, r, v, D), or (2, r, ?) with no value.</summary>
    [MemoryPackable]
    public sealed partial record Proposal(int Round, int? Value) : BenOrMessage;
}

/// <summary>Which messages a process waits for.</summary>
public enum BenOrStep
{
    Reports,
    Proposals,
}

/// <summary>A step of a round: what messages belong to.</summary>
public readonly record struct Position(int Round, BenOrStep Step) : IComparable<Position>
{
    public int CompareTo(Position other) =>
        Round.CompareTo(other.Round) is var byRound and not 0 ? byRound : Step.CompareTo(other.Step);

    public override string ToString() => $"{Round}.{Step}";

    public static bool operator <(Position left, Position right) => left.CompareTo(right) < 0;

    public static bool operator >(Position left, Position right) => left.CompareTo(right) > 0;

    public static bool operator <=(Position left, Position right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Position left, Position right) => left.CompareTo(right) >= 0;
}
