using ActorLab.Algorithms.Raft;
using ActorLab.Core;
using ActorLab.Simulation;
using Xunit.Abstractions;

namespace ActorLab.Tests.Simulation;

/// <summary>Snapshots after a few entries, members that come and go, leaders that make way, and reads at followers, under faults.</summary>
public sealed class RaftWholeTests(ITestOutputHelper output)
{
    private static readonly RaftOptions Whole = RaftOptions.Default with
    {
        CompactEntries = 6,
        KeepEntries = 2,
        MaxChunkBytes = 64,
        FollowerReads = true,
    };

    [Fact]
    public void Three_hundred_seeds_of_every_fault_break_no_property()
    {
        var scenario = WholeScenario(Whole, (members, options) => new RaftServer(members, options));
        var summary = Simulator.RunMany(scenario, Options(scenario), Seeds.Of(300), RaftRuns.VerifyHistory);
        output.WriteLine(summary.RequireAllWell(Seeds.Reproduce(nameof(RaftWholeTests))));
        if (Seeds.All)
        {
            Assert.True(summary.RunsThatReached(RaftProperties.SnapshotInstalled.Name) > 100, summary.ToString());
            Assert.True(summary.RunsThatReached(MembersChanged.Name) > 250, summary.ToString());
        }
    }

    [Fact]
    public void A_snapshot_that_forgets_sessions_is_caught() =>
        Caught((members, options) => new RaftMutants.ForgetsSessions(members, options), RaftProperties.SnapshotsAgree.Name);

    [Fact]
    public void A_follower_that_takes_a_piece_behind_a_hole_is_caught() =>
        Caught((members, options) => new RaftMutants.TakesPiecesBehindHoles(members, options), RaftProperties.SnapshotsAgree.Name);

    private static readonly Property.Sometimes MembersChanged = new(
        "the members change", "A change of the members was committed.",
        world => world.Running<RaftState>().Any(server =>
            server.State.ConfigurationIndex > 0 && server.State.ConfigurationIndex <= server.State.CommitIndex));

    private void Caught(Func<Set<NodeId>, RaftOptions, RaftServer> server, string property)
    {
        var scenario = WholeScenario(Whole, server);
        var summary = Simulator.RunMany(scenario, Options(scenario), Seeds.Of(40), RaftRuns.VerifyHistory);
        output.WriteLine(string.Join('\n', summary.Failures.Select(failure => $"{failure.Seed}: {failure.Reason}")));
        Assert.NotEmpty(summary.Failures);
        Assert.Contains(summary.Failures, failure => failure.Reason.StartsWith(property, StringComparison.Ordinal));
    }

    /// <summary>Five servers, of which four are members at first.</summary>
    private static Scenario WholeScenario(RaftOptions options, Func<Set<NodeId>, RaftOptions, RaftServer> server)
    {
        var scenario = RaftScenario.Of(NodeId.Range(5), NodeId.Range(4), options, ClientOptions.Default, server);
        return scenario with { Properties = scenario.Properties.AddRange([RaftProperties.SnapshotInstalled, MembersChanged]) };
    }

    /// <summary>Users of the clients as always; users of the servers change the members, hand over, and ask for snapshots.</summary>
    private static SimulationOptions Options(Scenario scenario)
    {
        var stormy = RaftRuns.Stormy(scenario);
        var load = stormy.Clients!;
        return stormy with
        {
            Clients = load with
            {
                Clients = [.. load.Clients, new Address(new NodeId("n1"), RaftServer.RoleName), new Address(new NodeId("n2"), RaftServer.RoleName)],
                Next = (random, client, number) => client.Role == RaftServer.RoleName
                    ? new RaftMessage.Manage(number, ChangeOf(random))
                    : load.Next(random, client, number),
            },
        };
    }

    private static RaftChange ChangeOf(RandomStream random)
    {
        var node = new NodeId($"n{random.Next(5) + 1}");
        return random.Next(8) switch
        {
            < 3 => new RaftChange.Add(node),
            < 5 => new RaftChange.Remove(node),
            5 => new RaftChange.Transfer(node),
            _ => new RaftChange.TakeSnapshot(),
        };
    }
}
