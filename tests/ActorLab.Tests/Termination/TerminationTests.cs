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
    [InlineData(2, 3, 0, 2, 256)]
    [InlineData(2, 3, 0, 3, 578)]
    [InlineData(3, 2, 0, 1, 725)]
    [InlineData(3, 3, 0, 2, 6_142)]
    [InlineData(2, 2, 1, 3, 3_496)]
    [InlineData(3, 0, 2, 3, 4_345)]
    public void No_world_has_a_false_detection_and_every_run_an_end_that_is_found(int nodes, int tasks, int more, int looks, int distinct)
    {
        var result = ModelChecker.Check(
            TerminationScenario.Family.With(("nodes", nodes), ("tasks", tasks), ("more", more), ("looks", looks)));
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
    [InlineData("answers-who-asked-later", TerminationProperties.NoFalseDetection, 10)]
    public void Each_mutant_is_caught_by_the_property_that_should(string name, string property, int steps)
    {
        var mutant = TerminationMutants.All.Single(one => one.Name == name);
        var result = ModelChecker.Check(mutant.Family.With(), new CheckOptions { Properties = [property] });
        Assert.Null(result.Failure);
        Assert.Equal(VerdictKind.Violated, result[property].Kind);
        Assert.Equal(steps, result[property].Story!.Steps.Count);
    }

    /// <summary>Users who come while a snapshot is under way, on slow channels: where the right one keeps its promises.</summary>
    [Fact]
    public void The_simulator_catches_who_answers_users_that_asked_later()
    {
        var mutant = TerminationMutants.All.Single(one => one.Name == "answers-who-asked-later");
        var setting = SimulatorSetting.Of(mutant);
        var (wrong, runs) = MutantMatrix.RunsOf(mutant.Family, setting);
        var caught = Simulator.RunMany(wrong, runs, Seeds.Of(64)).Failures;
        Assert.NotEmpty(caught);
        Assert.All(caught, failure => Assert.Equal(TerminationProperties.NoFalseDetection, failure.Property));
        var (right, sameRuns) = MutantMatrix.RunsOf(TerminationScenario.Family, setting);
        output.WriteLine(Simulator.RunMany(right, sameRuns, Seeds.Of(300)).RequireAllWell(Seeds.Reproduce($"Termination.{nameof(TerminationTests)}")));
    }

    [Theory]
    [InlineData("nodes=3 tasks=20 looks=0", 300)]
    [InlineData("nodes=3 tasks=20 looks=0 lossy=1", 300)]
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
    public void Work_that_comes_in_steadily_puts_the_first_task_off_no_further()
    {
        var worker = AWorker().Ask(new Work(1, 4));
        Assert.Single(worker.Effects.OfType<Effect.StartTimer>());
        worker.Forget().Ask(new Work(2, 4)).Hear("n3/account", new Transfer(1, default));
        Assert.Equal(9, worker.State.Disk.Balance);
        Assert.Empty(worker.Effects.OfType<Effect.StartTimer>());
    }

    [Fact]
    public void Who_watches_goes_on_after_a_crash_and_tells_whoever_asks()
    {
        var worker = AWorker().Ask(new Detect(1));
        Assert.Equal(new Watch(1, null), worker.State.Disk.Watch);
        Assert.Equal([new Marker(Snapshot(1), 0)], worker.Sent<Marker>("n2/account"));
        worker.Restart().Ask(new Detect(1)).Forget().Expire("look");
        Completes(worker, 1, left: 3);
        Completes(worker, 2, left: 0);
        Assert.Equal([(1, new WorkDone(Snapshot(2), 1))], Told(worker));
        Assert.Equal(new Watch(1, Snapshot(2)), worker.State.Disk.Watch);
    }

    /// <summary>The snapshot was begun before the work came that the second asks for: it may answer the first alone.</summary>
    [Fact]
    public void Who_asks_while_a_snapshot_is_under_way_is_told_by_a_later_one()
    {
        var worker = AWorker().Ask(new Detect(1)).Ask(new Work(2, 4)).Ask(new Detect(3));
        worker.Forget();
        Completes(worker, 1, left: 0);
        Assert.Equal([(1, new WorkDone(Snapshot(1), 1))], Told(worker));
        Assert.Equal(new Watch(1, null), worker.State.Disk.Watch);
        worker.Forget().Expire("look");
        Completes(worker, 2, left: 0);
        Assert.Empty(Told(worker));
        worker.Expire("task").Expire("task"); // and what it hands on is in no channel any more
        Assert.Equal(0, worker.State.Disk.Balance);
        worker.Forget().Expire("look");
        Completes(worker, 3, left: 0);
        Assert.Equal([(3, new WorkDone(Snapshot(3), 2))], Told(worker));
        Assert.Equal(new Watch(1, Snapshot(3)), worker.State.Disk.Watch);
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

    private static SnapshotId Snapshot(int number) => new(new NodeId("n1"), number);

    /// <summary>All others have recorded, one of them with tasks left.</summary>
    private static void Completes(OneRole<AccountState, AccountDisk, BankMessage> worker, int number, long left)
    {
        foreach (var other in Others)
        {
            worker.Hear($"{other}/account", new Marker(Snapshot(number), 0))
                .Hear($"{other}/account", new Recorded(Snapshot(number), LocalSnapshot.Begin(other == Others[0] ? left : 0, [])));
        }
    }

    private static IEnumerable<(long, WorkDone)> Told(OneRole<AccountState, AccountDisk, BankMessage> worker) =>
        worker.Effects.OfType<Effect.Report>().Select(report => report.Event).OfType<HistoryEvent.Completed>()
            .Where(completed => completed.Reply is WorkDone).Select(completed => (completed.Operation, (WorkDone)completed.Reply!));

    private sealed class First : IChoices
    {
        public int Next(int options) => 0;
    }
}
