using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Core;

namespace ActorLab.Tests.Raft;

/// <summary>The claims of section 5.3, log replication.</summary>
public sealed class PaperTestsSection5_3
{
    [Fact]
    public void Section_5_3_a_leader_appends_the_command_and_sends_it_to_all_in_parallel()
    {
        var server = new OneServer(3).Lead().HearMatch(2, 1).HearMatch(3, 1).Forget().HearPut(1, "a", "1");
        Assert.Equal(2, server.State.Log.LastIndex);
        foreach (var other in new[] { 2, 3 })
        {
            var append = Assert.Single(server.SentTo<RaftMessage.AppendEntries>(other));
            Assert.Equal((1, 1, 1), (append.Term, append.PrevLogIndex, append.PrevLogTerm));
            Assert.Equal([server.State.Log[2]], append.Entries);
        }
    }

    [Fact]
    public void Thesis_10_2_1_entries_leave_before_the_leader_wrote_them_and_its_own_copy_counts_after()
    {
        var server = new OneServer(3).Lead().HearMatch(2, 1).HearMatch(3, 1).Forget();
        server.HoldOwn = true;
        server.HearPut(1, "a", "1");
        Assert.All(
            server.Effects.OfType<Effect.Send>().Where(send => send.Message is RaftMessage.AppendEntries),
            send => Assert.True(send.Early));
        Assert.All(
            server.Effects.OfType<Effect.Send>().Where(send => send.Message is not RaftMessage.AppendEntries),
            send => Assert.False(send.Early));

        server.HearMatch(2, 2);
        Assert.Equal(1, server.State.CommitIndex); // one copy is durable for sure
        server.DiskIsDurable();
        Assert.Equal(2, server.State.CommitIndex);
    }

    [Fact]
    public void Thesis_10_2_1_followers_alone_may_be_the_majority()
    {
        var server = new OneServer(3).Lead().HearMatch(2, 1).HearMatch(3, 1);
        server.HoldOwn = true;
        server.HearPut(1, "a", "1").HearMatch(2, 2).HearMatch(3, 2);
        Assert.Equal(2, server.State.CommitIndex);
    }

    [Fact]
    public void Section_5_3_an_entry_on_a_majority_commits_is_applied_and_its_client_gets_the_result()
    {
        var server = OneServer.LeaderWithSession(5);
        server.HearPut(1, "a", "1").HearMatch(2, 3);
        Assert.Equal(2, server.State.CommitIndex);
        server.Forget().HearMatch(3, 3);
        Assert.Equal((3, 3), (server.State.CommitIndex, server.State.LastApplied));
        Assert.Equal("1", server.State.Machine.Values["a"]);
        Assert.Equal(new RaftMessage.Reply(2, 1, new KvReply.Done()), Assert.Single(server.SentToClient<RaftMessage.Reply>()));
    }

    [Fact]
    public void Section_5_3_followers_learn_the_commit_index_and_apply_in_log_order()
    {
        var server = new OneServer(3);
        var log = Log.Empty
            .Add(new LogEntry(1, new LogCommand.OpenSession(default, 1)))
            .Add(new LogEntry(1, Put(1, "a", "1")))
            .Add(new LogEntry(1, Put(2, "a", "2")));
        server.Hear(2, new RaftMessage.AppendEntries(1, 0, 0, log.Entries, 0, 1));
        Assert.Equal(0, server.State.LastApplied);
        server.Forget().Hear(2, new RaftMessage.AppendEntries(1, 3, 1, default, 2, 2));
        Assert.Equal("1", server.State.Machine.Values["a"]);
        server.Hear(2, new RaftMessage.AppendEntries(1, 3, 1, default, 3, 3));
        Assert.Equal("2", server.State.Machine.Values["a"]);
        Assert.Equal(0, server.Count<RaftMessage.Reply>()); // the leader answers
    }

    [Fact]
    public void Section_5_3_a_follower_commits_no_further_than_the_last_entry_the_leader_vouched_for()
    {
        var server = new OneServer(3, OneServer.DiskOf(1, 1, 1, 1));
        server.Hear(2, new RaftMessage.AppendEntries(2, 1, 1, default, 3, 1));
        Assert.Equal(1, server.State.CommitIndex); // entries 2 and 3 may be others than the leader's
    }

    [Fact]
    public void Section_5_3_a_lost_message_goes_out_again_until_the_follower_has_all()
    {
        var server = new OneServer(3).Lead();
        var lost = Assert.Single(server.SentTo<RaftMessage.AppendEntries>(2));
        server.Forget().Expire("heartbeat");
        var heartbeat = Assert.Single(server.SentTo<RaftMessage.AppendEntries>(2));
        server.Forget().Hear(2, new RaftMessage.AppendEntriesReply(1, true, heartbeat.PrevLogIndex, 0, 0, heartbeat.Round));
        var again = Assert.Single(server.SentTo<RaftMessage.AppendEntries>(2));
        Assert.Equal(lost.Entries, again.Entries);
        Assert.Equal(lost.PrevLogIndex, again.PrevLogIndex);
    }

    [Fact]
    public void Section_5_3_appending_is_idempotent_and_an_old_message_truncates_nothing()
    {
        var server = new OneServer(3, OneServer.DiskOf(2, 1, 2, 2));
        var disk = server.State.Disk;
        server.Hear(2, new RaftMessage.AppendEntries(2, 0, 0, OneServer.Entries(1, 2), 0, 1));
        Assert.Same(disk, server.State.Disk);
        Assert.Equal(2, Assert.Single(server.SentTo<RaftMessage.AppendEntriesReply>(2)).Index);
    }

    [Fact]
    public void Section_5_3_while_a_batch_is_under_way_what_comes_in_waits_and_goes_out_together()
    {
        var server = new OneServer(3).Lead().HearMatch(2, 1).HearMatch(3, 1).Forget();
        server.HearPut(1, "a", "1").HearPut(2, "a", "2").HearPut(3, "a", "3");
        Assert.Single(Assert.Single(server.SentTo<RaftMessage.AppendEntries>(2)).Entries);
        server.Forget().HearMatch(2, 2);
        Assert.Equal(2, Assert.Single(server.SentTo<RaftMessage.AppendEntries>(2)).Entries.Count);
    }

    [Fact]
    public void Section_5_3_with_pipelining_several_batches_are_under_way()
    {
        var server = new OneServer(3, options: RaftOptions.Default with { MaxInFlight = 2 })
            .Lead().HearMatch(2, 1).HearMatch(3, 1).Forget();
        server.HearPut(1, "a", "1").HearPut(2, "a", "2").HearPut(3, "a", "3");
        Assert.Equal([1, 2], server.SentTo<RaftMessage.AppendEntries>(2).Select(append => append.PrevLogIndex));
        server.HearMatch(2, 3); // the answer to the second says all
        Assert.Equal(4, server.SentTo<RaftMessage.AppendEntries>(2).Last().PrevLogIndex + 1);
    }

    [Fact]
    public void Section_5_3_batches_are_bounded_by_bytes_and_have_at_least_one_entry()
    {
        var server = new OneServer(3, options: RaftOptions.Default with { MaxBatchBytes = 1_000 })
            .Lead().HearMatch(2, 1).HearMatch(3, 1);
        server.HearPut(1, "a", "1");
        server.HearPut(2, "a", new string('x', 10_000));
        for (var number = 3; number < 40; number++)
        {
            server.HearPut(number, "a", "1");
        }

        server.Forget().HearMatch(2, 2);
        Assert.Single(Assert.Single(server.SentTo<RaftMessage.AppendEntries>(2)).Entries);
        server.Forget().HearMatch(2, 3);
        var batch = Assert.Single(server.SentTo<RaftMessage.AppendEntries>(2)).Entries;
        Assert.InRange(batch.Sum(entry => entry.Bytes), 800, 1_000);
    }

    [Fact]
    public void Section_5_3_a_leader_refuses_what_it_can_not_commit_soon()
    {
        var server = new OneServer(3, options: RaftOptions.Default with { MaxUncommittedBytes = 2_000 })
            .Lead().HearMatch(2, 1).HearMatch(3, 1).Forget();
        server.HearPut(1, "a", new string('x', 3_000)).HearPut(2, "a", "2");
        Assert.Equal(2, server.State.Log.LastIndex);
        var refused = Assert.Single(server.SentToClient<RaftMessage.Refused>());
        Assert.Equal((Access.Write, 2), (refused.Access, refused.Number));
        server.HearMatch(2, 2).HearPut(2, "a", "2");
        Assert.Equal(3, server.State.Log.LastIndex);
        Assert.InRange(server.State.Leadership!.UncommittedBytes, 1, 200);
    }

    [Fact]
    public void Section_5_3_a_stale_rejection_does_not_move_next_index_back()
    {
        var server = new OneServer(3, OneServer.DiskOf(1, 1, 1, 1), OneServer.Figure2).Lead();
        var probe = server.SentTo<RaftMessage.AppendEntries>(2).Last();
        var rejection = new RaftMessage.AppendEntriesReply(2, false, probe.PrevLogIndex, 0, 2, 1);
        server.Hear(2, rejection).HearMatch(2, 4).Forget();
        var before = server.State.Leadership!.Followers[new NodeId("n2")];
        server.Hear(2, rejection);
        Assert.Equal(before, server.State.Leadership!.Followers[new NodeId("n2")]);
        Assert.Empty(server.SentTo<RaftMessage.AppendEntries>(2));
    }

    [Fact]
    public void Section_5_3_a_follower_whose_disk_was_emptied_gets_the_whole_log_again()
    {
        var server = OneServer.LeaderWithSession(3);
        var round = server.State.Leadership!.Round;
        server.Expire("heartbeat");
        var heartbeat = Assert.Single(server.SentTo<RaftMessage.AppendEntries>(2));
        Assert.Equal((2, round + 1), (heartbeat.PrevLogIndex, heartbeat.Round));
        server.Forget().Hear(2, new RaftMessage.AppendEntriesReply(1, false, 2, 0, 1, heartbeat.Round));
        var again = Assert.Single(server.SentTo<RaftMessage.AppendEntries>(2));
        Assert.Equal((0, 2), (again.PrevLogIndex, again.Entries.Count));
        Assert.Equal(2, server.HearMatch(2, 2).State.Leadership!.Followers[new NodeId("n2")].MatchIndex);
        Assert.Equal(2, server.State.CommitIndex);
    }

    private static LogCommand.Operation Put(long number, string key, string value) =>
        new(default, 1, number, 1, new KvCommand.Put(key, value));
}
