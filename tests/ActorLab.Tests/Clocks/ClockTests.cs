using System.Text.Json;
using ActorLab.Core;
using CsCheck;

namespace ActorLab.Tests.Clocks;

/// <summary>Lamport's and vector clocks as values. Sources are in tests/vectors/clocks.</summary>
public sealed class ClockTests
{
    private static readonly Gen<VectorClock> Clocks = Gen.Select(Gen.Int[0, 2].Select(i => "abc"[i].ToString()), Gen.Long[0, 3])
        .List[0, 6].Select(ticks => new VectorClock(ticks.Aggregate(Map<string, long>.Empty, (all, one) => all.Set(one.Item1, one.Item2))));

    private static readonly JsonElement Vectors =
        JsonDocument.Parse(File.ReadAllText("vectors/clocks/vector_clocks.json")).RootElement.GetProperty("riak_dt_vclock");

    [Fact]
    public void Clocks_merge_as_the_vectors_say()
    {
        var cases = Vectors.GetProperty("merge").EnumerateArray().ToList();
        Assert.Equal(3, cases.Count);
        Assert.All(cases, one => Assert.Equal(
            ClockOf(one.GetProperty("out")),
            one.GetProperty("in").EnumerateArray().Select(ClockOf).Aggregate(VectorClock.Zero, (all, clock) => all.Merge(clock))));
    }

    [Fact]
    public void Clocks_descend_as_the_vectors_say()
    {
        var cases = Vectors.GetProperty("descends").EnumerateArray().ToList();
        Assert.Equal(6, cases.Count);
        Assert.All(cases, one => Assert.Equal(
            one.GetProperty("r").GetBoolean(), ClockOf(one.GetProperty("a")).Descends(ClockOf(one.GetProperty("b")))));
    }

    [Fact]
    public void To_merge_is_to_take_the_least_clock_that_descends_from_both() => Gen.Select(Clocks, Clocks, Clocks).Sample((a, b, c) =>
    {
        var merged = a.Merge(b);
        Assert.Equal(merged, b.Merge(a));
        Assert.Equal(merged.Merge(c), a.Merge(b.Merge(c)));
        Assert.Equal(a, a.Merge(a));
        Assert.True(merged.Descends(a) && merged.Descends(b));
        Assert.True(!(c.Descends(a) && c.Descends(b)) || c.Descends(merged));
    });

    [Fact]
    public void To_compare_is_an_order_that_turns_round_and_a_tick_comes_after() => Gen.Select(Clocks, Clocks).Sample((a, b) =>
    {
        var turned = b.Compare(a) switch
        {
            Causality.Before => Causality.After,
            Causality.After => Causality.Before,
            var same => same,
        };
        Assert.Equal(turned, a.Compare(b));
        Assert.Equal(a == b, a.Compare(b) == Causality.Equal);
        Assert.Equal(Causality.Before, a.Compare(a.Tick("a")));
        Assert.Equal(Causality.Concurrent, a.Merge(b).Tick("x").Compare(a.Merge(b).Tick("y")));
    });

    [Fact]
    public void A_process_of_which_nothing_is_known_is_not_in_the_clock()
    {
        Assert.Equal(VectorClock.Zero, new VectorClock(Map.Of(("a", 0L))));
        Assert.Throws<ArgumentException>(() => new VectorClock(Map.Of(("a", -1L))));
        var clock = VectorClock.Zero.Tick("a").Tick("b").Tick("a");
        Assert.Equal(clock, MemoryPack.MemoryPackSerializer.Deserialize<VectorClock>(MemoryPack.MemoryPackSerializer.Serialize(clock)));
        Assert.Equal((2L, 1L, 0L), (clock["a"], clock["b"], clock["c"]));
    }

    /// <summary>Lamport 1978, IR1 and IR2.</summary>
    [Fact]
    public void A_clock_of_Lamport_ticks_and_is_set_beyond_what_arrives()
    {
        var (sender, receiver) = (new LamportClock(6).Tick(), new LamportClock(3));
        Assert.Equal(new LamportClock(8), receiver.Receive(sender));
        Assert.Equal(new LamportClock(10), new LamportClock(9).Receive(sender));
        Assert.True(sender < receiver.Receive(sender));
    }

    private static VectorClock ClockOf(JsonElement json) =>
        new(json.EnumerateObject().ToMap(pair => pair.Name, pair => pair.Value.GetInt64()));
}
