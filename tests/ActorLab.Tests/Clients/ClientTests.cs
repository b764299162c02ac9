using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Core;

namespace ActorLab.Tests.Clients;

public sealed class ClientTests
{
    [Fact]
    public void It_asks_the_server_of_its_node_first_who_leads()
    {
        var client = new OneClient();
        Assert.Single(client.SentTo<RaftMessage.FindLeader>("n1"));
        client.Put(1);
        Assert.Single(client.Sent); // nothing goes to anybody before a leader is known
    }

    [Fact]
    public void The_first_write_opens_a_session_and_goes_out_in_it()
    {
        var client = new OneClient().LeaderIs(1, "n2").Put(1).Put(2);
        Assert.Equal(new RaftMessage.OpenSession(1), Assert.Single(client.SentTo<RaftMessage.OpenSession>("n2")));
        Assert.Empty(client.SentTo<RaftMessage.Request>("n2"));
        client.Hear(new RaftMessage.SessionOpened(1, 5));
        Assert.Equal([1L, 2], client.SentTo<RaftMessage.Request>("n2").Select(request => request.Number));
        Assert.All(client.SentTo<RaftMessage.Request>("n2"), request => Assert.Equal((5, 1), (request.Session, request.FirstOutstanding)));
    }

    [Fact]
    public void Many_operations_are_open_at_once_and_each_gets_its_own_answer()
    {
        var client = new OneClient().WithSession().Put(1).Put(2).Get(3).Get(4);
        var reads = client.SentTo<RaftMessage.Read>("n2").Select(read => read.Number).ToArray();
        client.Hear(new RaftMessage.Reply(5, 3, new KvReply.Done()));
        client.Hear(new RaftMessage.ReadReply(reads[1], new KvReply.Found("x")));
        client.Hear(new RaftMessage.ReadReply(reads[0], new KvReply.Missing()));
        client.Hear(new RaftMessage.Reply(5, 2, new KvReply.Done())).Hear(new RaftMessage.Reply(5, 2, new KvReply.Done()));
        Assert.Equal([2L, 4, 3, 1], client.Completed.Select(done => done.Operation));
        Assert.All(client.Completed, done => Assert.Equal(Outcome.Ok, done.Outcome));
        Assert.True(client.State.Idle);
    }

    [Fact]
    public void First_outstanding_tells_servers_what_they_may_forget()
    {
        var client = new OneClient().WithSession().Put(1).Put(2).Put(3);
        client.Hear(new RaftMessage.Reply(5, 2, new KvReply.Done())).Hear(new RaftMessage.Reply(5, 4, new KvReply.Done()));
        client.Forget().Put(4);
        Assert.Equal((5, 3), (client.SentTo<RaftMessage.Request>("n2")[0].Number, client.SentTo<RaftMessage.Request>("n2")[0].FirstOutstanding));
    }

    [Fact]
    public void Without_a_leader_it_fails_within_the_limit_for_nothing_was_sent()
    {
        var client = new OneClient().Put(1, seconds: 1).Get(2, seconds: 1).Tick(9);
        Assert.Empty(client.Completed);
        client.Tick();
        Assert.All(client.Completed, done => Assert.Equal(Outcome.Failed, done.Outcome));
        Assert.Equal("n1 knows no leader: it can reach no majority of the servers. This took no effect.", client.Completed[0].Reason);
        Assert.Equal(2, client.Completed.Count);
    }

    [Fact]
    public void Where_its_server_is_no_member_it_says_so_and_what_to_do_until_a_leader_is_known()
    {
        const string outside = "n1 is no member of the Raft servers: ask another node, or make it a member (raft add n1).";
        var client = new OneClient().Put(1).Get(2).Hear(new RaftMessage.LeaderIs(1, null) { IsOutside = true }, "n1").Tick(10);
        Assert.Equal([$"{outside} This took no effect.", outside], client.Completed.Select(done => done.Reason));
        client.Forget().LeaderIs(2, "n2").Get(3).Tick(10);
        Assert.Equal("The leader n2 did not answer n1 in time.", client.Completed[^1].Reason);
        client.LeaderIs(2, null).Get(4).Tick(10);
        Assert.StartsWith("n1 knows no leader", client.Completed[^1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_a_leader_got_and_did_not_answer_is_unknown_and_a_read_failed()
    {
        var client = new OneClient().WithSession().Put(1).Get(2).Tick(10);
        Assert.Equal(
            [(1L, Outcome.Unknown), (2L, Outcome.Failed)], client.Completed.Select(done => (done.Operation, done.Outcome)));
        Assert.StartsWith("The leader n2 did not answer n1 in time. It is unknown whether this", client.Completed[0].Reason);
    }

    [Fact]
    public void A_refusal_does_not_make_a_sent_write_sure_to_have_failed()
    {
        // A copy of the request may be in the log: the network may have brought it twice.
        var client = new OneClient().WithSession().Put(1).Hear(new RaftMessage.NotLeader(Access.Write, 2, 1, null)).Tick(10);
        Assert.Equal(Outcome.Unknown, Assert.Single(client.Completed).Outcome);
    }

    [Fact]
    public void A_new_leader_is_asked_again_with_the_same_number()
    {
        var client = new OneClient().WithSession().Put(1).Get(2);
        var (write, read) = (client.SentTo<RaftMessage.Request>("n2").Single(), client.SentTo<RaftMessage.Read>("n2").Single());
        client.Forget().LeaderIs(1, null).LeaderIs(2, "n3");
        Assert.Equal(write, client.SentTo<RaftMessage.Request>("n3").Single());
        Assert.Equal(read, client.SentTo<RaftMessage.Read>("n3").Single());
        client.Forget().LeaderIs(2, "n3").LeaderIs(2, null).LeaderIs(2, "n3").LeaderIs(1, "n2");
        Assert.Empty(client.Sent); // it knows that already
    }

    [Fact]
    public void A_leader_that_steps_down_and_names_the_next_is_followed()
    {
        var client = new OneClient().WithSession().Put(1).Forget();
        client.Hear(new RaftMessage.NotLeader(Access.Write, 0, 2, new NodeId("n3")));
        Assert.Single(client.SentTo<RaftMessage.Request>("n3"));
    }

    [Fact]
    public void A_request_without_an_answer_goes_out_again_and_so_does_a_refused_one()
    {
        var client = new OneClient().WithSession().Put(1, seconds: 5).Forget().Tick(9);
        Assert.Empty(client.SentTo<RaftMessage.Request>("n2"));
        client.Tick();
        Assert.Single(client.SentTo<RaftMessage.Request>("n2"));
        client.Forget().Hear(new RaftMessage.Refused(Access.Write, 2, "The leader is busy.")).Tick();
        Assert.Single(client.SentTo<RaftMessage.Request>("n2"));
        client.Tick(100);
        Assert.EndsWith("The leader is busy.", Assert.Single(client.Completed).Reason);
    }

    [Fact]
    public void An_expired_session_leaves_sent_writes_unknown_and_the_next_opens_another()
    {
        var client = new OneClient().WithSession().Put(1).Forget().Hear(new RaftMessage.SessionExpired(5));
        Assert.Equal(Outcome.Unknown, Assert.Single(client.Completed).Outcome);
        client.Put(2).Hear(new RaftMessage.SessionExpired(5)).Hear(new RaftMessage.SessionOpened(1, 9));
        Assert.Equal(9, Assert.Single(client.SentTo<RaftMessage.Request>("n2")).Session);
    }

    [Fact]
    public void After_a_restart_nothing_of_before_is_taken_for_an_answer()
    {
        var client = new OneClient().LeaderIs(1, "n2").Put(1).Get(2);
        var read = client.SentTo<RaftMessage.Read>("n2").Single().Number;
        client.Restart().LeaderIs(1, "n2").Put(3).Get(4).Forget();
        client.Hear(new RaftMessage.SessionOpened(1, 5)).Hear(new RaftMessage.ReadReply(read, new KvReply.Found("old")));
        Assert.Equal(0, client.State.Session);
        Assert.Empty(client.Completed);
        client.Hear(new RaftMessage.SessionOpened(2, 6));
        Assert.Equal(6, client.State.Session);
    }

    [Fact]
    public void A_read_that_may_be_stale_asks_the_server_of_its_node_and_needs_no_leader()
    {
        var client = new OneClient().Forget().Ask(1, new KvCommand.Get("a", MaybeStale: true));
        Assert.Single(client.SentTo<RaftMessage.Read>("n1"));
    }

    [Fact]
    public void What_is_out_of_bounds_or_too_much_fails_at_once()
    {
        var client = new OneClient(ClientOptions.Default with { MostOpen = 1 }).Ask(1, new KvCommand.Put("", "1"));
        client.Put(2).Put(3);
        Assert.Equal([1L, 3], client.Completed.Select(done => done.Operation));
        Assert.All(client.Completed, done => Assert.Equal(Outcome.Failed, done.Outcome));
    }

    [Fact]
    public void What_waits_is_bounded_by_bytes_until_it_is_done()
    {
        var large = new KvCommand.Put("a", new string('x', 1_000));
        var client = new OneClient(ClientOptions.Default with { MostOpenBytes = 2_500 }).WithSession();
        client.Ask(1, large).Ask(2, large).Ask(3, large);
        var refused = Assert.Single(client.Completed);
        Assert.Equal((3L, Outcome.Failed), (refused.Operation, refused.Outcome));
        Assert.Matches("^Operations of 20[0-9]{2} bytes wait at this client already, and it holds 2500;", refused.Reason);
        client.Hear(new RaftMessage.Reply(5, 2, new KvReply.Done())).Ask(4, large); // number 2 is operation 1: one was before
        Assert.Equal([3L, 1], client.Completed.Select(done => done.Operation));
        client.Tick(100);
        Assert.True(client.State.Idle);
        Assert.Equal(0, client.State.OpenBytes);
    }

    [Fact]
    public void One_operation_alone_is_taken_whatever_its_size()
    {
        var client = new OneClient(ClientOptions.Default with { MostOpenBytes = 1 }).Put(1).Put(2);
        Assert.Equal(2, Assert.Single(client.Completed).Operation);
    }

    [Fact]
    public void Only_outside_may_invoke()
    {
        var client = new OneClient().Hear(new RaftMessage.Invoke(1, new KvCommand.Get("a"), TimeSpan.FromSeconds(1)));
        Assert.True(client.State.Idle);
    }
}
