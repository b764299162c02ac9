using ActorLab.Cluster.Crdt;
using ActorLab.Core;
using CsCheck;
using static ActorLab.Cluster.Crdt.CrdtUpdate;

namespace ActorLab.Tests.Crdt;

/// <summary>What known updates come to, against the definitions word for word, on any updates that saw any earlier ones.</summary>
public sealed class KnowledgeTests
{
    private static readonly Gen<CrdtUpdate> What = Gen.OneOf(
        Gen.Int[0, 3].Select(by => (CrdtUpdate)new Grow(by)),
        Gen.Int[-3, 3].Select(by => (CrdtUpdate)new Count(by)),
        Gen.Int[0, 1].Select(i => (CrdtUpdate)new Add($"k{i}")),
        Gen.Int[0, 1].Select(i => (CrdtUpdate)new Remove($"k{i}")),
        Gen.Int[0, 9].Select(i => (CrdtUpdate)new Write($"v{i}")),
        Gen.Int[0, 1].Select(i => (CrdtUpdate)new RemoveKey($"k{i}")));

    /// <summary>At which node, at what time, and of the earlier updates, and of those that a replica knows, which: as bits.</summary>
    private static readonly Gen<List<(CrdtUpdate What, int Node, int Time, uint Sees, bool IsKnown)>> Histories =
        Gen.Select(What, Gen.Int[1, 3], Gen.Int[1, 4], Gen.UInt, Gen.Int[0, 3])
            .Select(one => (one.Item1, one.Item2, one.Item3, one.Item4, one.Item5 > 0)).List[0, 20];

    [Fact]
    public void Each_answer_is_that_of_its_definition() => Histories.Sample(
        history =>
        {
            var ids = history.Select((one, i) => new UpdateId(new NodeId($"n{one.Node}"), i + 1)).ToList();
            var events = history.Select((one, i) => (Id: ids[i], Event: new UpdateEvent(
                one.What, ids.Take(i).Where((_, j) => (one.Sees >> j & 1) == 1).ToSet(), one.Time))).ToMap(one => one.Id, one => one.Event);
            var known = ids.Where((_, i) => history[i].IsKnown).ToSet();
            var all = known.Select(id => (Id: id, Event: events[id])).ToList();
            bool Saw(UpdateId one, UpdateId other) => events[one].Sees.Contains(other);
            bool AreConcurrent(UpdateId one, UpdateId other) => one != other && !Saw(one, other) && !Saw(other, one);

            var adds = all.Where(one => one.Event.What is Add).Select(one => (one.Id, ((Add)one.Event.What).Element)).ToList();
            var removals = all.Where(one => one.Event.What is Remove).Select(one => (one.Id, ((Remove)one.Event.What).Element)).ToList();
            var writes = all.Where(one => one.Event.What is Write).ToList();
            for (var i = 0; i < 2; i++) // worked out, and then remembered
            {
                var knowledge = Knowledge.Of(known, events);
                Assert.Equal(all.Sum(one => one.Event.What is Grow grow ? grow.By : 0), knowledge.Grows);
                Assert.Equal(all.Sum(one => one.Event.What is Count count ? count.By : 0), knowledge.Counter);
                Assert.Equal(
                    adds.Where(add => !removals.Exists(remove => remove.Element == add.Element && Saw(remove.Id, add.Id)))
                        .Select(add => add.Element).ToSet(),
                    knowledge.Elements);
                Assert.Equal(
                    adds.Where(add => removals.Exists(remove => remove.Element == add.Element
                        && !events[remove.Id].Sees.IsEmpty && AreConcurrent(add.Id, remove.Id))).Select(add => add.Element).ToSet(),
                    knowledge.Contested);
                Assert.Equal(
                    writes.OrderByDescending(one => one.Event.Timestamp).ThenBy(one => one.Id)
                        .Select(one => ((Write)one.Event.What).Value).FirstOrDefault(),
                    knowledge.LastWrite);
                Assert.Equal(
                    writes.Exists(one => writes.Exists(other => AreConcurrent(one.Id, other.Id))), knowledge.HasLostAWrite);
            }
        },
        iter: 5_000);

    [Fact]
    public void An_update_that_nobody_took_is_none() => Assert.Throws<KeyNotFoundException>(
        () => Knowledge.Of([new UpdateId(new NodeId("n1"), 1)], default));

    /// <summary>The same updates may have seen others in another world: what is remembered of one is not told of the other.</summary>
    [Fact]
    public void Other_events_are_other_knowledge()
    {
        var (add, remove) = (new UpdateId(new NodeId("n1"), 1), new UpdateId(new NodeId("n2"), 1));
        var seen = Map.Of((add, new UpdateEvent(new Add("k"), [], 0)), (remove, new UpdateEvent(new Remove("k"), [add], 0)));
        Assert.Empty(Knowledge.Of([add, remove], seen).Elements);
        Assert.Equal(["k"], Knowledge.Of([add, remove], seen.Set(remove, new UpdateEvent(new Remove("k"), [], 0))).Elements);
        Assert.Empty(Knowledge.Of([add, remove], seen).Elements);
    }
}
