using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Tests.Simulation;

public sealed class ClientTests
{
    [Fact]
    public void Users_wait_for_their_answer_and_ask_again()
    {
        var result = Simulator.Run(
            Toys.Bookkeeping(),
            new SimulationOptions { Clients = Toys.Questions with { Users = 3, Think = Wait.Millis(5, 5) } });
        var operations = result.History.Operations;
        Assert.InRange(operations.Count, 1_500, 6_000);
        Assert.Equal(Enumerable.Range(1, operations.Count), operations.Select(operation => (int)operation.Number));
        Assert.InRange(operations.Count(operation => operation.CompletedAt is null), 0, 3);
        var most = operations.Max(one => operations.Count(other =>
            other.InvokedAt <= one.InvokedAt && (other.CompletedAt ?? long.MaxValue) > one.InvokedAt));
        Assert.Equal(3, most);
    }

    [Fact]
    public void Users_of_a_crashed_client_ask_again_when_it_is_back()
    {
        var run = new SimulationRun(
            Toys.Bookkeeping(), new SimulationOptions { Clients = Toys.Questions with { Users = 2 } });
        run.RunFor(TimeSpan.FromSeconds(1));
        run.Strike(new FaultAction.Crash(Toys.N2));
        var before = run.History.Operations.Count;
        run.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(before, run.History.Operations.Count);
        run.Strike(new FaultAction.Restart(Toys.N2));
        run.RunFor(TimeSpan.FromSeconds(1));
        Assert.InRange(run.History.Operations.Count, before + 40, before * 2);
        Assert.Distinct(run.History.Operations.Select(operation => operation.Number));
    }

    [Fact]
    public void No_operation_starts_after_the_load_ends()
    {
        var result = Simulator.Run(Toys.Bookkeeping(), new SimulationOptions
        {
            Clients = Toys.Questions with { Until = TimeSpan.FromSeconds(1) },
        });
        Assert.All(result.History.Operations, operation => Assert.InRange(operation.InvokedAt, 0, 1_000_000));
        Assert.All(result.History.Operations, operation => Assert.Equal(Outcome.Ok, operation.Outcome));
    }

    [Fact]
    public void A_planned_workload_is_handed_in_once_each_also_past_a_crash()
    {
        Seq<PlannedOperation> planned =
            [.. Enumerable.Range(1, 20).Select(i => new PlannedOperation(Toys.Client, new Ledger.Ask(i)))];
        var result = Simulator.Run(Toys.Bookkeeping() with { Workload = planned }, new SimulationOptions
        {
            Script =
            [
                new ScriptedFault(TimeSpan.FromSeconds(1), new FaultAction.Crash(Toys.N2)),
                new ScriptedFault(TimeSpan.FromSeconds(9), new FaultAction.Restart(Toys.N2)),
            ],
        });
        Assert.Equal(Enumerable.Range(1, 20), result.History.Operations.Select(operation => (int)operation.Number).Order());
    }
}
