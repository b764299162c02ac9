using ActorLab.Algorithms.Raft;
using ActorLab.Core;

namespace ActorLab.Tests.Raft;

/// <summary>The claims of section 7, log compaction.</summary>
public sealed class PaperTestsSection7
{
    /// <summary>A snapshot after each second entry, and one record in each piece.</summary>
    private static readonly RaftOptions Compacting = RaftOptions.Default with { CompactEntries = 2, MaxChunkBytes = 1 };

    [Fact]
    public void Section_7_a_snapshot_takes_the_place_of_what_is_committed_and_nothing_else()
    {
        var server = Compacted(puts: 3);
        Assert.Equal((4, 1L), (server.State.Log.SnapshotIndex, server.State.Log.SnapshotTerm));
        var snapshot = server.State.Disk.Snapshot;
        Assert.Equal((4L, 1L), (snapshot.LastIncludedIndex, snapshot.LastIncludedTerm));
        Assert.Equal(["k1", "k2"], snapshot.Machine.Values.Keys);
        Assert.Equal(2, snapshot.Sessions.Sessions[2].Replies.Count);
        server.HearPut(4, "k4", "not committed");
        Assert.Equal((4, 6), (server.State.Log.SnapshotIndex, server.State.Log.LastIndex));
    }

    [Fact]
    public void Section_7_a_server_boots_from_its_snapshot_with_its_sessions()
    {
        var server = Compacted(puts: 3);
        var before = server.State;
        server.Restart();
        Assert.Equal((4L, 4L), (server.State.CommitIndex, server.State.LastApplied));
        Assert.Equal(before.Disk, server.State.Disk);
        Assert.Equal("v2", server.State.Machine.Values["k2"]);
        Assert.Equal(RequestStatus.Applied, server.State.Sessions.Find(2, 2).Status);
    }

    [Fact]
    public void Section_7_the_log_keeps_entries_for_followers_that_answer_but_not_for_one_that_is_silent()
    {
        var server = OneServer.LeaderWithSession(3, Compacting);
        server.HearPut(1, "k1", "v1").HearMatch(2, 3).HearPut(2, "k2", "v2").HearMatch(2, 4).HearPut(3, "k3", "v3").HearMatch(2, 5);
        Assert.Equal((2, 4L), (server.State.Log.SnapshotIndex, server.State.Mark?.LastIncludedIndex)); // n3 answered, and has 2 entries
        server.HearMatch(2, 5).Expire("quorum").HearPut(4, "k4", "v4").HearMatch(2, 6);
        Assert.Equal(4, server.State.Log.SnapshotIndex);
    }

    [Fact]
    public void Figure_13_a_follower_that_lacks_what_is_gone_gets_the_snapshot_in_pieces_and_then_entries()
    {
        var (leader, follower) = (Compacted(puts: 3), new OneServer(3, node: 3));
        var pieces = Install(leader, follower);
        Assert.True(pieces.Length > 3, $"{pieces.Length} pieces");
        Assert.True(pieces[^1].Done && pieces[..^1].All(piece => !piece.Done));
        Assert.Equal(pieces.Skip(1).Select(piece => piece.Offset), pieces.SkipLast(1).Select(piece => piece.Offset + piece.Data.Count));
        Assert.Equal(leader.State.Disk.Snapshot, follower.State.Disk.Snapshot);
        Assert.Equal((4L, leader.State.Disk.Snapshot.Machine), (follower.State.LastApplied, follower.State.Machine));
        Assert.True(follower.DiskChanged);
        Assert.Equal(5, leader.SentTo<RaftMessage.AppendEntries>(3)[^1].PrevLogIndex + 1);
        Assert.Null(leader.State.Leadership!.Image);
    }

    [Fact]
    public void Figure_13_a_follower_refuses_a_piece_behind_a_hole_and_says_what_it_has()
    {
        var (leader, follower) = (Compacted(puts: 3), new OneServer(3, node: 3));
        var bytes = SnapshotBytes.Write(leader.State.Disk.Snapshot);
        var first = SnapshotBytes.Piece(bytes, 0, 1);
        var second = SnapshotBytes.Piece(bytes, first.Count, 1);
        follower.Hear(1, new RaftMessage.InstallSnapshot(1, 4, 1, 0, first, false, 1)).Forget();
        follower.Hear(1, new RaftMessage.InstallSnapshot(1, 4, 1, first.Count + second.Count, second, true, 1));
        Assert.Equal((first.Count, false), (Answer().Offset, Answer().Installed));
        Assert.Equal(0, follower.State.Log.SnapshotIndex);
        follower.Hear(1, new RaftMessage.InstallSnapshot(1, 4, 1, 0, first, false, 1)); // once more: nothing new
        Assert.Equal(first.Count, Answer().Offset);
        follower.Hear(1, new RaftMessage.InstallSnapshot(1, 4, 1, first.Count, bytes.Skip(first.Count).Take(7), true, 1));
        Assert.Equal((0, false), (Answer().Offset, Answer().Installed)); // all of it, they say, and it is no snapshot

        RaftMessage.InstallSnapshotReply Answer() => follower.SentTo<RaftMessage.InstallSnapshotReply>(1)[^1];
    }

    [Fact]
    public void Figure_13_a_piece_that_is_lost_goes_out_again_when_a_later_round_is_answered()
    {
        var leader = Compacted(puts: 3);
        Lacks(leader, 3);
        var pieces = leader.SentTo<RaftMessage.InstallSnapshot>(3);
        leader.Forget().Expire("heartbeat");
        var heartbeat = leader.SentTo<RaftMessage.AppendEntries>(3)[^1];
        Assert.Equal((0L, 0L), (heartbeat.PrevLogIndex, heartbeat.PrevLogTerm));
        leader.Hear(3, new RaftMessage.AppendEntriesReply(1, true, 0, 0, 0, pieces[0].Round)); // no later than the pieces
        Assert.Empty(leader.SentTo<RaftMessage.InstallSnapshot>(3));
        leader.Hear(3, new RaftMessage.AppendEntriesReply(1, true, 0, 0, 0, heartbeat.Round));
        Assert.Equal(pieces.Select(piece => piece with { Round = heartbeat.Round }), leader.SentTo<RaftMessage.InstallSnapshot>(3));
    }

    [Fact]
    public void Figure_13_a_follower_retains_what_follows_the_snapshot_in_its_log()
    {
        var leader = Compacted(puts: 4);
        var whole = SnapshotBytes.Write(leader.State.Disk.Snapshot);
        var index = leader.State.Log.SnapshotIndex;
        var follower = new OneServer(3, OneServer.DiskOf(1, 1, 1, 1, 1, 1, 1), node: 3);
        follower.Hear(1, new RaftMessage.InstallSnapshot(1, index, 1, 0, whole, true, 1));
        Assert.Equal((index, 6L), (follower.State.Log.SnapshotIndex, follower.State.Log.LastIndex));

        var other = new OneServer(3, OneServer.DiskOf(2, 1, 1, 1, 2, 2, 2), node: 3);
        other.Hear(1, new RaftMessage.InstallSnapshot(2, index, 1, 0, whole, true, 1));
        Assert.Equal((index, index), (other.State.Log.SnapshotIndex, other.State.Log.LastIndex));
    }

    [Fact]
    public void Figure_13_a_follower_that_has_it_all_says_so_at_once()
    {
        var leader = Compacted(puts: 3);
        var follower = new OneServer(3, leader.State.Disk, node: 3);
        follower.Hear(1, new RaftMessage.InstallSnapshot(1, 4, 1, 0, [1, 2], false, 1));
        Assert.True(Assert.Single(follower.SentTo<RaftMessage.InstallSnapshotReply>(1)).Installed);
    }

    /// <summary>A leader of three, of which n3 is silent, with a session and puts that n1 and n2 have.</summary>
    private static OneServer Compacted(int puts)
    {
        var server = OneServer.LeaderWithSession(3, Compacting).HearMatch(2, 2).Expire("quorum").HearMatch(2, 2).Expire("quorum");
        for (var put = 1; put <= puts; put++)
        {
            server.HearPut(put, $"k{put}", $"v{put}").HearMatch(2, put + 2);
        }

        return server;
    }

    /// <summary>A follower says that its log is empty.</summary>
    private static void Lacks(OneServer leader, int node)
    {
        leader.Expire("heartbeat");
        leader.Hear(node, new RaftMessage.AppendEntriesReply(1, false, 2, 0, 1, leader.State.Leadership!.Round));
    }

    private static RaftMessage.InstallSnapshot[] Install(OneServer leader, OneServer follower)
    {
        Lacks(leader, 3);
        for (var next = 0; next < leader.SentTo<RaftMessage.InstallSnapshot>(3).Length; next++)
        {
            follower.Forget().Hear(1, leader.SentTo<RaftMessage.InstallSnapshot>(3)[next]);
            leader.Hear(3, follower.SentTo<RaftMessage.InstallSnapshotReply>(1)[^1]);
        }

        return leader.SentTo<RaftMessage.InstallSnapshot>(3);
    }
}
