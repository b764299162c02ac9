using ActorLab.Core;
using CsCheck;

namespace ActorLab.Tests.Core;

public sealed class CanonicalTests
{
    private static readonly Sample Some = new(
        true, -2, 3, 4, Colour.Green, "say \"x\"\n", TimeSpan.FromMilliseconds(5), new NodeId("n1"),
        Address.Parse("n1/acceptor"), new Rank(1, new NodeId("n2")), (1, "a"), NodeId.Range(2),
        Map.Of((new NodeId("n1"), Seq.Of(new Rank(0, new NodeId("n3"))))), new Shout.Hello(new NodeId("n2"), null));

    [Fact]
    public void Equal_values_and_only_they_have_equal_bytes() =>
        Gen.Select(Samples.All, Samples.All).Sample((left, right) =>
            left.Equals(right) == Canonical.Bytes(left).AsSpan().SequenceEqual(Canonical.Bytes(right)), iter: 20_000);

    [Fact]
    public void A_value_differs_from_every_value_with_one_field_changed()
    {
        Sample[] others =
        [
            Some with { Flag = false }, Some with { Small = 0 }, Some with { Big = 0 }, Some with { Huge = 0 },
            Some with { Colour = Colour.Blue }, Some with { Text = null }, Some with { Text = "" },
            Some with { Wait = TimeSpan.Zero }, Some with { Node = default }, Some with { Address = Address.Outside },
            Some with { Rank = null }, Some with { Pair = (1, "b") }, Some with { Nodes = [] }, Some with { Ranks = default },
            Some with { Shout = null }, Some with { Shout = new Shout.Bye() }, Some with { Later = 1 },
        ];
        Assert.Equal(others.Length, others.Select(Canonical.Fingerprint).Distinct().Count());
        Assert.All(others, other => Assert.NotEqual(Canonical.Fingerprint(Some), Canonical.Fingerprint(other)));
        Assert.All(others, other => Assert.Single(Canonical.Differences(Some, other), d => d.Path != "Nodes{n1}"));
    }

    [Fact]
    public void Bytes_are_as_specified()
    {
        Assert.Equal(Convert.FromHexString("FFFFFFFF"), Canonical.Bytes(null));
        Assert.Equal(
            Name("System.Int32").Concat(Convert.FromHexString("FEFFFFFF")), Canonical.Bytes(-2));
        Assert.Equal(
            Name("ActorLab.Core.Seq`1[System.Byte]").Concat(Convert.FromHexString("020000000709")),
            Canonical.Bytes(Seq.Of<byte>(7, 9)));
        Assert.Equal(
            Name("ActorLab.Tests.Core.Shout+Nested").Concat(Name("Bye")).Concat(Name("System.Boolean")).Append((byte)1),
            Canonical.Bytes(new Shout.Nested(new Shout.Bye(), true)));
    }

    [Fact]
    public void A_fingerprint_is_the_same_on_every_machine() => Assert.Equal(
        UInt128.Parse("165720274165877855202043621015455541892"), Canonical.Fingerprint(Some));

    [Fact]
    public void Renaming_by_identity_changes_nothing() =>
        Samples.All.Sample(value => Canonical.Rename(value, node => node).Equals(value));

    [Fact]
    public void Renaming_there_and_back_changes_nothing_and_keeps_collections_sorted() =>
        Samples.All.Sample(value =>
        {
            var there = Canonical.Rename(value, Rotate);
            var back = Canonical.Rename(there, node => Rotate(Rotate(node)));
            return back.Equals(value) && there.Nodes.SequenceEqual(there.Nodes.Order());
        });

    [Fact]
    public void Renaming_reaches_every_node()
    {
        var renamed = Canonical.Rename(Some, Rotate);
        Assert.Equal(new NodeId("n2"), renamed.Node);
        Assert.Equal(Address.Parse("n2/acceptor"), renamed.Address);
        Assert.Equal(new Rank(1, new NodeId("n3")), renamed.Rank);
        Assert.Equal(Set.Of(new NodeId("n2"), new NodeId("n3")), renamed.Nodes);
        Assert.Equal(Map.Of((new NodeId("n2"), Seq.Of(new Rank(0, new NodeId("n1"))))), renamed.Ranks);
        Assert.Equal(new Shout.Hello(new NodeId("n3"), null), renamed.Shout);
        Assert.Equal("say \"x\"\n", renamed.Text);
    }

    [Fact]
    public void Differences_are_empty_exactly_for_equal_values() =>
        Gen.Select(Samples.All, Samples.All).Sample((left, right) =>
            left.Equals(right) == Canonical.Differences(left, right).IsEmpty);

    [Fact]
    public void Differences_name_the_place()
    {
        var after = Some with
        {
            Ranks = Some.Ranks.Set(new NodeId("n1"), [new Rank(7, new NodeId("n3")), new Rank(8, new NodeId("n3"))]),
            Nodes = Some.Nodes.Remove(new NodeId("n2")),
            Shout = new Shout.Hello(new NodeId("n2"), "hi"),
        };
        Assert.Equal(
            [
                new Difference("Nodes{n2}", "n2", Difference.Absent),
                new Difference("Ranks[n1][0]", "0.n3", "7.n3"),
                new Difference("Ranks[n1][1]", Difference.Absent, "8.n3"),
                new Difference("Shout.Text", "null", "\"hi\""),
            ],
            Canonical.Differences(Some, after));
    }

    [Fact]
    public void Text_reads_like_the_code() => Assert.Equal(
        "Sample { Flag = true, Small = -2, Big = 3, Huge = 4, Colour = Green, Text = \"say \\\"x\\\"\\n\", "
        + "Wait = 00:00:00.0050000, Node = n1, Address = n1/acceptor, Rank = 1.n2, Pair = (1, \"a\"), Nodes = {n1, n2}, "
        + "Ranks = {n1: [0.n3]}, Shout = Hello { To = n2, Text = null }, Later = 0 }",
        Canonical.Text(Some));

    [Theory]
    [InlineData(typeof(Refused.Listing), "Listing.Items is System.Int32[], which compares by reference: use Seq.")]
    [InlineData(typeof(Refused.Deep), "Deep.Inner[].Weight is System.Double, whose equality is not")]
    [InlineData(typeof(Refused.Table), "Table.Counts is System.Collections.Generic.Dictionary`2[System.String,System.Int32]")]
    [InlineData(typeof(Refused.Untyped), "Counter is ActorLab.Tests.Core.CanonicalTests+Refused+Counter, which has no canonical")]
    [InlineData(typeof(Refused.Forgetful), "whose Equals is its own")]
    public void What_has_no_canonical_form_is_refused_with_its_path(Type type, string sentence)
    {
        var value = Activator.CreateInstance(type, nonPublic: true);
        var refusal = Assert.Throws<NotSupportedException>(() => Canonical.Bytes(value));
        Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unsealed_record_and_its_heir_differ()
    {
        Assert.NotEqual(Canonical.Fingerprint(new Parent(1)), Canonical.Fingerprint(new Heir(1)));
        Assert.NotEqual(Canonical.Fingerprint(Seq.Of(new Parent(1))), Canonical.Fingerprint(Seq.Of<Parent>(new Heir(1))));
        Assert.Equal("[Heir { Number = 1 }]", Canonical.Text(Seq.Of<Parent>(new Heir(1))));
    }

    private static NodeId Rotate(NodeId node) => new(node.Name switch { "n1" => "n2", "n2" => "n3", _ => "n1" });

    private static IEnumerable<byte> Name(string text) =>
        BitConverter.GetBytes(text.Length).Concat(text.SelectMany(unit => BitConverter.GetBytes(unit)));

    private record Parent(int Number);

    private sealed record Heir(int Number) : Parent(Number);

    private static class Refused
    {
        public sealed record Listing(int[] Items)
        {
            public Listing()
                : this([1])
            {
            }
        }

        public sealed record Weighed(double Weight);

        public sealed record Deep(Seq<Weighed> Inner)
        {
            public Deep()
                : this(Seq<Weighed>.Empty)
            {
            }
        }

        public sealed record Table(Dictionary<string, int> Counts)
        {
            public Table()
                : this([])
            {
            }
        }

        public sealed class Counter;

        public sealed record Untyped(object Value)
        {
            public Untyped()
                : this(new Counter())
            {
            }
        }

        public sealed record Forgetful(int Kept, int Forgotten)
        {
            public Forgetful()
                : this(1, 2)
            {
            }

            public bool Equals(Forgetful? other) => other?.Kept == Kept;

            public override int GetHashCode() => Kept;
        }
    }
}
