using ActorLab.Algorithms.Raft;
using ActorLab.Core;
using ActorLab.Simulation;
using Xunit.Abstractions;

namespace ActorLab.Tests.Simulation;

/// <summary>
/// Thesis 4.2.1: who was asked for as a voter becomes one, though it is down while the leader catches it up, and though that
/// leader leads no more when it is back.
/// </summary>
public sealed class LearnerTests(ITestOutputHelper output)
{
    private static readonly NodeId N4 = new("n4");

    [Fact]
    public void A_learner_that_was_down_until_its_leader_gave_up_becomes_a_voter() => Assert.All(Seeds.Of(20), seed =>
        Assert.True(VotesInTheEnd(seed, leaderChanges: false, (members, options) => new RaftServer(members, options))));

    [Fact]
    public void A_new_leader_goes_on_with_the_learner_of_the_last_one() => Assert.All(Seeds.Of(20), seed =>
        Assert.True(VotesInTheEnd(seed, leaderChanges: true, (members, options) => new RaftServer(members, options))));

    /// <summary>What this test is worth: servers that leave learners alone are seen.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Servers_that_leave_learners_alone_are_seen(bool leaderChanges) =>
        Assert.False(VotesInTheEnd(1, leaderChanges, (members, options) => new LeavesLearnersAlone(members, options)));

    private bool VotesInTheEnd(long seed, bool leaderChanges, Func<Set<NodeId>, RaftOptions, RaftServer> server)
    {
        var scenario = RaftScenario.Of(NodeId.Range(4), NodeId.Range(3), RaftOptions.Default, ClientOptions.Default, server);
        var added = 0;
        var result = Simulator.Run(scenario, new SimulationOptions
        {
            Seed = seed,
            VirtualTime = TimeSpan.FromSeconds(14),
            Script =
            [
                At(0, new FaultAction.Crash(N4)),
                // The leader takes n4 as a learner, n4 is down; with all others down for a moment, somebody else may lead.
                .. leaderChanges
                    ? NodeId.Range(3).SelectMany(node => (ScriptedFault[])
                        [At(3, new FaultAction.Crash(node)), At(3.1, new FaultAction.Restart(node))])
                    : [],
                At(11, new FaultAction.Restart(N4)),
            ],
            Clients = new ClientLoad(
                [.. NodeId.Range(3).Select(node => new Address(node, RaftServer.RoleName))],
                (_, _, number) => new RaftMessage.Manage(number, new RaftChange.Add(N4)))
            {
                Think = Wait.Millis(600, 700),
                Until = TimeSpan.FromSeconds(1.5),
            },
            Watch = turn => added += turn.After is RaftState after && after.Configuration.Learners.Contains(N4) ? 1 : 0,
        });
        var voters = result.World.Running<RaftState>().Select(one => one.State.Configuration.Voters).ToList();
        output.WriteLine($"seed {seed}: {string.Join(" | ", voters.Select(one => string.Join(", ", one)))}; {added} turns with a learner");
        Assert.Equal(4, voters.Count);
        Assert.True(added > 0, "n4 never was a learner.");
        return voters.All(one => one.Contains(N4));
    }

    private static ScriptedFault At(double seconds, FaultAction action) => new(TimeSpan.FromSeconds(seconds), action);

    private sealed class LeavesLearnersAlone(Set<NodeId> members, RaftOptions options) : RaftServer(members, options)
    {
        protected override RaftState GoOnWithLearners(RaftState leader, NodeId? last, Turn<RaftMessage> turn) => leader;
    }
}
