using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Core;
using ActorLab.Simulation;
using ActorLab.Tests.Simulation;
using Xunit.Abstractions;

namespace ActorLab.Tests.Raft;

/// <summary>The situations that the well-known course on distributed systems puts its students' Raft into, by their names.</summary>
public sealed class CourseLabTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    /// <summary>A leader is cut off with entries that nobody has, another leads and is cut off, the first comes back.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Rejoin_of_a_cut_off_leader(int servers)
    {
        var lab = new Course(servers);
        var first = lab.Leader();
        lab.Do(first, new KvCommand.Put("x", "101"));
        lab.Isolate(first);
        var stuck = Enumerable.Range(102, 3).Select(value => lab.Ask(first, new KvCommand.Put("x", $"{value}"), TimeSpan.FromSeconds(1))).ToList();

        var second = lab.Leader(but: first);
        lab.Do(second, new KvCommand.Put("x", "103"));
        lab.RunFor(TimeSpan.FromSeconds(1.5)); // nobody waits for the stuck ones any more
        lab.Isolate(second);
        var third = lab.Leader(but: second);
        lab.Do(third, new KvCommand.Put("x", "104"));
        lab.Heal();
        lab.Do(second, new KvCommand.Put("y", "105"));

        Assert.All(stuck, operation => Assert.NotEqual(Outcome.Ok, lab.OutcomeOf(first, operation)));
        Assert.Equal("104", lab.Read(third, "x"));
        lab.AssertAllEqual();
    }

    /// <summary>
    /// Fifty entries that were never committed, twice, on two pairs of servers: whoever leads next brings all back, and steps back
    /// over terms instead of entries (end of section 5.3).
    /// </summary>
    [Fact]
    public void Backup_over_fifty_uncommitted_entries()
    {
        var lab = new Course(5, RaftOptions.Default with { MaxBatchBytes = 1 });
        var first = lab.Leader();
        lab.Do(first, new KvCommand.Put("x", "start"));
        var pair = lab.Group(first, 1);
        lab.Split(pair);
        lab.AskMany(first, 50);
        lab.RunFor(TimeSpan.FromSeconds(1));

        var second = lab.Leader(but: pair);
        lab.DoMany(second, 50);
        var lame = lab.Nodes.Except(pair).First(node => node != second);
        var other = lab.Nodes.Except(pair).Remove(second).Remove(lame).First();
        var refusedBefore = lab.Refusals;
        lab.Split(Set.Of(second, lame)); // the first pair hears the one that has the fifty committed ones
        lab.AskMany(second, 50);
        lab.RunFor(TimeSpan.FromSeconds(1));

        lab.Only(pair.Add(other));
        var third = lab.Leader(among: pair.Add(other));
        Assert.Equal(other, third); // nobody else has what was committed
        lab.DoMany(third, 50);
        lab.Heal();
        lab.Do(third, new KvCommand.Put("x", "end"));
        lab.AssertAllEqual();
        output.WriteLine($"{lab.Refusals - refusedBefore} AppendEntries were refused on the way back over 100 entries.");
        Assert.InRange(lab.Refusals - refusedBefore, 1, 40);
    }

    [Fact]
    public void Persistence_across_total_restarts()
    {
        var lab = new Course(3);
        for (var round = 1; round <= 8; round++)
        {
            var leader = lab.Leader();
            lab.Do(leader, new KvCommand.Append("x", $"{round};"));
            var acknowledged = Enumerable.Range(0, round).Select(i => lab.Ask(leader, new KvCommand.Append("y", $"{round}.{i};"), Soon)).ToList();
            lab.RunFor(TimeSpan.FromMilliseconds(round * 3)); // some are done, some are under way
            lab.Strike(new FaultAction.PowerCut());
            lab.Strike(new FaultAction.RestartAll());
            Assert.Equal(string.Concat(Enumerable.Range(1, round).Select(i => $"{i};")), lab.Read(lab.Leader(), "x"));
            var kept = lab.Read(lab.Leader(), "y") ?? "";
            Assert.All(
                acknowledged.Where(operation => lab.OutcomeOf(leader, operation) == Outcome.Ok),
                operation => Assert.Contains(((KvCommand.Append)lab.CommandOf(leader, operation)).Value, kept, StringComparison.Ordinal));
        }

        lab.AssertAllEqual();
    }

    /// <summary>Leaders are cut off right after they took a command, links lose and reorder, old messages come very late.</summary>
    [Fact]
    public void Figure_8_unreliable() => AssertAllWell(
        5, RaftRuns.Nervous, 40, options => options with
        {
            Network = new NetworkOptions { Reorder = true, Tail = 0.2, TailDelay = Wait.Millis(2, 800) },
            Faults = new FaultOptions
            {
                Loss = 0.1,
                PartitionEvery = TimeSpan.FromMilliseconds(150),
                PartitionFor = Wait.Millis(50, 400),
                Shapes = [PartitionShape.Isolate],
            },
        });

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    public void Churn(double loss) => AssertAllWell(
        5, RaftOptions.Default, 40, options => options with
        {
            Faults = new FaultOptions
            {
                Loss = loss,
                Duplication = loss,
                CrashEvery = TimeSpan.FromMilliseconds(400),
                Downtime = Wait.Millis(10, 400),
                PartitionEvery = TimeSpan.FromMilliseconds(400),
                PartitionFor = Wait.Millis(50, 400),
            },
        });

    [Fact]
    public void Agreement_under_an_unreliable_network()
    {
        var lab = new Course(5, options: new SimulationOptions
        {
            VirtualTime = TimeSpan.FromMinutes(2),
            Network = new NetworkOptions { Reorder = true, Tail = 0.1, TailDelay = Wait.Millis(2, 200) },
            Faults = new FaultOptions { Loss = 0.1, Duplication = 0.1 },
        });
        var leader = lab.Leader();
        var asked = lab.Nodes.SelectMany(node => Enumerable.Range(0, 50).Select(i =>
            (Node: node, Number: lab.Ask(node, new KvCommand.Append($"k{i % 3}", $"{node}-{i};"), TimeSpan.FromSeconds(30))))).ToList();
        lab.Until(_ => asked.TrueForAll(one => lab.OutcomeOf(one.Node, one.Number) == Outcome.Ok), TimeSpan.FromSeconds(40));
        var all = string.Concat(Enumerable.Range(0, 3).Select(i => lab.Read(leader, $"k{i}")));
        Assert.Equal(250, all.Count(one => one == ';'));
        Assert.All(asked, one => Assert.Contains($"{one.Node}-", all, StringComparison.Ordinal));
    }

    /// <summary>An election takes few messages, and a cluster that has nothing to do sends heartbeats and nothing else.</summary>
    [Fact]
    public void Message_counts_are_bounded()
    {
        var lab = new Course(3);
        lab.Leader();
        output.WriteLine($"{lab.Sent} messages up to the first leader.");
        Assert.InRange(lab.Sent, 1, 30);
        lab.RunFor(TimeSpan.FromSeconds(1));
        var before = lab.Sent;
        lab.RunFor(TimeSpan.FromSeconds(1));
        var idle = lab.Sent - before;
        output.WriteLine($"{idle} messages in a second with nothing to do.");
        Assert.InRange(idle, 1, (1_000 / 50 + 1) * 2 * 2); // a round of heartbeats each 50 ms, to two, and their answers

        var leader = lab.Leader();
        lab.RunFor(TimeSpan.FromMilliseconds(100));
        before = lab.Sent;
        lab.DoMany(leader, 10);
        output.WriteLine($"{lab.Sent - before} messages for ten commands.");
        Assert.InRange(lab.Sent - before, 1, 10 * 14);
    }

    private void AssertAllWell(int servers, RaftOptions raft, int seeds, Func<SimulationOptions, SimulationOptions> with)
    {
        var scenario = RaftScenario.Of(servers, raft);
        var summary = Simulator.RunMany(scenario, with(RaftRuns.Stormy(scenario)), Seeds.Of(seeds), RaftRuns.VerifyHistory);
        output.WriteLine(summary.RequireAllWell(Seeds.Reproduce(nameof(CourseLabTests))));
        if (Seeds.All)
        {
            Assert.True(summary.RunsThatReached(RaftProperties.EntryCommitted.Name) > seeds / 2, summary.ToString());
        }
    }
}
