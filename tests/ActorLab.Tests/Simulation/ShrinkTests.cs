using ActorLab.Algorithms.Raft;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Tests.Simulation;

public sealed class ShrinkTests
{
    private static readonly SimulationOptions Forgetful = new()
    {
        VirtualTime = TimeSpan.FromSeconds(10),
        Faults = FaultOptions.Storm,
        Clients = Toys.Questions with { Users = 2 },
    };

    [Fact]
    public void What_is_left_is_needed_item_by_item()
    {
        var lossy = Toys.Bookkeeping(forgets: true) with { Network = new Network(Lossy: true) };
        var shrunk = Shrinker.Shrink(lossy, Forgetful, new ShrinkOptions())!;
        Assert.True(shrunk.IsMinimal);
        Assert.Equal("Durability", shrunk.Result.Violation!.Property);
        Assert.Equal((1, 0, 2), (shrunk.After.Operations, shrunk.After.Faults, shrunk.After.Messages)); // asked, kept, confirmed
        Assert.True(shrunk.Before.Messages >= shrunk.After.Messages);
        RequireMinimal(lossy, shrunk);
    }

    [Fact]
    public void A_fault_that_is_needed_stays()
    {
        var options = Forgetful with { Faults = FaultOptions.Storm with { DiskLies = 1 } };
        var shrunk = Shrinker.Shrink(Toys.Bookkeeping(), options, new ShrinkOptions())!;
        Assert.Equal("Durability", shrunk.Result.Violation!.Property);
        Assert.Equal(
            [typeof(FaultAction.Crash), typeof(FaultAction.Restart)],
            shrunk.Options.Replay!.Faults.Select(fault => fault.Action.GetType()).Order(Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name))));
        RequireMinimal(Toys.Bookkeeping(), shrunk);
    }

    [Fact]
    public void A_violation_of_Raft_shrinks_to_two_elections()
    {
        var scenario = RaftMutants.All.First(mutant => mutant.Name == "forgets-its-vote").Family.With(("servers", 3), ("prevote", 0), ("hurry", 1));
        var options = new SimulationOptions { VirtualTime = TimeSpan.FromSeconds(10), Faults = FaultOptions.All };
        var seed = Seeds.Of(100).First(seed =>
            Simulator.Run(scenario, options with { Seed = seed }).Violation?.Property == RaftProperties.ElectionSafety.Name);
        var shrunk = Shrinker.Shrink(scenario, options with { Seed = seed }, new ShrinkOptions())!;
        Assert.Equal(RaftProperties.ElectionSafety.Name, shrunk.Result.Violation!.Property);
        Assert.InRange(shrunk.After.Messages, 4, 6); // two requests to one voter, and its two answers, at least
        RequireMinimal(scenario, shrunk);
    }

    [Fact]
    public void The_result_is_the_same_on_any_number_of_threads()
    {
        var results = new[] { 1, 2, 3 }.Select(threads => Shrinker.Shrink(
            Toys.Bookkeeping(), Forgetful with { Faults = FaultOptions.Storm with { DiskLies = 1 } }, new ShrinkOptions { Threads = threads })!);
        Assert.Single(results.Select(shrunk => (shrunk.Result.TraceHash, shrunk.After)).Distinct());
    }

    [Fact]
    public void Where_nothing_may_be_lost_no_message_is_left_out()
    {
        // The speaker is heard in order: a story in which 1 was lost would break this at once.
        var scenario = Toys.Conversation() with
        {
            Properties = [new Property.Always("Few", "No more than five are heard.", world =>
                world.All<ChatState>().Single(role => role.Address.Role == "listener").State.Heard.Count <= 5)],
        };
        var shrunk = Shrinker.Shrink(scenario, new SimulationOptions(), new ShrinkOptions())!;
        Assert.Equal((0, 0, 0), (shrunk.After.Operations, shrunk.After.Faults, shrunk.After.Messages));
        Assert.Equal([1, 2, 3, 4, 5, 6], shrunk.Result.Heard());
    }

    [Fact]
    public void What_a_judge_of_histories_finds_shrinks_too()
    {
        var judge = new Property.OfHistory("Patience", "Nobody waits for more than 100 ms.", history => new HistoryJudgement(history.Operations
            .FirstOrDefault(operation => operation.CompletedAt - operation.InvokedAt > 100_000) is { } slow
                ? new HistoryFault($"operation {slow.Number} took longer", slow.CompletedAt!.Value)
                : null));
        var options = Forgetful with { VirtualTime = TimeSpan.FromSeconds(1), Faults = new FaultOptions { Loss = 0.5 }, Properties = [judge] };
        var shrunk = Shrinker.Shrink(Toys.Bookkeeping(), options, new ShrinkOptions())!;
        Assert.Equal("Patience", shrunk.Result.Violation!.Property);
        Assert.Equal(Finding.Violated, shrunk.Result.FindingOf("Patience"));
        Assert.True(shrunk.After.Messages >= 2 && shrunk.After.Messages < shrunk.Before.Messages); // asked, and answered in the end
        RequireMinimal(Toys.Bookkeeping(), shrunk);
        Assert.Equal(Finding.Held, Simulator.Run(Toys.Bookkeeping(), options with { Faults = FaultOptions.None }).FindingOf("Patience"));
    }

    [Fact]
    public void What_the_begin_of_the_quiet_part_breaks_shrinks_too()
    {
        var scenario = Toys.Bookkeeping() with
        {
            Properties = [new Property.Always("Once", "The server boots once.", world => ((LedgerState)world.StateAt(Toys.Server)).Disk.Boots <= 1)],
        };
        var options = new SimulationOptions
        {
            VirtualTime = TimeSpan.FromSeconds(4),
            Quiet = TimeSpan.FromSeconds(2),
            Script =
            [
                new ScriptedFault(TimeSpan.FromSeconds(1), new FaultAction.Crash(Toys.N1)),
                new ScriptedFault(TimeSpan.FromSeconds(1.5), new FaultAction.Slow(Toys.N2, Wait.Millis(1, 2))),
            ],
            Clients = Toys.Questions,
        };
        var shrunk = Shrinker.Shrink(scenario, options, new ShrinkOptions())!;
        Assert.Equal(("Once", TimeSpan.FromSeconds(2)), (shrunk.Result.Violation?.Property, shrunk.Result.Violation!.At));
        Assert.Equal([new FaultAction.Crash(Toys.N1)], shrunk.Options.Replay!.Faults.Select(fault => ((FaultAction.Crash)fault.Action) with { Losses = [] }));
        RequireMinimal(scenario, shrunk);
    }

    /// <summary>Without that, a single long trial would keep the command from ending.</summary>
    [Fact]
    public void A_trial_ends_in_its_midst_when_shrinking_is_cancelled()
    {
        var scenario = Toys.Conversation() with
        {
            Network = new Network(Lossy: true),
            Properties = [new Property.Always("Few", "The hundredth is not heard.", world =>
                !world.All<ChatState>().Any(role => role.State.Heard.Contains(100)))],
        };
        var steps = 0;
        Simulator.Run(scenario, new SimulationOptions { Until = _ => ++steps < 0 });
        var whole = steps;
        using var cancel = new CancellationTokenSource();
        steps = 0;
        var shrunk = Shrinker.Shrink(
            scenario,
            new SimulationOptions
            {
                Until = _ =>
                {
                    if (++steps == whole + 10) // in the first trial
                    {
                        cancel.Cancel();
                    }

                    return false;
                },
            },
            new ShrinkOptions { Cancellation = cancel.Token })!;
        Assert.False(shrunk.IsMinimal);
        Assert.Equal("Few", shrunk.Result.Violation?.Property);
        Assert.Equal((1, (2 * whole) + 10), (shrunk.Tried, steps)); // the run, the trial, and once what is left
    }

    [Fact]
    public void A_long_run_is_shrunk_to_its_end_too()
    {
        var scenario = Toys.Bookkeeping() with
        {
            Properties = [new Property.Always("Few", "The server boots five times at most.", world => ((LedgerState)world.StateAt(Toys.Server)).Disk.Boots <= 5)],
        };
        var options = Forgetful with { VirtualTime = TimeSpan.FromMinutes(5) };
        var shrunk = Shrinker.Shrink(scenario, options, new ShrinkOptions())!;
        Assert.True(shrunk.Before.Operations + shrunk.Before.Messages > 200, $"{shrunk.Before} is no long run");
        Assert.True(shrunk.IsMinimal);
        Assert.Equal((0, 0), (shrunk.After.Operations, shrunk.After.Messages));
        Assert.Equal(10, shrunk.After.Faults); // five crashes, five restarts
        RequireMinimal(scenario, shrunk);
    }

    /// <summary>Nothing left out: then what is decided by its moment is decided as it was.</summary>
    [Fact]
    public void A_run_that_is_taken_by_its_moments_is_the_same_run()
    {
        var scenario = Toys.Bookkeeping(forgets: true) with { Network = new Network(Lossy: true) };
        var run = Simulator.Run(scenario, Forgetful with { RecordDecisions = true, Faults = FaultOptions.All });
        Assert.NotNull(run.Violation);
        var (decisions, loosely) = Schedule.Of(run, mayLose: true).ToLooseDecisions();
        Assert.Empty(decisions.Messages);
        Assert.Empty(decisions.Draws);
        var again = Simulator.Run(scenario, Forgetful with { Faults = FaultOptions.All, Replay = decisions, Loosely = loosely });
        Assert.Equal(run.TraceHash, again.TraceHash);
    }

    [Fact]
    public void A_run_that_breaks_nothing_has_nothing_to_shrink() => Assert.Null(Shrinker.Shrink(
        Toys.Bookkeeping(), Forgetful with { VirtualTime = TimeSpan.FromSeconds(1) }, new ShrinkOptions()));

    [Fact]
    public void When_the_time_is_up_what_was_found_is_kept_and_called_so()
    {
        var shrunk = Shrinker.Shrink(Toys.Bookkeeping(forgets: true), Forgetful, new ShrinkOptions { Limit = TimeSpan.Zero })!;
        Assert.False(shrunk.IsMinimal);
        Assert.Equal("Durability", shrunk.Result.Violation!.Property);
    }

    /// <summary>Leaves out each operation, fault and message alone: the property must hold then.</summary>
    private static void RequireMinimal(Scenario scenario, ShrinkResult shrunk)
    {
        var decisions = shrunk.Options.Replay!;
        Assert.Equal(shrunk.Result.TraceHash, Simulator.Run(scenario, shrunk.Options).TraceHash);
        var smaller = Enumerable.Range(0, decisions.Operations.Count).Select(i => decisions with { Operations = Without(decisions.Operations, i) })
            .Concat(Enumerable.Range(0, decisions.Clocks.Count).Select(i => decisions with { Clocks = Without(decisions.Clocks, i) }))
            .Concat(Enumerable.Range(0, decisions.Faults.Count).Select(i => decisions with { Faults = Without(decisions.Faults, i) }))
            .Concat(Enumerable.Range(0, decisions.Messages.Count).Where(i => decisions.Messages[i].From.Node != decisions.Messages[i].To.Node)
                .Select(i => decisions with { Messages = Without(decisions.Messages, i) }))
            .ToArray();
        Assert.NotEmpty(smaller);
        Assert.All(smaller, one => Assert.NotEqual(
            shrunk.Result.Violation!.Property, Simulator.Run(scenario, shrunk.Options with { Replay = one }).Violation?.Property));
    }

    private static Seq<T> Without<T>(Seq<T> items, int index) => [.. items.Take(index), .. items.Skip(index + 1)];
}
