using ActorLab.Cluster.Crdt;
using ActorLab.Core;
using Akka.DistributedData;
using CsCheck;

namespace ActorLab.Tests.Crdt;

/// <summary>
/// The laws of a join semilattice over Akka's own types, on replicas as they come to be: from updates and merges among
/// three nodes, in any order. States are equal when their projections are: all that a type holds, not only what it answers.
/// </summary>
public sealed class LawTests
{
    private static readonly Set<NodeId> Nodes = NodeId.Range(3);
    private static readonly Writers Writers = new(Nodes);

    private static readonly Gen<string> Words = Gen.Int[0, 1].Select(i => "xy"[i].ToString());

    private static readonly Gen<CrdtUpdate> Updates = Gen.OneOf(
        Gen.Int[0, 3].Select(by => (CrdtUpdate)new CrdtUpdate.Grow(by)),
        Gen.Int[-3, 3].Select(by => (CrdtUpdate)new CrdtUpdate.Count(by)),
        Words.Select(element => (CrdtUpdate)new CrdtUpdate.Add(element)),
        Words.Select(element => (CrdtUpdate)new CrdtUpdate.Add(element)),
        Words.Select(element => (CrdtUpdate)new CrdtUpdate.Remove(element)),
        Words.Select(value => (CrdtUpdate)new CrdtUpdate.Write(value)),
        Gen.Select(Words, Words).Select(pair => (CrdtUpdate)new CrdtUpdate.AddTo(pair.Item1, pair.Item2)),
        Words.Select(key => (CrdtUpdate)new CrdtUpdate.RemoveKey(key)),
        Gen.Select(Words, Words).Select(pair => (CrdtUpdate)new CrdtUpdate.Put(pair.Item1, pair.Item2)));

    /// <summary>At one of the nodes an update, or, where there is another node, what that one sent.</summary>
    private static readonly Gen<List<(int At, int From, CrdtUpdate Update)>> Histories =
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 4], Updates).Select(step => (step.Item1, step.Item2, step.Item3)).List[0, 24];

    [Fact]
    public void Merging_is_commutative_associative_and_idempotent() => Histories.Sample(
        history =>
        {
            var (a, b, c) = Play(history) switch { var all => (all[0], all[1], all[2]) };
            Assert.Equal(a, Merge(a, a));
            Assert.Equal(Merge(a, b), Merge(b, a));
            Assert.Equal(Merge(Merge(a, b), c), Merge(a, Merge(b, c)));
            Assert.Equal(Merge(a, b), Merge(Merge(a, b), a));
        },
        iter: 2_000);

    /// <summary>An update never takes back: who has the state before has nothing to add to the state after.</summary>
    [Fact]
    public void An_update_climbs() => Gen.Select(Histories, Updates).Sample(
        (history, update) =>
        {
            var before = Play(history)[0];
            var after = Update(before, Nodes[0], 1_000, update).Replica;
            Assert.Equal(after, Merge(before, after));
        },
        iter: 2_000);

    [Fact]
    public void A_projection_shows_all_that_Akkas_types_hold() => Histories.Sample(
        history =>
        {
            foreach (var replica in Play(history))
            {
                var akka = Replica.Of(replica, Writers);
                Assert.Equal(replica, new Projector(Writers, Nodes[0], 0).Of(akka).Replica);
                Assert.Equal(replica.Value.Grows, (long)akka.Grows.Value);
                Assert.Equal(replica.Value.Counter, (long)akka.Counter.Value);
                Assert.Equal(replica.Value.Set, akka.Set.Elements.ToSet());
                Assert.Equal(replica.Value.Register, akka.Register?.Value);
                Assert.Equal(replica.Value.MultiMap, akka.MultiMap.Entries.ToMap(pair => pair.Key, pair => pair.Value.ToSet()));
                Assert.Equal(replica.Value.Map, akka.Map.Entries.ToMap(pair => pair.Key, pair => pair.Value));
                Assert.True(replica.IsSound(Nodes));
                Assert.Equal(replica, MemoryPack.MemoryPackSerializer.Deserialize<ReplicaProjection>(
                    MemoryPack.MemoryPackSerializer.Serialize(replica)));
            }
        },
        iter: 500);

    /// <summary>
    /// The law that Akka's LWWDictionary breaks: a value that one replica deleted is merged with another's new one, unless the
    /// deletion comes first.
    /// </summary>
    [Fact]
    public void Merging_maps_with_deletes_is_not_associative()
    {
        var old = Update(ReplicaProjection.Empty, Nodes[0], 0, new CrdtUpdate.Put("k", "old")).Replica;
        var deleted = Update(old, Nodes[1], 0, new CrdtUpdate.Delete("k")).Replica;
        var fresh = Update(ReplicaProjection.Empty, Nodes[2], 0, new CrdtUpdate.Put("k", "new")).Replica;
        Assert.Equal("new", Merge(Merge(old, deleted), fresh).Value.Map["k"]);
        Assert.Equal("old", Merge(old, Merge(deleted, fresh)).Value.Map["k"]);
    }

    /// <summary>ORMultiValueDictionary breaks it too, but for its variant with value deltas, which a replica uses.</summary>
    [Fact]
    public void Merging_multimaps_without_value_deltas_is_not_associative()
    {
        var (n1, n2, n3) = (Writers[Nodes[0]], Writers[Nodes[1]], Writers[Nodes[2]]);
        Assert.Equal(["new", "old"], Merged(ORMultiValueDictionary<string, string>.Empty, deletedFirst: false));
        Assert.Equal(["new"], Merged(ORMultiValueDictionary<string, string>.Empty, deletedFirst: true));
        Assert.Equal(["new"], Merged(ORMultiValueDictionary<string, string>.EmptyWithValueDeltas, deletedFirst: false));
        Assert.Equal(["new"], Merged(ORMultiValueDictionary<string, string>.EmptyWithValueDeltas, deletedFirst: true));

        IEnumerable<string> Merged(ORMultiValueDictionary<string, string> empty, bool deletedFirst)
        {
            var old = empty.AddItem(n1, "k", "old");
            var deleted = old.Remove(n2, "k");
            var fresh = empty.AddItem(n3, "k", "new");
            return (deletedFirst ? old.Merge(deleted).Merge(fresh) : old.Merge(deleted.Merge(fresh)))["k"].Order();
        }
    }

    /// <summary>What Akka's laws rest on: it breaks ties by the number of the writer, so two writers of one number are no two.</summary>
    [Fact]
    public void Ties_of_registers_go_to_the_lesser_number()
    {
        var first = new RegisterProjection("first", 7, Nodes[0]);
        var second = new RegisterProjection("second", 7, Nodes[1]);
        var (a, b) = (ReplicaProjection.Empty with { Register = first }, ReplicaProjection.Empty with { Register = second });
        Assert.Equal(first, Merge(a, b).Register);
        Assert.Equal(first, Merge(b, a).Register);
    }

    [Fact]
    public void A_state_with_strangers_in_it_is_not_sound()
    {
        var stranger = Map.Of((new NodeId("n9"), 1L));
        Assert.False((ReplicaProjection.Empty with { Grows = stranger }).IsSound(Nodes));
        Assert.False((ReplicaProjection.Empty with { Set = new SetProjection(default, stranger) }).IsSound(Nodes));
        Assert.False((ReplicaProjection.Empty with { Register = new RegisterProjection("", 1, new NodeId("n9")) }).IsSound(Nodes));
        Assert.False((ReplicaProjection.Empty with { Grows = Map.Of((Nodes[0], -1L)) }).IsSound(Nodes));
        Assert.False((ReplicaProjection.Empty with { Counter = null! }).IsSound(Nodes));
        Assert.False((ReplicaProjection.Empty with { Set = null! }).IsSound(Nodes));
        Assert.False((ReplicaProjection.Empty with { MultiMap = new MultiMapProjection(null!, default) }).IsSound(Nodes));
        Assert.False((ReplicaProjection.Empty with { Register = new RegisterProjection(null!, 1, Nodes[0]) }).IsSound(Nodes));
    }

    private static ReplicaProjection Merge(ReplicaProjection mine, ReplicaProjection theirs) =>
        new Projector(Writers, Nodes[0], 0).Of(Replica.Of(mine, Writers).Merge(Replica.Of(theirs, Writers))).Replica;

    private static (ReplicaProjection Replica, long Versions) Update(ReplicaProjection replica, NodeId node, long versions, CrdtUpdate update) =>
        new Projector(Writers, node, versions).Of(update.At(Replica.Of(replica, Writers), Writers[node], replica.LatestTimestamp));

    private static ReplicaProjection[] Play(List<(int At, int From, CrdtUpdate Update)> history)
    {
        var all = Enumerable.Repeat((Replica: ReplicaProjection.Empty, Versions: 0L), 3).ToArray();
        foreach (var (at, from, update) in history)
        {
            all[at] = from < 3 && from != at
                ? (Merge(all[at].Replica, all[from].Replica), all[at].Versions)
                : Update(all[at].Replica, Nodes[at], all[at].Versions, update);
        }

        return [.. all.Select(one => one.Replica)];
    }
}
