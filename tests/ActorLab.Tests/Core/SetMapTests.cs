using ActorLab.Core;
using CsCheck;
using MemoryPack;

namespace ActorLab.Tests.Core;

[MemoryPackable]
public sealed partial record Holdall(
    Seq<string> Words, Set<NodeId> Nodes, Map<NodeId, Seq<int>> Votes, Set<(string, int)> Pairs, Map<string, Set<Address>> Deep);

public sealed class SetMapTests
{
    [Fact]
    public void Strings_are_in_ordinal_order()
    {
        string[] words = ["b", "B", "a", "", "ä", "A"];
        Assert.Equal(words.Order(StringComparer.Ordinal), words.ToSet());
        Assert.Equal(words.Order(StringComparer.Ordinal), words.ToMap(word => word, word => word.Length).Keys);
        Assert.Equal(words.Order(StringComparer.Ordinal), words.Select(word => (word, 1)).ToSet().Select(pair => pair.word));
        Assert.Equal([("a", 1), ("a", 2), ("b", 0)], Set.Of(("b", 0), ("a", 2), ("a", 1)));
    }

    [Fact]
    public void The_order_of_insertion_leaves_no_trace() =>
        Gen.Select(Gen.Int[0, 20].Array[0, 10], Gen.Int).Sample((items, seed) =>
        {
            var shuffled = items.ToArray();
            new Random(seed).Shuffle(shuffled);
            var (set, other) = (items.ToSet(), shuffled.ToSet());
            var (map, twin) = (items.ToMap(i => i, i => $"{i}"), shuffled.ToMap(i => i, i => $"{i}"));
            return set == other && set.GetHashCode() == other.GetHashCode() && set.SequenceEqual(other)
                && map == twin && map.GetHashCode() == twin.GetHashCode() && map.SequenceEqual(twin);
        });

    /// <summary>Up and down over the sizes at which a map changes its form, beside a dictionary of the library.</summary>
    [Fact]
    public void A_map_is_what_its_steps_made_it_whatever_its_form() =>
        Gen.Select(Gen.Int[0, 30], Gen.Int[-1, 9]).Array[0, 200].Sample(steps =>
        {
            var (map, expected) = (Map<int, int>.Empty, new SortedDictionary<int, int>());
            foreach (var (key, value) in steps)
            {
                var (before, copy) = (map, expected.ToList());
                map = value < 0 ? map.Remove(key) : map.Set(key, value);
                _ = value < 0 ? expected.Remove(key) : (expected[key] = value) == value;
                Assert.Equal(copy, before);
                Assert.Equal(expected, map);
                Assert.Equal((expected.Count, expected.ContainsKey(key), expected.GetValueOrDefault(key, -7)), (map.Count, map.ContainsKey(key), map.FindOr(key, -7)));
                var twin = expected.Reverse().ToMap(pair => pair.Key, pair => pair.Value);
                Assert.True(map == twin && map.GetHashCode() == twin.GetHashCode());
                Assert.Equal(Canonical.Fingerprint(twin), Canonical.Fingerprint(map));
            }
        }, iter: 200);

    [Fact]
    public void Maps_with_other_keys_or_values_differ()
    {
        var map = Map.Of(("a", 1), ("b", 2));
        Assert.NotEqual(map, map.Set("b", 3));
        Assert.NotEqual(map, map.Remove("b"));
        Assert.NotEqual(map, map.Remove("b").Set("c", 2));
        Assert.Equal(map, map.Set("b", 3).Set("b", 2));
        Assert.Equal(default, map.RemoveAll(["a", "b"]));
    }

    [Fact]
    public void What_has_no_order_is_refused_with_what_to_do()
    {
        var refusal = Assert.Throws<TypeInitializationException>(() => Set.Of(new object()));
        while (refusal.InnerException is TypeInitializationException inner)
        {
            refusal = inner;
        }

        Assert.Contains("let it implement IComparable<Object>", refusal.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_three_survive_MemoryPack_inside_a_record()
    {
        var full = new Holdall(
            ["x", ""], NodeId.Range(3), Map.Of((new NodeId("n1"), Seq.Of(1, 2)), (new NodeId("n2"), Seq<int>.Empty)),
            Set.Of(("b", 1), ("a", 2)), Map.Of(("k", Set.Of(Address.Parse("n1/server")))));
        var empty = new Holdall([], [], default, [], default);
        Assert.Equal(full, MemoryPackSerializer.Deserialize<Holdall>(MemoryPackSerializer.Serialize(full)));
        Assert.Equal(empty, MemoryPackSerializer.Deserialize<Holdall>(MemoryPackSerializer.Serialize(empty)));
    }

    [Fact]
    public void A_slice_travels_without_what_lies_around_it()
    {
        var slice = Seq.Of(1, 2, 3, 4).Slice(1, 2);
        Assert.Equal(slice, MemoryPackSerializer.Deserialize<Seq<int>>(MemoryPackSerializer.Serialize(slice)));
    }

    [Fact]
    public void The_bytes_of_a_map_with_a_value_missing_are_refused()
    {
        var bytes = MemoryPackSerializer.Serialize(new[] { "a", "b" }).Concat(MemoryPackSerializer.Serialize(new[] { 1 }));
        Assert.Throws<MemoryPackSerializationException>(() => MemoryPackSerializer.Deserialize<Map<string, int>>([.. bytes]));
    }
}
