using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Core;

namespace ActorLab.Tests.Raft;

/// <summary>The claims of section 8, client interaction, and of thesis chapter 6.</summary>
public sealed class PaperTestsSection8
{
    private static readonly KvCommand GetA = new KvCommand.Get("a");

    [Fact]
    public void Section_8_a_new_leader_begins_with_a_no_op()
    {
        var server = new OneServer(3, OneServer.DiskOf(1, 1)).Lead();
        Assert.Equal(new LogEntry(2, LogCommand.NoOp.Instance), server.State.Log[2]);
    }

    [Fact]
    public void Section_8_a_server_that_is_not_leader_rejects_and_names_the_leader_it_heard_last()
    {
        var server = new OneServer(3).Hear(2, new RaftMessage.AppendEntries(1, 0, 0, default, 0, 1)).Forget();
        server.HearPut(7, "a", "1").HearClient(new RaftMessage.Read(8, GetA)).HearClient(new RaftMessage.FindLeader());
        Assert.Equal(
            [
                new RaftMessage.NotLeader(Access.Write, 7, 1, new NodeId("n2")),
                new RaftMessage.NotLeader(Access.Read, 8, 1, new NodeId("n2")),
            ],
            server.SentToClient<RaftMessage.NotLeader>());
        Assert.Equal(new RaftMessage.LeaderIs(1, new NodeId("n2")), Assert.Single(server.SentToClient<RaftMessage.LeaderIs>()));
    }

    [Fact]
    public void Section_8_the_client_of_a_node_hears_of_every_change_of_leader()
    {
        var server = new OneServer(3).Forget().Hear(2, new RaftMessage.AppendEntries(1, 0, 0, default, 0, 1));
        server.Hear(2, new RaftMessage.AppendEntries(1, 0, 0, default, 0, 2)).Expire("lease");
        server.Hear(3, new RaftMessage.AppendEntries(2, 0, 0, default, 0, 1));
        Assert.Equal(
            [
                new RaftMessage.LeaderIs(1, new NodeId("n2")),
                new RaftMessage.LeaderIs(1, null),
                new RaftMessage.LeaderIs(2, new NodeId("n3")),
            ],
            server.SentToClient<RaftMessage.LeaderIs>());
    }

    [Fact]
    public void Section_8_a_command_that_is_retried_applies_once_and_gets_the_first_answer_again()
    {
        var server = OneServer.LeaderWithSession(3);
        var append = new RaftMessage.Request(2, 1, 1, new KvCommand.Append("a", "x"));
        server.HearClient(append).HearClient(append).HearMatch(2, 3).HearMatch(2, 4);
        Assert.Equal("x", server.State.Machine.Values["a"]);
        Assert.Equal(
            [new RaftMessage.Reply(2, 1, new KvReply.Appended(1)), new RaftMessage.Reply(2, 1, new KvReply.Appended(1))],
            server.SentToClient<RaftMessage.Reply>());
    }

    [Fact]
    public void Section_8_the_next_leader_answers_for_an_entry_of_the_one_before()
    {
        var log = Log.Empty
            .Add(new LogEntry(1, new LogCommand.OpenSession(Client, 5)))
            .Add(new LogEntry(1, new LogCommand.Operation(Client, 1, 1, 1, new KvCommand.Put("a", "1"))));
        var server = new OneServer(3, new RaftDisk(1, null, log)).Lead().HearMatch(2, 3);
        Assert.Equal(new RaftMessage.SessionOpened(5, 1), Assert.Single(server.SentToClient<RaftMessage.SessionOpened>()));
        Assert.Equal(new RaftMessage.Reply(1, 1, new KvReply.Done()), Assert.Single(server.SentToClient<RaftMessage.Reply>()));
    }

    [Fact]
    public void Thesis_6_3_a_session_has_the_index_of_its_registration_and_an_unknown_one_is_reported()
    {
        var server = new OneServer(3).Lead().HearClient(new RaftMessage.OpenSession(9));
        server.HearMatch(2, 1).Forget().HearMatch(2, 2);
        Assert.Equal(new RaftMessage.SessionOpened(9, 2), Assert.Single(server.SentToClient<RaftMessage.SessionOpened>()));

        server.HearClient(new RaftMessage.Request(77, 1, 1, new KvCommand.Put("a", "1"))).HearMatch(2, 3);
        Assert.Equal(new RaftMessage.SessionExpired(77), Assert.Single(server.SentToClient<RaftMessage.SessionExpired>()));
        Assert.False(server.State.Machine.Values.ContainsKey("a"));
    }

    [Fact]
    public void Section_8_a_leader_that_steps_down_tells_the_clients_that_wait()
    {
        var server = OneServer.LeaderWithSession(3);
        var other = new Address(new NodeId("n2"), RaftServer.ClientRoleName);
        server.HearPut(1, "a", "1").HearPut(2, "a", "1").Hear(other, new RaftMessage.Read(1, GetA)).Forget();
        server.Expire("quorum").Expire("quorum"); // the first one still saw answers
        Assert.Equal(new RaftMessage.NotLeader(Access.Write, 0, 1, null), Assert.Single(server.SentToClient<RaftMessage.NotLeader>()));
        Assert.Equal(2, server.Count<RaftMessage.NotLeader>());
    }

    [Fact]
    public void Section_8_a_read_needs_no_log_but_a_round_of_heartbeats_that_began_after_it()
    {
        var server = OneServer.LeaderWithSession(3);
        server.HearPut(1, "a", "1").HearMatch(2, 3);
        var earlier = server.State.Leadership!.Round;
        server.Forget().HearClient(new RaftMessage.Read(4, GetA));
        Assert.Equal(3, server.State.Log.LastIndex);
        Assert.False(server.DiskChanged);
        server.Hear(2, new RaftMessage.AppendEntriesReply(1, true, 3, 0, 0, earlier));
        Assert.Empty(server.SentToClient<RaftMessage.ReadReply>());

        var round = server.SentTo<RaftMessage.AppendEntries>(2).Single().Round;
        server.Hear(2, new RaftMessage.AppendEntriesReply(1, true, 3, 0, 0, round));
        Assert.Equal(new RaftMessage.ReadReply(4, new KvReply.Found("1")), Assert.Single(server.SentToClient<RaftMessage.ReadReply>()));
    }

    [Fact]
    public void Section_8_one_round_serves_all_reads_that_waited_for_it()
    {
        var server = OneServer.LeaderWithSession(3).HearMatch(2, 2).Forget();
        server.HearClient(new RaftMessage.Read(1, GetA)); // starts a round
        server.HearClient(new RaftMessage.Read(2, GetA)).HearClient(new RaftMessage.Read(3, GetA));
        Assert.Single(server.SentTo<RaftMessage.AppendEntries>(2));
        server.HearMatch(2, 2);
        Assert.Equal([1], server.SentToClient<RaftMessage.ReadReply>().Select(reply => reply.Number));
        Assert.Equal(2, server.SentTo<RaftMessage.AppendEntries>(2).Length); // the next round, for both
        server.HearMatch(2, 2);
        Assert.Equal([1, 2, 3], server.SentToClient<RaftMessage.ReadReply>().Select(reply => reply.Number));
        Assert.Equal(2, server.SentTo<RaftMessage.AppendEntries>(2).Length);
    }

    [Fact]
    public void Section_8_a_read_waits_for_the_no_op_of_its_leader()
    {
        var server = new OneServer(3, OneServer.DiskOf(1, 1)).Lead().Forget();
        server.HearClient(new RaftMessage.Read(1, GetA)).Expire("heartbeat");
        server.Hear(2, new RaftMessage.AppendEntriesReply(2, true, 0, 0, 0, server.State.Leadership!.Round));
        Assert.Empty(server.SentToClient<RaftMessage.ReadReply>());
        server.HearMatch(2, 2);
        Assert.Single(server.SentToClient<RaftMessage.ReadReply>());
    }

    [Fact]
    public void Section_8_a_leader_alone_confirms_itself()
    {
        var server = new OneServer(1).Expire("election").HearClient(new RaftMessage.Read(1, GetA));
        Assert.Equal(new RaftMessage.ReadReply(1, new KvReply.Missing()), Assert.Single(server.SentToClient<RaftMessage.ReadReply>()));
    }

    [Fact]
    public void A_read_marked_as_maybe_stale_is_answered_by_any_server_at_once()
    {
        var server = new OneServer(3).HearClient(new RaftMessage.Read(1, new KvCommand.Get("a", MaybeStale: true)));
        Assert.Equal(new RaftMessage.ReadReply(1, new KvReply.Missing()), Assert.Single(server.SentToClient<RaftMessage.ReadReply>()));
    }

    [Fact]
    public void Nonsense_of_a_client_is_answered()
    {
        var server = OneServer.LeaderWithSession(3);
        server.HearClient(new RaftMessage.Request(2, 1, 1, GetA));
        server.HearPut(2, "", "no key").HearPut(3, "k", new string('x', KvLimits.MostValueBytes + 1));
        server.HearClient(new RaftMessage.Read(4, new KvCommand.Put("a", "1")));
        server.HearClient(new RaftMessage.Read(5, new KvCommand.Scan("", 0)));
        Assert.Equal([1, 2, 3, 4, 5], server.SentToClient<RaftMessage.Refused>().Select(refused => refused.Number));
        Assert.Equal(2, server.State.Log.LastIndex);
    }

    private static Address Client => new(new NodeId("n1"), RaftServer.ClientRoleName);
}
