using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Core;

namespace ActorLab.Tests.Raft;

/// <summary>The claims of thesis chapter 4, membership changes, and of 3.10, leadership transfer.</summary>
public sealed class PaperTestsMembership
{
    private static readonly NodeId N1 = new("n1"), N2 = new("n2"), N3 = new("n3"), N4 = new("n4");

    [Fact]
    public void Thesis_4_1_a_leader_changes_nothing_before_it_committed_an_entry_of_its_term()
    {
        var server = new OneServer(3).Lead();
        Ask(server, 1, new RaftChange.Remove(N3));
        Assert.Contains("committed nothing in its term", Failure(server, 1), StringComparison.Ordinal);
        Assert.Equal(1, server.State.Log.LastIndex);
        Ask(server.HearMatch(2, 1), 2, new RaftChange.Remove(N3));
        Assert.Equal([N1, N2], server.State.Configuration.Voters);
    }

    [Fact]
    public void Thesis_4_1_a_configuration_counts_from_the_moment_on_that_it_is_in_the_log()
    {
        var leader = Leader();
        Ask(leader, 1, new RaftChange.Remove(N3));
        Assert.Equal((3, 2), (leader.State.ConfigurationIndex, leader.State.CommitIndex));
        leader.HearMatch(3, 3);
        Assert.Equal(2, leader.State.CommitIndex); // n3 does not count any more
        leader.HearMatch(2, 3);
        Assert.Equal(3, leader.State.CommitIndex);
        Assert.Equal("The members are n1, n2.", Reply(leader, 1).Says);
        Assert.Equal([N2], leader.State.Leadership!.Followers.Keys);

        var follower = new OneServer(3, node: 2);
        follower.Hear(1, new RaftMessage.AppendEntries(1, 0, 0, leader.State.Log.Entries, 0, 1));
        Assert.Equal([N1, N2], follower.State.Configuration.Voters);
    }

    [Fact]
    public void Thesis_4_1_a_follower_goes_back_to_the_earlier_configuration_when_a_leader_replaces_the_entry()
    {
        var log = OneServer.LogOf(1).Add(new LogEntry(1, new LogCommand.Configure([N1, N2], [])));
        var follower = new OneServer(3, new RaftDisk(1, null, log), node: 2);
        Assert.Equal(([N1, N2], 2L), (follower.State.Configuration.Voters, follower.State.ConfigurationIndex));
        follower.Hear(3, new RaftMessage.AppendEntries(2, 1, 1, OneServer.Entries(2), 0, 1));
        Assert.Equal((NodeId.Range(3), 0L), (follower.State.Configuration.Voters, follower.State.ConfigurationIndex));
    }

    [Fact]
    public void Thesis_4_1_one_change_at_a_time()
    {
        var leader = Leader();
        Ask(leader, 1, new RaftChange.Remove(N3));
        Ask(leader, 2, new RaftChange.Remove(N2));
        Assert.Contains("Another change", Failure(leader, 2), StringComparison.Ordinal);
    }

    [Fact]
    public void Thesis_4_2_1_a_new_server_catches_up_as_a_learner_before_it_votes()
    {
        var leader = Leader();
        Ask(leader, 1, new RaftChange.Add(N4));
        Assert.Equal((NodeId.Range(3), [N4]), (leader.State.Configuration.Voters, leader.State.Configuration.Learners));
        leader.HearMatch(4, 3);
        Assert.Equal(2, leader.State.CommitIndex); // a learner does not count
        leader.HearMatch(2, 3).HearMatch(4, 3);
        Assert.Equal((NodeId.Range(4), Set<NodeId>.Empty), (leader.State.Configuration.Voters, leader.State.Configuration.Learners));
        leader.HearMatch(2, 4).HearMatch(3, 4);
        Assert.Equal("The members are n1, n2, n3, n4.", Reply(leader, 1).Says);
    }

    [Fact]
    public void Thesis_4_2_1_a_round_that_takes_an_election_timeout_is_followed_by_another_ten_times_at_most()
    {
        var leader = Leader();
        Ask(leader, 1, new RaftChange.Add(N4));
        leader.HearMatch(2, 3).HearMatch(3, 3).HearPut(1, "k", "v").HearMatch(2, 4).HearMatch(3, 4).Expire("catch-up").HearMatch(4, 3);
        Assert.Equal((2, 4L), (leader.State.Leadership!.Change!.Round, leader.State.Leadership.Change.Target));
        for (var i = 0; i < 18; i++)
        {
            leader.Expire("catch-up");
        }

        var told = Completed(leader, 1);
        Assert.Equal(Outcome.Unknown, told.Outcome);
        Assert.Contains("It is a learner, and votes from then on", told.Reason, StringComparison.Ordinal);
        Ask(leader, 2, new RaftChange.Add(N4)); // again: it is a learner already
        leader.HearMatch(4, 4);
        Assert.Equal(NodeId.Range(4), leader.State.Configuration.Voters);
    }

    [Fact]
    public void Thesis_4_2_1_a_learner_that_was_down_all_the_time_becomes_a_voter_when_it_is_back()
    {
        var leader = Abandoned();
        leader.Expire("catch-up").Expire("catch-up").Expire("catch-up").HearMatch(4, 3);
        Assert.Equal(NodeId.Range(3), leader.State.Configuration.Voters); // that round was slow; the next one is quick
        leader.HearMatch(4, 3);
        Assert.Equal(NodeId.Range(4), leader.State.Configuration.Voters);
        leader.HearMatch(2, 4).HearMatch(3, 4);
        Assert.Equal((4, null), (leader.State.CommitIndex, leader.State.Leadership!.Change));
    }

    [Fact]
    public void Thesis_4_2_1_a_learner_that_is_down_does_not_keep_others_from_changing_the_members()
    {
        var leader = Abandoned();
        Ask(leader, 2, new RaftChange.Remove(N3));
        leader.HearMatch(2, 4);
        Assert.Equal("The members are n1, n2.", Reply(leader, 2).Says);
        Assert.Equal((null, N4), (leader.State.Leadership!.Change!.Asker, leader.State.Leadership.Change.Server)); // it goes on
        Ask(leader, 3, new RaftChange.Remove(N4));
        leader.HearMatch(2, 5);
        Assert.Equal("The members are n1, n2.", Reply(leader, 3).Says);
        Assert.Equal(([], null), (leader.State.Configuration.Learners, leader.State.Leadership!.Change));
        leader.Expire("catch-up");
        Assert.DoesNotContain("catch-up", leader.Armed.Keys);
    }

    [Fact]
    public void Thesis_4_2_1_a_new_leader_goes_on_with_the_learners_of_its_log_in_turn()
    {
        NodeId n5 = new("n5");
        var log = OneServer.LogOf(1).Add(new LogEntry(1, new LogCommand.Configure(NodeId.Range(3), [N4, n5])));
        var leader = new OneServer(3, new RaftDisk(1, null, log)).Lead();
        Assert.Equal((N4, 3L), (leader.State.Leadership!.Change!.Server, leader.State.Leadership.Change.Target));
        leader.HearMatch(4, 3);
        Assert.Equal([N4, n5], leader.State.Configuration.Learners); // it has committed nothing in its term yet
        leader.HearMatch(2, 3).Expire("catch-up").Expire("catch-up");
        Assert.Equal(n5, leader.State.Leadership!.Change!.Server); // n4 had its turn
        leader.HearMatch(5, 3);
        Assert.Equal(([N1, N2, N3, n5], [N4]), (leader.State.Configuration.Voters, leader.State.Configuration.Learners));
        leader.HearMatch(2, 4).HearMatch(3, 4).HearMatch(4, 4).HearMatch(2, 5).HearMatch(3, 5);
        Assert.Equal(NodeId.Range(5), leader.State.Configuration.Voters);
        Assert.Null(leader.State.Leadership!.Change);
    }

    [Fact]
    public void A_leader_that_steps_down_says_that_the_next_one_goes_on_with_the_learner()
    {
        var leader = Leader();
        Ask(leader, 1, new RaftChange.Add(N4));
        leader.Hear(2, new RaftMessage.AppendEntries(2, 0, 0, default, 0, 1));
        var told = Completed(leader, 1);
        Assert.Equal(Outcome.Unknown, told.Outcome);
        Assert.Contains("knows of the learner n4. If so, it goes on with it", told.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("catch-up", leader.Armed.Keys);
    }

    [Fact]
    public void A_server_that_is_no_member_says_so_and_what_to_do()
    {
        var outside = new OneServer(3, options: RaftOptions.Default with { Servers = NodeId.Range(4) }, node: 4);
        outside.Hear(new Address(N4, RaftServer.ClientRoleName), new RaftMessage.FindLeader());
        var said = outside.Effects.OfType<Effect.Send>().Select(send => send.Message).OfType<RaftMessage.LeaderIs>().ToList();
        Assert.Equal(new RaftMessage.LeaderIs(0, null) { IsOutside = true }, Assert.Single(said));
        Ask(outside, 1, new RaftChange.Add(N4));
        Assert.Equal("n4 is no member of the Raft servers: ask another node, or make it a member (raft add n4).", Failure(outside, 1));

        // Once its leader has it as a learner, it knows whom to ask.
        var learned = LogCommandOf(N4);
        outside.Forget().Hear(1, new RaftMessage.AppendEntries(1, 0, 0, [new LogEntry(1, learned)], 0, 1)).Expire("lease");
        Assert.All(
            outside.Effects.OfType<Effect.Send>().Select(send => send.Message).OfType<RaftMessage.LeaderIs>(),
            told => Assert.False(told.IsOutside));
    }

    private static LogCommand.Configure LogCommandOf(NodeId learner) => new(NodeId.Range(3), [learner]);

    /// <summary>A leader whose learner n4 never answered, and whose user was told so.</summary>
    private static OneServer Abandoned()
    {
        var leader = Leader();
        Ask(leader, 1, new RaftChange.Add(N4));
        leader.HearMatch(2, 3).HearMatch(3, 3);
        for (var i = 0; i < 20; i++)
        {
            leader.Expire("catch-up");
        }

        Assert.Equal(Outcome.Unknown, Completed(leader, 1).Outcome);
        Assert.Equal((null, N4), (leader.State.Leadership!.Change!.Asker, leader.State.Leadership.Change.Server));
        return leader;
    }

    [Fact]
    public void Thesis_4_2_2_a_leader_that_removes_itself_does_not_count_itself_and_steps_down_when_that_is_committed()
    {
        var leader = Leader();
        Ask(leader, 1, new RaftChange.Remove(N1));
        leader.HearMatch(2, 3);
        Assert.Equal((2, ServerRole.Leader), (leader.State.CommitIndex, leader.State.Role));
        leader.HearMatch(3, 3);
        Assert.Equal((3, ServerRole.Follower), (leader.State.CommitIndex, leader.State.Role));
        Assert.Equal("The members are n2, n3.", Reply(leader, 1).Says);
        Assert.Single(leader.SentTo<RaftMessage.TimeoutNow>(2));
        leader.Forget().Expire("election");
        Assert.Equal(ServerRole.Follower, leader.State.Role); // it is out, and leaves the others in peace
    }

    [Fact]
    public void Thesis_4_2_2_a_server_that_may_be_the_only_one_with_the_entry_that_removes_it_still_stands()
    {
        var log = OneServer.LogOf(1).Add(new LogEntry(1, new LogCommand.Configure([N2], [])));
        var server = new OneServer(2, new RaftDisk(1, null, log), OneServer.Figure2);
        server.Expire("election").Hear(2, new RaftMessage.RequestVoteReply(2, true));
        Assert.Equal(ServerRole.Leader, server.State.Role);
    }

    [Fact]
    public void Thesis_4_2_a_vote_of_no_member_does_not_count_and_a_learner_does_not_stand()
    {
        var server = new OneServer(3, options: OneServer.Figure2).Expire("election");
        server.Hear(4, new RaftMessage.RequestVoteReply(1, true)).Hear(5, new RaftMessage.RequestVoteReply(1, true));
        Assert.Equal(ServerRole.Candidate, server.State.Role);
        Assert.Equal(ServerRole.Leader, server.Hear(2, new RaftMessage.RequestVoteReply(1, true)).State.Role);

        var log = OneServer.LogOf(1).Add(new LogEntry(1, new LogCommand.Configure(NodeId.Range(3), [N4])));
        var learner = new OneServer(3, new RaftDisk(1, null, log), OneServer.Figure2, node: 4).Expire("election");
        Assert.Equal((ServerRole.Follower, 0), (learner.State.Role, learner.Count<RaftMessage.RequestVote>()));
    }

    [Fact]
    public void Thesis_3_10_a_leader_that_makes_way_takes_nothing_and_tells_the_next_one_when_it_has_all()
    {
        var leader = Leader().HearPut(1, "k", "v");
        Ask(leader, 1, new RaftChange.Transfer(N3));
        Assert.Empty(leader.SentTo<RaftMessage.TimeoutNow>(3));
        Assert.Contains("makes way", Assert.Single(leader.Forget().HearPut(2, "k", "w").SentToClient<RaftMessage.Refused>()).Reason, StringComparison.Ordinal);
        leader.HearMatch(3, 3);
        Assert.Single(leader.SentTo<RaftMessage.TimeoutNow>(3));
        leader.Hear(3, new RaftMessage.RequestVote(2, 3, 1, true));
        Assert.Equal("n1 made way for n3 in term 2.", Reply(leader, 1).Says);
        Assert.True(Assert.Single(leader.SentTo<RaftMessage.RequestVoteReply>(3)).VoteGranted);
    }

    [Fact]
    public void Thesis_3_10_a_handover_that_takes_an_election_timeout_is_called_off()
    {
        var leader = Leader().HearPut(1, "k", "v");
        Ask(leader, 1, new RaftChange.Transfer(N3));
        leader.Expire("handover");
        Assert.Contains("n1 leads on", Failure(leader, 1), StringComparison.Ordinal);
        Assert.Empty(leader.Forget().HearPut(2, "k", "w").SentToClient<RaftMessage.Refused>());
    }

    [Fact]
    public void Thesis_3_10_who_is_told_stands_at_once_though_it_hears_its_leader()
    {
        var server = new OneServer(3, node: 2).Hear(1, new RaftMessage.AppendEntries(1, 0, 0, default, 0, 1));
        server.Hear(1, new RaftMessage.TimeoutNow(1));
        Assert.Equal((ServerRole.Candidate, 2), (server.State.Role, server.State.CurrentTerm));
        Assert.True(Assert.Single(server.SentTo<RaftMessage.RequestVote>(3)).Disruptive);
        Assert.Equal(2, server.Hear(1, new RaftMessage.TimeoutNow(1)).State.CurrentTerm); // once
    }

    public static TheoryData<RaftChange, string> Nonsense => new()
    {
        { new RaftChange.Add(N2), "n2 is a member already." },
        { new RaftChange.Remove(N4), "n4 is no member: the members are n1, n2, n3." },
        { new RaftChange.Transfer(N4), "n4 is no member: the members are n1, n2, n3." },
        { new RaftChange.Add(new NodeId("n9")), "n9 has no server: the servers are n1, n2, n3, n4." },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void What_makes_no_sense_is_refused_with_a_sentence(RaftChange change, string sentence)
    {
        var leader = Leader(RaftOptions.Default with { Servers = NodeId.Range(4) });
        Ask(leader, 1, change);
        Assert.Equal(new ChangeReply(true, sentence), Reply(leader, 1));
        Assert.Equal(2, leader.State.Log.LastIndex);
    }

    [Fact]
    public void The_last_member_stays_and_a_learner_cannot_lead()
    {
        var alone = new OneServer(1).Expire("election");
        Ask(alone, 1, new RaftChange.Remove(N1));
        Assert.StartsWith("n1 is the last member", Reply(alone, 1).Says, StringComparison.Ordinal);
        Ask(alone, 2, new RaftChange.Add(N2));
        Ask(alone, 3, new RaftChange.Transfer(N2));
        Assert.StartsWith("n2 is a learner", Reply(alone, 3).Says, StringComparison.Ordinal);
    }

    [Fact]
    public void A_follower_asks_its_leader_and_tells_its_user_once()
    {
        var follower = new OneServer(3, node: 2);
        Ask(follower, 1, new RaftChange.Add(N4));
        Assert.Contains("knows no leader", Failure(follower, 1), StringComparison.Ordinal);
        follower.Hear(1, new RaftMessage.AppendEntries(1, 0, 0, default, 0, 1));
        Ask(follower, 2, new RaftChange.Add(N4));
        Assert.Equal(new RaftMessage.ManageFor(2, new RaftChange.Add(N4)), Assert.Single(follower.SentTo<RaftMessage.ManageFor>(1)));
        var answer = new RaftMessage.Managed(2, ChangeOutcome.Done, "done");
        follower.Hear(1, answer).Hear(1, answer);
        Assert.Equal("done", Reply(follower, 2).Says);
    }

    [Fact]
    public void Thesis_6_4_a_follower_asks_for_the_read_index_once_for_many_and_answers_when_it_has_applied_it()
    {
        var options = RaftOptions.Default with { FollowerReads = true };
        var follower = new OneServer(3, options: options, node: 2);
        follower.Hear(1, new RaftMessage.AppendEntries(1, 0, 0, OneServer.Entries(1), 1, 1));
        Read(7).HearMany(8, 9);
        Assert.Equal(new RaftMessage.ReadIndex(1, 7), Assert.Single(follower.SentTo<RaftMessage.ReadIndex>(1)));
        follower.Hear(1, new RaftMessage.ReadIndexReply(1, 7, 2));
        Assert.Equal(new RaftMessage.ReadIndex(1, 9), follower.SentTo<RaftMessage.ReadIndex>(1)[^1]);
        Assert.Equal(0, follower.Count<RaftMessage.ReadReply>()); // index 2 is not there yet
        follower.Hear(1, new RaftMessage.AppendEntries(1, 1, 1, OneServer.Entries(1), 2, 1));
        Assert.Equal(1, follower.Count<RaftMessage.ReadReply>());
        follower.Hear(1, new RaftMessage.ReadIndexReply(1, 7, 2)); // once more: not for 8 and 9
        Assert.Equal(1, follower.Count<RaftMessage.ReadReply>());
        follower.Hear(1, new RaftMessage.ReadIndexReply(1, 9, 2));
        Assert.Equal(3, follower.Count<RaftMessage.ReadReply>());

        Asking Read(long number)
        {
            follower.Hear(new Address(N2, RaftServer.ClientRoleName), new RaftMessage.Read(number, new KvCommand.Get("k")));
            return new Asking(number => Read(number));
        }
    }

    [Fact]
    public void Thesis_6_4_a_question_that_is_lost_is_asked_again_and_another_leader_is_asked_by_the_client()
    {
        var follower = new OneServer(3, options: RaftOptions.Default with { FollowerReads = true }, node: 2);
        follower.Hear(1, new RaftMessage.AppendEntries(1, 0, 0, default, 0, 1));
        follower.Hear(new Address(N2, RaftServer.ClientRoleName), new RaftMessage.Read(7, new KvCommand.Get("k")));
        for (var round = 1; round <= 3; round++)
        {
            follower.Hear(1, new RaftMessage.AppendEntries(1, 0, 0, default, 0, round));
        }

        Assert.Equal(2, follower.SentTo<RaftMessage.ReadIndex>(1).Length);
        follower.Hear(3, new RaftMessage.AppendEntries(2, 0, 0, default, 0, 1));
        Assert.Equal(1, follower.Count<RaftMessage.NotLeader>());
        Assert.Equal(0, follower.State.Reads.Count);
    }

    [Fact]
    public void Thesis_6_4_a_leader_tells_the_read_index_once_a_majority_answered_a_round_that_began_later()
    {
        var leader = Leader();
        leader.Hear(2, new RaftMessage.ReadIndex(1, 7));
        Assert.Empty(leader.SentTo<RaftMessage.ReadIndexReply>(2));
        leader.HearMatch(3, 2);
        Assert.Equal(new RaftMessage.ReadIndexReply(1, 7, 2), Assert.Single(leader.SentTo<RaftMessage.ReadIndexReply>(2)));
    }

    private static OneServer Leader(RaftOptions? options = null) => OneServer.LeaderWithSession(3, options);

    private static void Ask(OneServer server, long operation, RaftChange change) =>
        server.Hear(Address.Outside, new RaftMessage.Manage(operation, change));

    private static HistoryEvent.Completed Completed(OneServer server, long operation) => Assert.Single(
        server.Effects.OfType<Effect.Report>().Select(report => report.Event).OfType<HistoryEvent.Completed>(),
        completed => completed.Operation == operation);

    private static ChangeReply Reply(OneServer server, long operation) => Assert.IsType<ChangeReply>(Completed(server, operation).Reply);

    private static string Failure(OneServer server, long operation)
    {
        var completed = Completed(server, operation);
        Assert.Equal(Outcome.Failed, completed.Outcome);
        return completed.Reason;
    }

    private sealed record Asking(Func<long, Asking> Read)
    {
        public void HearMany(params long[] numbers) => numbers.ToList().ForEach(number => Read(number));
    }
}
