using ActorLab.Algorithms.Raft;
using ActorLab.Core;

namespace ActorLab.Tests.Raft;

/// <summary>The claims of section 5.4, safety, and of 5.5 and 5.6.</summary>
public sealed class PaperTestsSection5_4
{
    [Fact]
    public void Section_5_4_2_an_entry_of_an_earlier_term_does_not_commit_by_counting_but_with_a_later_one()
    {
        // Figure 8 (c): S1 leads term 4, its entry 2 of term 2 is on S1, S2, S3; entry 3 of term 4 is its own.
        var leader = new OneServer(5, OneServer.DiskOf(3, 1, 2), OneServer.Figure2).Lead();
        Assert.Equal([1L, 2, 4], leader.LogTerms);
        leader.HearMatch(2, 2).HearMatch(3, 2).HearMatch(4, 2);
        Assert.Equal(0, leader.State.CommitIndex);

        // Figure 8 (e): with entry 3 on a majority, all before it are committed too.
        leader.HearMatch(2, 3).HearMatch(3, 3);
        Assert.Equal(3, leader.State.CommitIndex);
    }

    [Fact]
    public void Section_5_4_2_Figure_8_d_the_server_with_the_later_last_term_still_wins_when_entry_2_is_on_a_majority()
    {
        var voter = new OneServer(5, OneServer.DiskOf(4, 1, 2), OneServer.Figure2);
        voter.Hear(5, new RaftMessage.RequestVote(5, 2, 3, false));
        Assert.True(Assert.Single(voter.SentTo<RaftMessage.RequestVoteReply>(5)).VoteGranted);

        // Figure 8 (e): a voter that has the leader's entry of term 4 refuses S5.
        var safe = new OneServer(5, OneServer.DiskOf(4, 1, 2, 4), OneServer.Figure2);
        safe.Hear(5, new RaftMessage.RequestVote(5, 2, 3, false));
        Assert.False(Assert.Single(safe.SentTo<RaftMessage.RequestVoteReply>(5)).VoteGranted);
    }

    [Fact]
    public void Section_5_4_2_the_mutant_commits_it_and_its_loss_is_seen()
    {
        var mutant = new RaftMutants.CountsOldTerms(NodeId.Range(5), OneServer.Figure2);
        Assert.Equal(2, CommitAfterCountingEntry2(mutant));
        Assert.Equal(0, CommitAfterCountingEntry2(new RaftServer(NodeId.Range(5), OneServer.Figure2)));
    }

    [Fact]
    public void Section_5_5_a_retried_vote_request_gets_the_same_answer()
    {
        var server = new OneServer(3, options: OneServer.Figure2);
        server.Hear(2, new RaftMessage.RequestVote(1, 0, 0, false)).Hear(2, new RaftMessage.RequestVote(1, 0, 0, false));
        Assert.All(server.SentTo<RaftMessage.RequestVoteReply>(2), reply => Assert.True(reply.VoteGranted));
        Assert.Equal(2, server.SentTo<RaftMessage.RequestVoteReply>(2).Length);
    }

    [Fact]
    public void Section_5_5_a_vote_is_remembered_across_a_crash()
    {
        var server = new OneServer(3, options: OneServer.Figure2);
        server.Hear(2, new RaftMessage.RequestVote(1, 0, 0, false)).Restart();
        server.Hear(3, new RaftMessage.RequestVote(1, 0, 0, false));
        Assert.False(Assert.Single(server.SentTo<RaftMessage.RequestVoteReply>(3)).VoteGranted);
    }

    [Fact]
    public void Section_5_6_heartbeats_are_well_below_the_election_timeout_by_default() =>
        Assert.True(RaftOptions.Default.HeartbeatInterval * 3 <= RaftOptions.Default.ElectionTimeoutEarliest);

    private static long CommitAfterCountingEntry2(RaftServer server)
    {
        var role = RoleBinding.Of(server);
        var self = new Address(new NodeId("n1"), RaftServer.RoleName);
        var context = new TurnContext(self, null!, null!);
        var state = role.Boot(OneServer.DiskOf(3, 1, 2), context).State;
        state = role.Receive(state, Address.Outside, new RaftMessage.Elect(), context).State;
        foreach (var voter in new[] { "n2", "n3", "n4" })
        {
            var from = new Address(new NodeId(voter), RaftServer.RoleName);
            state = role.Receive(state, from, new RaftMessage.RequestVoteReply(4, true), context).State;
        }

        foreach (var follower in new[] { "n2", "n3" })
        {
            var from = new Address(new NodeId(follower), RaftServer.RoleName);
            state = role.Receive(state, from, new RaftMessage.AppendEntriesReply(4, true, 2, 0, 0, 1), context).State;
        }

        return ((RaftState)state).CommitIndex;
    }
}
