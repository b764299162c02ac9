namespace ActorLab.Cluster.Tests;

public sealed class LinkTests
{
    private static readonly NodeId N1 = new("n1");
    private static readonly NodeId N2 = new("n2");
    private static readonly FaultPlan OneWay = FaultPlan.None.WithCuts([new Link(N1, N2)]);

    [Fact]
    public async Task A_link_cut_in_one_direction_carries_the_other_and_heals()
    {
        await using var cluster = await ToyCluster.Start("n1", "n2");
        await Connected(cluster);
        await Both(cluster, OneWay);
        await cluster.Put("n1", "into the hole");
        await cluster.Put("n2", "the other way");
        await Eventually.True(() => cluster.State("n1").Copied.Contains("the other way"), "the open direction carries");
        await Eventually.True(() => !Hears(cluster, "n2", "n1") && Hears(cluster, "n1", "n2"), "probes observe it");
        Assert.True(cluster.State("n2").Copied.IsEmpty);

        await Both(cluster, OneWay.WithCuts([]));
        await Eventually.True(() => Hears(cluster, "n2", "n1"), "probes observe the healing");
        await cluster.Put("n1", "healed");
        await Eventually.True(() => cluster.State("n2").Copied.Contains("healed"), "the healed direction carries");
        Assert.Equal(["healed"], cluster.State("n2").Copied);
    }

    [Fact]
    public async Task A_cut_turns_from_one_direction_to_the_other_and_to_both()
    {
        await using var cluster = await ToyCluster.Start("n1", "n2");
        await Connected(cluster);
        await Both(cluster, OneWay);
        var other = OneWay.WithCuts([new Link(N2, N1)]);
        await Both(cluster, other);
        await cluster.Put("n2", "lost");
        await cluster.Put("n1", "open now");
        await Eventually.True(() => cluster.State("n2").Copied.Contains("open now"), "the first direction is open");
        await Eventually.True(() => !Hears(cluster, "n1", "n2") && Hears(cluster, "n2", "n1"), "probes observe it");
        Assert.True(cluster.State("n1").Copied.IsEmpty);

        await Both(cluster, other.WithCuts([new Link(N1, N2), new Link(N2, N1)]));
        await Eventually.True(() => !Hears(cluster, "n1", "n2") && !Hears(cluster, "n2", "n1"), "both are cut");
    }

    [Fact]
    public async Task A_plan_is_in_force_before_the_first_message()
    {
        var plan = FaultPlan.None.WithCuts([new Link(N1, N2), new Link(N2, N1)]);
        await using var cluster = await ToyCluster.Start(["n1", "n2"], null, plan: plan);
        await cluster.Put("n1", "lost");
        Assert.Equal(2, cluster["n1"].Trace.Read(-1, 100).Count(happening => happening.Kind == TraceKind.Drop));
        await Both(cluster, plan.WithCuts([]));
        await Eventually.True(() => Hears(cluster, "n2", "n1"), "the link heals");
        await cluster.Put("n1", "heard");
        await Eventually.True(() => cluster.State("n2").Copied.Contains("heard"), "the healed link carries");
        Assert.Equal(["heard"], cluster.State("n2").Copied);
        Assert.Equal(["heard"], cluster.State("n2").Hinted);
    }

    [Fact]
    public async Task A_late_copy_of_an_older_plan_is_ignored()
    {
        await using var cluster = await ToyCluster.Start("n1", "n2");
        var newer = OneWay.WithCuts([]);
        Assert.True(await cluster["n1"].Links.ApplyAsync(newer));
        Assert.False(await cluster["n1"].Links.ApplyAsync(OneWay));
        Assert.False(await cluster["n1"].Links.ApplyAsync(newer));
        Assert.Equal(newer.Version, cluster["n1"].Links.Plan.Version);
        await cluster.Put("n1", "open");
        await Eventually.True(() => cluster.State("n2").Copied.Contains("open"), "the link stayed open");
    }

    /// <summary>A connection is made by both ends: where one direction is cut from the start, the other carries nothing either.</summary>
    private static Task Connected(ToyCluster cluster) =>
        Eventually.True(() => Hears(cluster, "n1", "n2") && Hears(cluster, "n2", "n1"), "the nodes are connected");

    private static async Task Both(ToyCluster cluster, FaultPlan plan)
    {
        Assert.True(await cluster["n1"].Links.ApplyAsync(plan));
        Assert.True(await cluster["n2"].Links.ApplyAsync(plan));
    }

    private static bool Hears(ToyCluster cluster, string node, string peer) =>
        cluster[node].ObservedLinks().Single(link => link.Peer == peer).Reachable;
}
