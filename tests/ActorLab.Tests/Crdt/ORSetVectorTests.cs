using System.Text.Json;
using ActorLab.Cluster.Crdt;
using ActorLab.Core;
using Akka.DistributedData;

namespace ActorLab.Tests.Crdt;

/// <summary>The scenarios of Akka.NET's own test of its OR-Set. The source is in tests/vectors/crdt.</summary>
public sealed class ORSetVectorTests
{
    private static readonly Writers Writers = new(NodeId.Range(2));

    private static readonly List<JsonElement> Scenarios =
        [.. JsonDocument.Parse(File.ReadAllText("vectors/crdt/orset_akka.json")).RootElement.GetProperty("orset").EnumerateArray()];

    [Fact]
    public void Replicas_that_were_apart_merge_as_the_first_says()
    {
        var one = Scenarios[0];
        AssertMerge(one.GetProperty("merge_both_ways"), Play(ORSet<string>.Empty, one.GetProperty("c1")), Play(ORSet<string>.Empty, one.GetProperty("c2")));
    }

    [Fact]
    public void Replicas_with_a_common_past_merge_as_the_second_says()
    {
        var one = Scenarios[1];
        var c1 = Play(ORSet<string>.Empty, one.GetProperty("c1"));
        var c2 = Play(c1, one.GetProperty("c2_from_c1"));
        AssertMerge(one.GetProperty("merge_both_ways"), c1, c2);
        AssertMerge(one.GetProperty("merge_c2_c3_both_ways"), c2, Play(c1, one.GetProperty("c3_from_c1")));
    }

    [Fact]
    public void These_are_all() => Assert.Equal(2, Scenarios.Count);

    private static ORSet<string> Play(ORSet<string> from, JsonElement operations) => operations.EnumerateArray().Aggregate(from, (set, operation) =>
    {
        var node = Writers[new NodeId(operation[0].GetString()!)];
        var element = operation[2].GetString()!;
        return operation[1].GetString() switch
        {
            "add" => set.Add(node, element),
            "rem" => set.Remove(node, element),
            var other => throw new InvalidOperationException($"The vectors know no operation '{other}'."),
        };
    });

    private static void AssertMerge(JsonElement expected, ORSet<string> one, ORSet<string> other)
    {
        var elements = expected.EnumerateArray().Select(element => element.GetString()!).Order().ToList();
        Assert.Equal(elements, one.Merge(other).Elements.Order());
        Assert.Equal(elements, other.Merge(one).Elements.Order());
    }
}
