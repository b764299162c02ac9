using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Algorithms.Termination;
using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Lab;
using ActorLab.Simulation;
using ActorLab.Tests.Simulation;
using Xunit.Abstractions;
using static ActorLab.Algorithms.ChandyLamport.BankMessage;

namespace ActorLab.Tests.Termination;

/// <summary>The end of a computation, detected from snapshots: Chandy and Lamport 1985, section 5.</summary>
public sealed class TerminationTests(ITestOutputHelper output)
{
    private static readonly Set<NodeId> Others = [new NodeId("n2"), new NodeId("n3")];

    /// <summary>Pinned: a count that moves means that the roles, the observer or the kernel changed.</summary>
    [Theory]
    [InlineData(2, 3, 2, 256)]
    [InlineData(2, 3, 3, 578)]
    [InlineData(3, 2, 1, 725)]
    [InlineData(3, 3, 2, 6_142)]
    public void No_world_has_a_false_detection_and_every_run_an_end_that_is_found(int nodes, int tasks, int looks, int distinct)
    {
        var result = ModelChecker.Check(TerminationScenario.Family.With(("nodes", nodes), ("tasks", tasks), ("looks", looks)));
        Assert.True(result.Passed, string.Join(", ", result.Verdicts.Select(verdict => $"{verdict.Property.Name}: {verdict.Kind}")));
        Assert.Equal(distinct, result.Distinct);
    }

    /// <summary>The end is claimed while a task is still to come, for it overtook the marker.</summary>
    [Fact]
    public void Channels_that_reorder_make_false_detections() => Assert.Equal(
        VerdictKind.Violated,
        ModelChecker.Check(TerminationScenario.Family.With(("fifo", 0)))[TerminationProperties.NoFalseDetection].Kind);

    [Theory]
    [InlineData("looks-at-processes-only", TerminationProperties.NoFalseDetection, 7)]
    [InlineData("looks-once", TerminationProperties.EndIsDetected, 9)]
    public void Each_mutant_is_caught_by_the_property_that_should(string name, string property, int steps)
    {
        var mutant = TerminationMutants.All.Single(one => one.Name == name);
        var result = ModelChecker.Check(mutant.Family.With(), new CheckOptions { Properties = [property] });
        Assert.Null(result.Failure);
        Assert.Equal(VerdictKind.Violated, result[property].Kind);
        Assert.Equal(steps, result[property].Story!.Steps.Count);
    }

    [Theory]
    [InlineData("nodes=3 tasks=20 looks=0", 100)]
    [InlineData("nodes=3 tasks=20 looks=0 lossy=1", 100)]
    public void Seeds_make_no_false_detection_and_leave_no_end_unfound(string values, int seeds)
    {
        var known = Simulatable.Find(TerminationScenario.Name);
        var arguments = Checkable.ArgumentsOf(known.Family.Name, known.Family.Parameters, CheckerSetting.ValuesOf(values));
        var scenario = known.Family.Build(arguments);
        var faults = arguments["lossy"] == 1 ? FaultOptions.All : FaultOptions.None;
        var options = known.OptionsFor(scenario, arguments, faults, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(6));
        var summary = Simulator.RunMany(
            scenario, options with { Clients = options.Clients! with { Until = TimeSpan.FromSeconds(4) } }, Seeds.Of(seeds));
        output.WriteLine(summary.RequireAllWell(Seeds.Reproduce(nameof(TerminationTests))));
        if (Seeds.All)
        {
            Assert.Equal(seeds, summary.RunsThatReached("The End Is Found"));
            Assert.True(summary.RunsThatReached("Work Is Found On Its Way") > 5, summary.ToString());
        }
    }

    [Fact]
    public void A_worker_does_a_task_and_hands_on_half_of_what_is_left()
    {
        var worker = AWorker().Ask(new Work(1, 4)).Expire("task");
        Assert.Equal(1, worker.State.Disk.Balance);
        Assert.Equal([new Transfer(2, default)], worker.Sent<Transfer>("n2/account"));
        worker.Expire("task");
        Assert.Equal(0, worker.State.Disk.Balance);
        Assert.Equal("task", Assert.Single(worker.Forget().Hear("n3/account", new Transfer(1, default)).Effects.OfType<Effect.StartTimer>()).Timer.Name);
    }

    [Fact]
    public void Who_watches_goes_on_after_a_crash_and_tells_whoever_asks()
    {
        var worker = AWorker().Ask(new Detect(1));
        Assert.Equal(new Watch(1, null), worker.State.Disk.Watch);
        Assert.Equal([new Marker(new SnapshotId(new NodeId("n1"), 1), 0)], worker.Sent<Marker>("n2/account"));
        worker.Restart().Forget().Expire("look").Ask(new Detect(1));
        foreach (var number in new[] { 1, 2 })
        {
            var id = new SnapshotId(new NodeId("n1"), number);
            foreach (var other in Others)
            {
                worker.Hear($"{other}/account", new Marker(id, 0)).Hear($"{other}/account", new Recorded(id, LocalSnapshot.Begin(number == 1 ? 3 : 0, [])));
            }
        }

        var done = Assert.Single(worker.Effects.OfType<Effect.Report>().Select(report => report.Event).OfType<HistoryEvent.Completed>());
        Assert.Equal(new WorkDone(new SnapshotId(new NodeId("n1"), 2), 2), done.Reply);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Worker.MostTasks + 1)]
    public void Work_that_is_none_or_too_much_is_refused_in_a_sentence(long tasks)
    {
        var refused = AWorker().Ask(new Work(1, tasks)).Effects.OfType<Effect.Report>()
            .Select(report => report.Event).OfType<HistoryEvent.Completed>().Single();
        Assert.Equal(Outcome.Failed, refused.Outcome);
        Assert.Contains("cannot take", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_users_may_ask_no_worker_asks()
    {
        var worker = AWorker().Forget().Hear("n2/account", new Work(1, 4)).Hear("n2/account", new Detect(2));
        Assert.Empty(worker.Effects);
        Assert.Equal((0, null), (worker.State.Disk.Balance, worker.State.Disk.Watch));
    }

    private static OneRole<AccountState, AccountDisk, BankMessage> AWorker() =>
        new("n1/account", new Worker(new AccountOptions(0, Others, Others, Others.Add(new NodeId("n1")))), new First());

    private sealed class First : IChoices
    {
        public int Next(int options) => 0;
    }
}
