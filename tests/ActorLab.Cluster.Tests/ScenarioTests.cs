namespace ActorLab.Cluster.Tests;

/// <summary>Scenarios come and go on a node that runs.</summary>
public sealed class ScenarioTests
{
    private static ScenarioSetup Named(string name, int run, int start, params string[] nodes) =>
        new(ToyRole.Of(nodes) with { Name = name }, new ScenarioPlan(name, new Dictionary<string, int>(), run, start));

    private static async Task<IEnumerable<string>> Kept(LabNode node, string scenario)
    {
        await Eventually.True(() => node.Find(scenario)?.Role(ToyRole.Name)?.DurableState is not null, $"{scenario} runs");
        return ((ToyState)node.Find(scenario)!.Role(ToyRole.Name)!.DurableState!).Disk.Kept;
    }

    private static Task<OperationResult> Put(LabNode node, string scenario, string text) =>
        node.Find(scenario)!.Operations.SubmitAsync(ToyRole.Name, number => new ToyMessage.Put(number, text), ToyCluster.Limit);

    [Fact]
    public async Task A_scenario_that_stops_and_starts_again_goes_on_with_its_disk_and_another_run_does_not()
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await ToyCluster.Start(["n1"], folder.Path);
        var node = cluster["n1"];
        Assert.True(await node.RunOnlyAsync(1, [Named("toy", 1, 1, "n1"), Named("other", 1, 1, "n1")]));
        Assert.Equal(Outcome.Ok, (await Put(node, "toy", "a")).Outcome);
        Assert.Equal(Outcome.Ok, (await Put(node, "other", "b")).Outcome);
        var incarnation = node.Find("other")!.Role(ToyRole.Name)!.Incarnation;

        Assert.True(await node.RunOnlyAsync(2, [Named("toy", 1, 1, "n1")]));
        Assert.Null(node.Find("other"));
        Assert.True(await node.RunOnlyAsync(3, [Named("toy", 1, 1, "n1"), Named("other", 1, 2, "n1")]));
        Assert.Equal(["b"], await Kept(node, "other"));
        Assert.True(node.Find("other")!.Role(ToyRole.Name)!.Incarnation > incarnation);

        Assert.True(await node.RunOnlyAsync(4, [Named("toy", 1, 1, "n1"), Named("other", 2, 3, "n1")]));
        Assert.Empty(await Kept(node, "other"));
        Assert.Equal(["a"], await Kept(node, "toy"));
    }

    [Fact]
    public async Task Roles_of_a_second_start_hear_each_other_and_nobody_of_the_first()
    {
        await using var cluster = await ToyCluster.Start("n1", "n2");
        for (var start = 1; start <= 2; start++)
        {
            await Run("n1", start);
            await Run("n2", start);
            await Heard($"start {start}");
        }

        await Run("n1", 3);
        await Tell("stray"); // n2 has yet to hear of the third start
        await cluster.Put("n1", "behind it"); // on the same way, to the toy of n2
        await Eventually.True(() => cluster["n2"].Find("toy")!.Role(ToyRole.Name)!.DurableState is ToyState toy && toy.Copied.Contains("behind it"), "n2 hears what was sent later");
        await Put(cluster["n2"], "other", "asked");
        Assert.DoesNotContain("stray", Copied());
        await Run("n2", 3);
        await Heard("start 3");
        Assert.Equal(["start 3"], Copied().Distinct());

        Task<bool> Run(string name, int start) => cluster[name].RunOnlyAsync(start, [Named("toy", 1, 1, "n1", "n2"), Named("other", 1, start, "n1", "n2")]);

        Task<OperationResult> Tell(string text) => cluster["n1"].Find("other")!.Operations.SubmitAsync(
            ToyRole.Name, _ => new ToyMessage.Relay(text), TimeSpan.FromMilliseconds(1));

        IEnumerable<string> Copied() => cluster["n2"].Find("other")!.Role(ToyRole.Name)!.DurableState is ToyState state ? state.Copied : [];

        Task Heard(string text) => Eventually.True(
            () =>
            {
                _ = Tell(text);
                return Copied().Contains(text);
            },
            $"n2 hears '{text}'");
    }

    [Fact]
    public async Task An_old_plan_changes_nothing()
    {
        await using var cluster = await ToyCluster.Start("n1");
        Assert.True(await cluster["n1"].RunOnlyAsync(5, [Named("toy", 1, 1, "n1"), Named("other", 1, 1, "n1")]));
        Assert.False(await cluster["n1"].RunOnlyAsync(5, []));
        Assert.False(await cluster["n1"].RunOnlyAsync(4, []));
        Assert.Equal(["other", "toy"], cluster["n1"].Scenarios.Select(scenario => scenario.Name));
    }

    /// <summary>As long as the old roles run, nobody else may have their disks.</summary>
    [Fact]
    public async Task A_scenario_that_does_not_stop_runs_still_and_is_stopped_when_asked_again()
    {
        using var end = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var name = $"{Guid.NewGuid()}";
        ToyMessage.Hang.Gates[name] = (begun, end);
        await using var cluster = await ToyCluster.Start(["n1"], null, settings: new() { ["actorlab.roles.stop-limit"] = "100ms" });
        var node = cluster["n1"];
        try
        {
            _ = Task.Run(() => node.Toy().Operations.SubmitAsync(ToyRole.Name, _ => new ToyMessage.Hang(name), ToyCluster.Limit)); // Akka may run the turn at once, on this thread
            await begun.Task.WaitAsync(ToyCluster.Limit);
            var busy = await Assert.ThrowsAsync<NodeBusy>(() => node.RunOnlyAsync(1, [Named("toy", 1, 2, "n1")]));
            Assert.Equal("toy did not stop on n1 within 0.1 s: a turn or a disk takes so long.", busy.Message);
            Assert.Equal((0, 1), (node.ScenariosVersion, node.Toy().Plan.Start));
        }
        finally
        {
            end.Set(); // whatever failed: the system ends only when its roles do
        }

        using var limit = new CancellationTokenSource(ToyCluster.Limit);
        while (!await Try())
        {
            limit.Token.ThrowIfCancellationRequested();
        }

        Assert.Equal((1, 2), (node.ScenariosVersion, node.Toy().Plan.Start));
        Assert.Equal(Outcome.Ok, (await cluster.Put("n1", "a")).Outcome);

        async Task<bool> Try()
        {
            try
            {
                return await node.RunOnlyAsync(1, [Named("toy", 1, 2, "n1")]);
            }
            catch (NodeBusy)
            {
                return false;
            }
        }
    }

    /// <summary>A plan that is on its way when the node is told to end, and one that comes later: neither starts anything.</summary>
    [Fact]
    public async Task A_node_that_stops_starts_no_scenarios_any_more()
    {
        const string refusal = "n1 is stopping, and starts no scenarios any more: it gets the plan when it is started again.";
        using var end = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var name = $"{Guid.NewGuid()}";
        ToyMessage.Hang.Gates[name] = (begun, end);
        await using var cluster = await ToyCluster.Start("n1");
        var node = cluster["n1"];
        Task<bool> changing;
        Task stopping;
        try
        {
            _ = Task.Run(() => node.Toy().Operations.SubmitAsync(ToyRole.Name, _ => new ToyMessage.Hang(name), ToyCluster.Limit));
            await begun.Task.WaitAsync(ToyCluster.Limit);
            changing = node.RunOnlyAsync(1, [Named("other", 1, 1, "n1")]); // waits for the role's turn
            stopping = node.StopRoles();
            Assert.False(changing.IsCompleted);
            Assert.False(stopping.IsCompleted);
        }
        finally
        {
            end.Set(); // whatever failed: the system ends only when its roles do
        }

        Assert.Equal(refusal, (await Assert.ThrowsAsync<NodeBusy>(() => changing.WaitAsync(ToyCluster.Limit))).Message);
        await stopping.WaitAsync(ToyCluster.Limit);
        Assert.Equal(refusal, (await Assert.ThrowsAsync<NodeBusy>(() => node.RunOnlyAsync(2, [Named("other", 1, 1, "n1")]))).Message);
        Assert.Equal(0, node.ScenariosVersion);
        Assert.Empty(node.Scenarios);
    }

    [Fact]
    public async Task Who_waits_when_a_scenario_stops_is_told()
    {
        await using var cluster = await ToyCluster.Start("n1");
        var node = cluster["n1"];
        var asked = node.Toy().Operations.SubmitAsync(ToyRole.Name, _ => new ToyMessage.Ignore(), ToyCluster.Limit);
        await Eventually.True(() => node.Trace.Read(-1, 1000).Any(line => line.Kind == TraceKind.Operation), "the role took it");
        var toy = node.Toy();
        Assert.True(await node.RunOnlyAsync(1, []));
        var result = await asked.WaitAsync(ToyCluster.Limit);
        Assert.Equal(Outcome.Unknown, result.Outcome);
        Assert.Contains("toy on n1 stopped", result.Reason, StringComparison.Ordinal);
        var late = await toy.Operations.SubmitAsync(ToyRole.Name, number => new ToyMessage.Put(number, "x"), ToyCluster.Limit);
        Assert.Equal(Outcome.Failed, late.Outcome);
    }

    [Fact]
    public async Task What_a_scenario_does_is_traced_under_its_name()
    {
        await using var cluster = await ToyCluster.Start("n1");
        await cluster.Put("n1", "x");
        var lines = cluster["n1"].Trace.Read(-1, 1000);
        Assert.All(lines.Where(line => line.Where.Role == ToyRole.Name), line => Assert.Equal("toy", line.Scenario));
        Assert.Null(Assert.Single(lines, line => line.Kind == TraceKind.Fault).Scenario);
    }
}
