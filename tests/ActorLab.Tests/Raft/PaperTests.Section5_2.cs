using ActorLab.Algorithms.Raft;
using ActorLab.Core;

namespace ActorLab.Tests.Raft;

/// <summary>The claims of section 5.2, leader election, and what thesis 4.2.3, 6.2 and 9.6 add.</summary>
public sealed class PaperTestsSection5_2
{
    [Fact]
    public void Section_5_2_servers_start_up_as_followers()
    {
        var server = new OneServer(3);
        Assert.Equal(ServerRole.Follower, server.State.Role);
        Assert.Equal(0, server.State.CurrentTerm);
        Assert.Equal(["election"], server.Armed.Keys);
    }

    [Fact]
    public void Section_5_2_election_timeouts_are_drawn_from_150_to_300_ms_for_each_election()
    {
        var server = new OneServer(3);
        for (var i = 0; i < 3; i++)
        {
            var timer = server.Armed["election"];
            Assert.Equal((150, 300), (timer.Earliest.TotalMilliseconds, timer.Latest.TotalMilliseconds));
            server.Expire("election"); // nobody answers: the next try is drawn anew
        }
    }

    [Fact]
    public void Section_5_2_a_follower_that_hears_its_leader_does_not_stand()
    {
        var server = new OneServer(3);
        for (var i = 0; i < 3; i++)
        {
            server.Hear(2, new RaftMessage.AppendEntries(1, 0, 0, default, 0, i));
            Assert.Equal(["lease"], server.Armed.Keys);
            Assert.Equal((150, 150), Range(server.Armed["lease"]));
        }

        server.Expire("lease");
        Assert.Equal((0, 150), Range(server.Armed["election"])); // 150 to 300 ms in all
    }

    [Fact]
    public void Section_5_2_a_candidate_raises_its_term_votes_for_itself_and_asks_all_others()
    {
        var server = new OneServer(5, OneServer.DiskOf(3, 1, 3), OneServer.Figure2).Forget().Expire("election");
        Assert.Equal(ServerRole.Candidate, server.State.Role);
        Assert.Equal(4, server.State.CurrentTerm);
        Assert.Equal(new NodeId("n1"), server.State.Disk.VotedFor);
        for (var other = 2; other <= 5; other++)
        {
            Assert.Equal(
                new RaftMessage.RequestVote(4, 2, 3, false), Assert.Single(server.SentTo<RaftMessage.RequestVote>(other)));
        }
    }

    [Fact]
    public void Section_5_2_a_vote_of_its_own_counts_when_its_disk_has_it()
    {
        var server = new OneServer(1) { HoldOwn = true }.Expire("election");
        Assert.Equal(ServerRole.Candidate, server.State.Role);
        server.DiskIsDurable();
        Assert.Equal(ServerRole.Leader, server.State.Role);
    }

    [Fact]
    public void Section_5_2_votes_of_another_term_do_not_count_and_neither_do_two_of_one_server()
    {
        var server = new OneServer(5, OneServer.DiskOf(3), OneServer.Figure2).Expire("election");
        server.Hear(2, new RaftMessage.RequestVoteReply(3, true)).Hear(3, new RaftMessage.RequestVoteReply(3, true));
        server.Hear(2, new RaftMessage.RequestVoteReply(4, true)).Hear(2, new RaftMessage.RequestVoteReply(4, true));
        Assert.Equal(ServerRole.Candidate, server.State.Role);
        server.Hear(4, new RaftMessage.RequestVoteReply(4, true));
        Assert.Equal(ServerRole.Leader, server.State.Role);
    }

    [Fact]
    public void Section_5_2_a_leader_says_so_at_once_and_keeps_saying_it()
    {
        var server = new OneServer(3).Lead();
        Assert.Single(server.SentTo<RaftMessage.AppendEntries>(2));
        Assert.Single(server.SentTo<RaftMessage.AppendEntries>(3));
        server.Forget().Expire("heartbeat");
        var heartbeat = Assert.Single(server.SentTo<RaftMessage.AppendEntries>(2));
        Assert.True(heartbeat.Entries.IsEmpty);
        Assert.Contains("heartbeat", server.Armed.Keys);
    }

    [Fact]
    public void Section_5_2_a_candidate_recognizes_a_leader_of_its_own_term()
    {
        var server = new OneServer(3, options: OneServer.Figure2).Expire("election");
        server.Hear(2, new RaftMessage.AppendEntries(1, 0, 0, default, 0, 1));
        Assert.Equal(ServerRole.Follower, server.State.Role);
        Assert.Equal(new NodeId("n2"), server.State.LeaderId);
        Assert.Equal(new NodeId("n1"), server.State.Disk.VotedFor); // the vote of this term stays given
    }

    [Fact]
    public void Section_5_2_a_candidate_of_a_split_vote_starts_a_new_election_with_a_larger_term()
    {
        var server = new OneServer(3, options: OneServer.Figure2).Expire("election").Expire("election");
        Assert.Equal(ServerRole.Candidate, server.State.Role);
        Assert.Equal(2, server.State.CurrentTerm);
    }

    [Fact]
    public void Section_5_2_granting_a_vote_puts_the_own_election_off()
    {
        var server = new OneServer(3, options: OneServer.Figure2).Forget();
        server.Hear(2, new RaftMessage.RequestVote(1, 0, 0, false));
        Assert.Contains(server.Effects, effect => effect is Effect.StartTimer { Timer.Name: "election" });
    }

    [Fact]
    public void Thesis_9_6_a_pre_candidate_keeps_its_term_until_a_majority_would_vote_for_it()
    {
        var server = new OneServer(5).Expire("election");
        Assert.Equal((ServerRole.PreCandidate, 0), (server.State.Role, server.State.CurrentTerm));
        server.Hear(2, new RaftMessage.RequestPreVoteReply(0, 1, true));
        Assert.Equal((ServerRole.PreCandidate, 0), (server.State.Role, server.State.CurrentTerm));
        server.Hear(3, new RaftMessage.RequestPreVoteReply(0, 1, true));
        Assert.Equal((ServerRole.Candidate, 1), (server.State.Role, server.State.CurrentTerm));
    }

    [Fact]
    public void Thesis_9_6_answering_a_pre_vote_changes_nothing()
    {
        var server = new OneServer(3, OneServer.DiskOf(2, 1, 2));
        var before = server.State;
        server.Hear(2, new RaftMessage.RequestPreVote(3, 2, 2));
        server.Hear(3, new RaftMessage.RequestPreVote(3, 1, 2));
        Assert.Same(before, server.State);
        Assert.Equal(new RaftMessage.RequestPreVoteReply(2, 3, true), server.SentTo<RaftMessage.RequestPreVoteReply>(2).Single());
        Assert.Equal(new RaftMessage.RequestPreVoteReply(2, 3, false), server.SentTo<RaftMessage.RequestPreVoteReply>(3).Single());
    }

    [Fact]
    public void Thesis_4_2_3_a_server_that_hears_a_leader_neither_votes_nor_takes_the_term_unless_it_was_asked_for()
    {
        var server = new OneServer(3).Hear(2, new RaftMessage.AppendEntries(1, 0, 0, default, 0, 1));
        var before = server.State;
        server.Forget().Hear(3, new RaftMessage.RequestVote(9, 9, 9, false)).Hear(3, new RaftMessage.RequestPreVote(9, 9, 9));
        Assert.Same(before, server.State);
        Assert.Equal(0, server.Count<RaftMessage.RequestVoteReply>());
        Assert.False(server.SentTo<RaftMessage.RequestPreVoteReply>(3).Single().VoteGranted);

        server.Hear(3, new RaftMessage.RequestVote(9, 9, 9, true));
        Assert.True(server.SentTo<RaftMessage.RequestVoteReply>(3).Single().VoteGranted);
    }

    [Fact]
    public void Thesis_4_2_3_once_the_lease_is_over_it_votes()
    {
        var server = new OneServer(3).Hear(2, new RaftMessage.AppendEntries(1, 0, 0, default, 0, 1)).Expire("lease");
        server.Forget().Hear(3, new RaftMessage.RequestVote(2, 0, 0, false));
        Assert.True(server.SentTo<RaftMessage.RequestVoteReply>(3).Single().VoteGranted);
    }

    [Fact]
    public void Thesis_6_2_a_leader_that_hears_no_majority_steps_down_and_one_that_does_stays()
    {
        var server = new OneServer(5).Lead();
        server.HearMatch(2, 1).HearMatch(3, 1).Expire("quorum");
        Assert.Equal(ServerRole.Leader, server.State.Role);
        server.HearMatch(2, 1).Expire("quorum");
        Assert.Equal(ServerRole.Follower, server.State.Role);
        Assert.Null(server.State.LeaderId);
        Assert.Equal(["election"], server.Armed.Keys);
    }

    [Fact]
    public void Elect_from_outside_starts_an_election_that_leases_do_not_stop()
    {
        var server = new OneServer(3).Hear(2, new RaftMessage.AppendEntries(1, 0, 0, default, 0, 1)).Forget();
        server.Hear(Address.Outside, new RaftMessage.Elect());
        Assert.Equal((ServerRole.Candidate, 2), (server.State.Role, server.State.CurrentTerm));
        Assert.True(server.SentTo<RaftMessage.RequestVote>(2).Single().Disruptive);
        Assert.Equal(["election"], server.Armed.Keys);
    }

    private static (double, double) Range(ActorLab.Core.Timer timer) =>
        (timer.Earliest.TotalMilliseconds, timer.Latest.TotalMilliseconds);
}
