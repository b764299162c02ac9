using ActorLab.Algorithms.Raft;
using ActorLab.Core;

namespace ActorLab.Tests.Raft;

/// <summary>The claims of section 5.1, Raft basics.</summary>
public sealed class PaperTestsSection5_1
{
    public static TheoryData<string> Roles => ["Follower", "PreCandidate", "Candidate", "Leader"];

    [Theory]
    [MemberData(nameof(Roles))]
    public void Section_5_1_a_server_with_a_smaller_term_updates_to_the_larger_and_becomes_follower(string role)
    {
        var server = As(role);
        server.Hear(2, new RaftMessage.AppendEntries(7, 0, 0, default, 0, 1));
        Assert.Equal(7, server.State.CurrentTerm);
        Assert.Equal(ServerRole.Follower, server.State.Role);
        Assert.Null(server.State.Disk.VotedFor);
        Assert.True(server.DiskChanged);
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void Section_5_1_a_request_with_a_stale_term_is_rejected(string role)
    {
        var server = As(role);
        var (before, term) = (server.State, server.State.CurrentTerm);
        server.Forget().Hear(2, new RaftMessage.AppendEntries(term - 1, 0, 0, OneServer.Entries(1), 0, 1));
        Assert.Equal(before, server.State);
        var reply = Assert.Single(server.SentTo<RaftMessage.AppendEntriesReply>(2));
        Assert.False(reply.Success);
        Assert.Equal(term, reply.Term);

        server.Hear(3, new RaftMessage.RequestVote(term - 1, 9, 9, true));
        Assert.Equal(new RaftMessage.RequestVoteReply(term, false), Assert.Single(server.SentTo<RaftMessage.RequestVoteReply>(3)));
    }

    [Fact]
    public void Section_5_1_a_leader_that_learns_of_a_larger_term_from_an_answer_steps_down()
    {
        var server = new OneServer(3).Lead();
        server.Hear(2, new RaftMessage.AppendEntriesReply(5, false, 0, 0, 0, 1));
        Assert.Equal(ServerRole.Follower, server.State.Role);
        Assert.Equal(5, server.State.CurrentTerm);
        Assert.Equal(["election"], server.Armed.Keys);
    }

    [Fact]
    public void Section_5_1_the_persistent_state_comes_back_after_a_crash_and_the_rest_does_not()
    {
        var server = new OneServer(3, options: OneServer.Figure2);
        server.Hear(2, new RaftMessage.RequestVote(4, 0, 0, false));
        server.Hear(2, new RaftMessage.AppendEntries(4, 0, 0, OneServer.Entries(3, 4), 2, 1));
        Assert.Equal(2, server.State.CommitIndex);
        var disk = server.State.Disk;
        server.Restart();
        Assert.Equal(disk, server.State.Disk);
        Assert.Equal(new NodeId("n2"), server.State.Disk.VotedFor);
        Assert.Equal((0, 0), (server.State.CommitIndex, server.State.LastApplied));
        Assert.Equal(ServerRole.Follower, server.State.Role);
    }

    [Fact]
    public void Section_5_1_who_is_no_member_is_not_heard()
    {
        var server = new OneServer(3);
        var before = server.State;
        server.Forget();
        server.Hear(4, new RaftMessage.AppendEntries(9, 0, 0, OneServer.Entries(9), 1, 1));
        server.Hear(new Address(new NodeId("n2"), "client"), new RaftMessage.RequestVote(9, 9, 9, true));
        Assert.Equal(before, server.State);
        Assert.Empty(server.Effects);
    }

    private static OneServer As(string role)
    {
        var server = new OneServer(3, OneServer.DiskOf(2));
        switch (role)
        {
            case "PreCandidate":
                server.Expire("election");
                break;
            case "Candidate":
                server.Hear(Address.Outside, new RaftMessage.Elect());
                break;
            case "Leader":
                server.Lead();
                break;
        }

        Assert.Equal(role, server.State.Role.ToString());
        return server;
    }
}
