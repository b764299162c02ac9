using ActorLab.Core;
using CsCheck;

namespace ActorLab.Tests.Core;

/// <summary>Types with every kind of field that a canonical form supports, and generators of their values.</summary>
public enum Colour : byte
{
    Red,
    Green,
    Blue,
}

public readonly record struct Rank(int Round, NodeId Owner) : IComparable<Rank>
{
    public int CompareTo(Rank other) =>
        Round.CompareTo(other.Round) is var first and not 0 ? first : Owner.CompareTo(other.Owner);

    public override string ToString() => $"{Round}.{Owner}";
}

public abstract record Shout
{
    public sealed record Hello(NodeId To, string? Text) : Shout;

    public sealed record Bye : Shout;

    public sealed record Nested(Shout? Inner, object? Anything) : Shout;
}

public sealed record Sample(
    bool Flag,
    int Small,
    ulong Big,
    UInt128 Huge,
    Colour Colour,
    string? Text,
    TimeSpan Wait,
    NodeId Node,
    Address Address,
    Rank? Rank,
    (int Left, string Right) Pair,
    Set<NodeId> Nodes,
    Map<NodeId, Seq<Rank>> Ranks,
    Shout? Shout)
{
    public int Later { get; init; }

    public string Computed => $"{Text}{Small}";
}

internal static class Samples
{
    private static readonly Gen<string> Words = Gen.Char["ab\"\ud800"].Array[0, 2].Select(units => new string(units));

    private static readonly Gen<string?> Texts = Gen.OneOf(Words.Select(word => (string?)word), Gen.Const((string?)null));

    public static readonly Gen<NodeId> Nodes = Gen.Int[1, 3].Select(i => new NodeId($"n{i}"));

    private static readonly Gen<Rank> Ranks = Gen.Select(Gen.Int[0, 2], Nodes, (round, node) => new Rank(round, node));

    private static readonly Gen<Shout?> Leaves = Gen.OneOf(
        Gen.Const((Shout?)null),
        Gen.Const((Shout?)new Shout.Bye()),
        Gen.Select(Nodes, Texts, (node, text) => (Shout?)new Shout.Hello(node, text)));

    private static readonly Gen<object?> Objects = Gen.OneOf(
        Gen.Const((object?)null),
        Gen.Int[0, 1].Select(i => (object?)i),
        Gen.Long[0, 1].Select(i => (object?)i),
        Ranks.Select(rank => (object?)rank),
        Words.Select(word => (object?)word),
        Leaves.Select(leaf => (object?)leaf),
        Nodes.Array[0, 2].Select(nodes => (object?)nodes.ToSet()));

    private static readonly Gen<Shout?> Shouts = Gen.OneOf(
        Leaves, Gen.Select(Leaves, Objects, (inner, anything) => (Shout?)new Shout.Nested(inner, anything)));

    public static readonly Gen<Sample> All =
        Gen.Select(Gen.Bool, Gen.Int[0, 1], Gen.ULong[0, 1], Texts, Nodes, Ranks, Shouts, Seed).Select(
            (flag, small, big, text, node, rank, shout, seed) => new Sample(
                flag, small, big, (UInt128)big << 64, (Colour)small, text, TimeSpan.FromMilliseconds(small), node,
                new Address(node, "role"), flag ? rank : null, (small, text ?? "none"), seed.Nodes, seed.Ranks, shout)
            {
                Later = small,
            });

    private static Gen<(Set<NodeId> Nodes, Map<NodeId, Seq<Rank>> Ranks)> Seed =>
        Gen.Select(Nodes.Array[0, 3], Gen.Select(Nodes, Ranks.Array[0, 2]).Array[0, 2], (nodes, ranks) => (
            nodes.ToSet(),
            Map<NodeId, Seq<Rank>>.Empty.SetAll(ranks.Select(pair => KeyValuePair.Create(pair.Item1, Seq.Of<Rank>(pair.Item2))))));
}
