using ActorLab.Algorithms.Paxos;
using ActorLab.Algorithms.PingPong;
using ActorLab.Core;
using ActorLab.Simulation;
using Xunit.Abstractions;

namespace ActorLab.Tests.Simulation;

public sealed class GuestSimulationTests(ITestOutputHelper output)
{
    private static readonly PaxosOptions Three = new(Proposers: 3, Acceptors: 5, Learners: 2, Ballots: 100);

    /// <summary>Crashes mostly in the middle of a write, for a few milliseconds, while ballots are under way.</summary>
    private static readonly SimulationOptions Stormy = new()
    {
        VirtualTime = TimeSpan.FromSeconds(4),
        Quiet = TimeSpan.FromSeconds(2),
        Network = new NetworkOptions { Reorder = true, Delay = Wait.Millis(1, 100) },
        Faults = new FaultOptions
        {
            Loss = 0.1,
            Duplication = 0.2,
            CrashEvery = TimeSpan.FromMilliseconds(50),
            Downtime = Wait.Millis(1, 50),
            CrashInWrite = 0.8,
            PartitionEvery = TimeSpan.FromMilliseconds(400),
            PartitionFor = Wait.Millis(50, 300),
        },
    };

    [Fact]
    public void Two_hundred_seeds_of_every_fault_break_no_property()
    {
        var summary = Simulator.RunMany(AskedOften(PaxosScenario.Of(Three)), Stormy, Seeds.Of(200));
        output.WriteLine(summary.RequireAllWell(Seeds.Reproduce(nameof(GuestSimulationTests))));
        if (Seeds.All)
        {
            Assert.InRange(summary.RunsThatReached("A Value Is Chosen"), 100, 200);
            Assert.InRange(summary.RunsThatReached("Two Proposers Duel"), 50, 200);
        }
    }

    [Fact]
    public void An_acceptor_that_forgets_its_promise_is_caught()
    {
        var summary = Simulator.RunMany(AskedOften(PaxosMutants.ForgetfulAcceptor(Three)), Stormy, Seeds.Of(200));
        output.WriteLine(summary.ToString());
        Assert.NotEmpty(summary.Failures);
        Assert.All(summary.Failures, failure => Assert.Matches("^(Consistency|A Chosen Value Stays)", failure.Reason));
    }

    [Fact]
    public void Ping_pong_reaches_its_last_count_where_nothing_is_lost()
    {
        var result = Simulator.Run(PingPongScenario.Of(1000, new Network()), new SimulationOptions());
        Assert.Null(result.Violation);
        Assert.DoesNotContain(result.Verdicts, verdict => verdict.Finding == Finding.NotReached);
        Assert.InRange(result.Turns, 2_000, 2_010); // each player takes a thousand, and boots
    }

    /// <summary>Each proposer is asked again and again, for a crash makes it forget what it was asked.</summary>
    private static Scenario AskedOften(Scenario scenario) => scenario with
    {
        Workload = [.. Enumerable.Repeat(scenario.Workload, 30).SelectMany(workload => workload)],
    };
}
