namespace ActorLab.Cluster.Tests;

/// <summary>Rules for links on real nodes: what leaves, what arrives, and what the traces and counts say.</summary>
public sealed class LinkRuleTests
{
    [Fact]
    public async Task Copies_are_dropped_and_hints_are_not_and_the_trace_says_so()
    {
        await using var cluster = await ToyCluster.Start(["n1", "n2"], null, plan: Plan(1, new LinkRule.Drop { Id = "l1", Message = "Copy", Limit = 2 }));
        await PutAll(cluster, "a", "b", "c");
        await Eventually.True(() => cluster.State("n2").Copied.Contains("c"), "the third copy arrives");
        Assert.Equal(["c"], cluster.State("n2").Copied);
        Assert.Equal(["a", "b", "c"], cluster.State("n2").Hinted);
        Assert.Equal(3, cluster.State("n1").KnownDurable); // what a role tells itself is whole
        var drops = cluster["n1"].Trace.Read(-1, 1_000).Where(line => line.Kind == TraceKind.Drop).ToList();
        Assert.All(drops, line => Assert.Equal("dropped by l1", line.Text));
        Assert.Equal(2, drops.Count);
        Assert.Equal([new RuleCount("l1", "n2", 3, 2)], cluster["n1"].Links.Status().Rules);
        Assert.Equal([new RuleCount("l1", "n1", 0, 0)], cluster["n2"].Links.Status().Rules);
    }

    [Fact]
    public async Task Corrupted_frames_are_refused_and_counted_and_hurt_nobody()
    {
        await using var cluster = await ToyCluster.Start(["n1", "n2"], null, plan: Plan(1, new LinkRule.Corrupt { Id = "l1", Limit = 50, Seed = 4 }));
        var texts = Enumerable.Range(0, 60).Select(i => $"text {i}").ToArray();
        await PutAll(cluster, texts);
        await Eventually.True(() => cluster.State("n2").Copied.Contains("text 59"), "what comes after them arrives");

        // A hint and a copy each: the first 50 frames are damaged, the others whole.
        Assert.Equal(texts.Skip(25), cluster.State("n2").Copied);
        Assert.Equal(texts.Skip(25), cluster.State("n2").Hinted);
        Assert.Equal(50, cluster["n2"].Links.Status().Refused);
        Assert.Equal(50, cluster["n2"].Trace.Read(-1, 1_000).Count(line => line.Kind == TraceKind.Note && line.Text.StartsWith("refuses ", StringComparison.Ordinal)));
        Assert.Equal(50, cluster["n1"].Trace.Read(-1, 1_000).Count(line => line is { Kind: TraceKind.Drop, Text: "corrupted by l1" }));
        Assert.Equal(1, cluster["n2"].Toy().Role(ToyRole.Name)!.Incarnation);
        Assert.True(cluster["n2"].ObservedLinks().Single().Reachable, "probes and membership feel nothing");
    }

    /// <summary>Each copy of a damaged frame is damaged, and none that is dropped comes: so counts of damage and refusals differ.</summary>
    [Fact]
    public async Task Both_copies_of_a_damaged_message_are_refused_and_a_dropped_one_never_comes()
    {
        await using var cluster = await ToyCluster.Start(
            ["n1", "n2"], null,
            plan: Plan(
                1,
                new LinkRule.Corrupt { Id = "l1", Message = "Copy", Limit = 10 },
                new LinkRule.Duplicate { Id = "l2", Message = "Copy" },
                new LinkRule.Drop { Id = "l3", Message = "Copy", Limit = 3 }));
        await PutAll(cluster, [.. Enumerable.Range(0, 12).Select(i => $"{i}")]);
        await Eventually.True(() => cluster.State("n2").Copied.Count == 4, "the last two arrive twice");
        Assert.Equal(["10", "10", "11", "11"], cluster.State("n2").Copied);
        Assert.Equal(10, cluster["n1"].Links.Status().Rules.Single(count => count.Rule == "l1").Hit);
        Assert.Equal(2 * (10 - 3), cluster["n2"].Links.Status().Refused);
    }

    [Fact]
    public async Task Late_and_repeated_copies_arrive_in_order_and_twice()
    {
        await using var cluster = await ToyCluster.Start(
            ["n1", "n2"], null,
            plan: Plan(
                1,
                new LinkRule.Delay { Id = "l1", By = TimeSpan.FromMilliseconds(60), Jitter = TimeSpan.FromMilliseconds(60) },
                new LinkRule.Duplicate { Id = "l2", Message = "Copy" }));
        var texts = Enumerable.Range(0, 20).Select(i => $"{i}").ToArray();
        await PutAll(cluster, texts);
        await Eventually.True(() => cluster.State("n2").Copied.Count == 40, "all arrive twice");
        Assert.Equal(texts, cluster.State("n2").Copied.Distinct());
        Assert.Equal(texts, cluster.State("n2").Hinted);
        Assert.Equal(20, cluster["n1"].Trace.Read(-1, 1_000).Count(line => line.Kind == TraceKind.Duplicate));
    }

    [Fact]
    public async Task What_waits_leaves_when_the_rules_end_and_a_plan_without_rules_has_no_line()
    {
        var slow = Plan(1, new LinkRule.Delay { Id = "l1", By = TimeSpan.FromSeconds(60) });
        await using var cluster = await ToyCluster.Start(["n1", "n2"], null, plan: slow);
        await PutAll(cluster, "a", "b");
        Assert.Equal(4, cluster["n1"].Links.Status().Lines.Single().Waiting);
        Assert.NotNull(cluster["n1"].Links.Lines);

        await cluster["n1"].Links.ApplyAsync(Plan(2));
        await PutAll(cluster, "c");
        await Eventually.True(() => cluster.State("n2").Copied.Contains("c"), "all has come");
        Assert.Equal(["a", "b", "c"], cluster.State("n2").Copied);
        Assert.Null(cluster["n1"].Links.Lines);
    }

    [Fact]
    public void A_plan_goes_to_nodes_and_back()
    {
        var plan = Plan(7, new LinkRule.Drop { Id = "l1", From = new NodeId("n1"), Probability = 0.5 }) with
        {
            Cuts = [new Link(new NodeId("n1"), new NodeId("n2"))],
            Messages = [new LinkFaults(null, new NodeId("n2"), new MessageFaults { Drop = 0.1 })],
        };
        var json = System.Text.Json.JsonSerializer.Serialize(FaultPlanJson.Of(plan), NodeJson.Options);
        Assert.Equal(plan, System.Text.Json.JsonSerializer.Deserialize<FaultPlanJson>(json, NodeJson.Options)!.ToPlan());
    }

    [Theory]
    [InlineData("{\"version\": 1, \"links\": [{\"do\": \"drop\", \"probability\": 7}]}", "its probability is 7")]
    [InlineData("{\"version\": 1, \"links\": [{\"do\": \"melt\"}]}", "links of the fault plan cannot be read")]
    [InlineData("{\"version\": 1, \"links\": 3}", "links of the fault plan cannot be read")]
    public void A_plan_that_makes_no_sense_to_a_node_is_a_sentence(string json, string sentence)
    {
        var plan = System.Text.Json.JsonSerializer.Deserialize<FaultPlanJson>(json, NodeJson.Options)!;
        Assert.Contains(sentence, Assert.Throws<FormatException>(() => plan.ToPlan()).Message, StringComparison.Ordinal);
    }

    private static FaultPlan Plan(long version, params Seq<LinkRule> rules) => new(version, []) { Links = rules };

    private static async Task PutAll(ToyCluster cluster, params string[] texts)
    {
        foreach (var text in texts)
        {
            await cluster.Put("n1", text);
        }
    }
}
