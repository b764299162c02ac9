using ActorLab.Cluster.Crdt;

namespace ActorLab.Specs;

/// <summary>
/// Claim: Akka's replicator goes on on both sides of a cut, and its replicas agree when it heals; what a side could not
/// confirm to its user merges all the same.
/// </summary>
public sealed class CrdtSpec(ITestOutputHelper output)
{
    private const string Likes = "likes";

    [Fact(Timeout = LabSpec.Limit)]
    public async Task Both_sides_of_a_cut_go_on_and_agree_when_it_heals()
    {
        await using var spec = await LabSpec.Start(output, new SpecOptions { Nodes = 3 });
        var stores = Stores(spec);
        await Done(stores[n1], "counter", Likes, "add", "1", "all");
        await Done(stores[n1], "set", "cart", "add", "milk", "all");
        await AwaitAll(stores, "counter", Likes, "1");

        await spec.Split([n1, n2], [n3]);
        await Done(stores[n1], "counter", Likes, "add", "2", "majority");
        await Done(stores[n3], "counter", Likes, "add", "4", "local");
        await Done(stores[n2], "set", "cart", "remove", "milk", "local");
        await Done(stores[n3], "set", "cart", "add", "milk", "local");
        Assert.Equal("3", await Local(stores[n1], "counter", Likes));
        Assert.Equal("5", await Local(stores[n3], "counter", Likes));

        await spec.Heal();
        await AwaitAll(stores, "counter", Likes, "7");
        await AwaitAll(stores, "set", "cart", "[\"milk\"]"); // the addition that no removal saw
    }

    [Fact(Timeout = LabSpec.Limit)]
    public async Task The_last_writer_wins_and_a_concurrent_write_is_lost()
    {
        await using var spec = await LabSpec.Start(output, new SpecOptions { Nodes = 3 });
        var stores = Stores(spec);
        await spec.Isolate(n3);
        await Done(stores[n1], "register", "title", "put", "of-the-majority", "majority");
        await Done(stores[n3], "register", "title", "put", "of-the-minority", "local");

        await spec.Heal();

        // The later by the wall clock: n3 has not seen the write that a majority confirmed to its user, and it is gone.
        await AwaitAll(stores, "register", "title", "\"of-the-minority\"");
    }

    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_write_that_a_minority_could_not_confirm_merges_later()
    {
        await using var spec = await LabSpec.Start(output, new SpecOptions { Nodes = 3 });
        var stores = Stores(spec);
        await spec.Isolate(n3);
        var failed = await stores[n3].Update("counter", Likes, new CrdtCall("add", null, "5", "majority", "500ms"));
        Assert.False(failed.Done);
        Assert.Equal("5", failed.Value?.ToJsonString());
        Assert.Equal(
            "A majority of 3 replicas did not confirm it within 500ms. This replica has it all the same, and it may merge into "
            + "the others later: nothing takes it back.",
            failed.Sentence);
        Assert.False((await stores[n3].Read("counter", Likes, "majority", "500ms")).Done);
        Assert.Null(await Local(stores[n1], "counter", Likes));

        await spec.Heal();
        await AwaitAll(stores, "counter", Likes, "5");
    }

    /// <summary>A replicator that stops says nothing more: what was written since is news to it when it starts again.</summary>
    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_replicator_that_stops_gossips_no_more_and_one_that_starts_again_has_what_the_others_have()
    {
        await using var spec = await LabSpec.Start(output, new SpecOptions { Nodes = 3 });
        var stores = Stores(spec);
        await Done(stores[n1], "counter", Likes, "add", "1", "all");
        var replicator = CrdtReplicator.Of(spec[n3].System);
        var old = replicator.Running;
        await replicator.Stop(TimeSpan.FromSeconds(10));
        Assert.Equal(spec[n3].System.DeadLetters, replicator.Running);
        await Done(stores[n1], "counter", Likes, "add", "2", "local");
        await AwaitAll(new() { [n1] = stores[n1], [n2] = stores[n2] }, "counter", Likes, "3");
        Assert.False((await stores[n1].Update("counter", Likes, new CrdtCall("add", null, "4", "all", "500ms"))).Done);

        replicator.Start();
        Assert.NotEqual(old, replicator.Running);
        await AwaitAll(new() { [n1] = stores[n1], [n3] = new CrdtStore(spec[n3].System, start: 1) }, "counter", Likes, "7");

        await Task.WhenAll(spec.Nodes.Select(node => CrdtReplicator.Of(node.System).Stop(TimeSpan.FromSeconds(10))));
        foreach (var node in spec.Nodes)
        {
            CrdtReplicator.Of(node.System).Start();
        }

        Assert.Null(await Local(new CrdtStore(spec[n1].System, start: 1), "counter", Likes));
    }

    private static Dictionary<NodeId, CrdtStore> Stores(LabSpec spec)
    {
        foreach (var node in spec.Nodes)
        {
            CrdtReplicator.Of(node.System).Start();
        }

        return spec.Nodes.ToDictionary(node => node.Name, node => new CrdtStore(node.System, start: 1));
    }

    private static async Task Done(CrdtStore store, string type, string name, string op, string value, string consistency)
    {
        var answer = await store.Update(type, name, new CrdtCall(op, null, value, consistency, "10s"));
        Assert.True(answer.Done, answer.Sentence);
    }

    private static async Task<string?> Local(CrdtStore store, string type, string name) =>
        (await store.Read(type, name, "local", null)).Value?.ToJsonString();

    private static Task AwaitAll(Dictionary<NodeId, CrdtStore> stores, string type, string name, string expected) =>
        Patience.AwaitAssert(async () =>
        {
            foreach (var (node, store) in stores)
            {
                var value = await Local(store, type, name);
                Assert.True(value == expected, $"{node} has {value ?? "nothing"}, not {expected}.");
            }
        });
}
