using System.Text.Json;
using ActorLab.Algorithms.Raft;
using ActorLab.Core;

namespace ActorLab.Tests.Raft;

/// <summary>The tables of others: etcd's tests of the paper, and Figure 7. Sources are in tests/vectors/raft.</summary>
public sealed class TableTests
{
    private static readonly JsonElement Etcd = Read("etcd_tables.json");
    private static readonly JsonElement Figure7 = Read("figure7.json");

    [Fact]
    public void Section_5_4_1_voter()
    {
        foreach (var row in Table("voter("))
        {
            var (log, lastTerm, lastIndex, reject) = (Longs(row[0]), row[1].GetInt64(), row[2].GetInt64(), row[3].GetBoolean());
            var voter = new OneServer(2, OneServer.DiskOf(log.Max(), log), OneServer.Figure2);
            voter.Hear(2, new RaftMessage.RequestVote(3, lastIndex, lastTerm, false));
            Assert.Equal(reject, !voter.SentTo<RaftMessage.RequestVoteReply>(2).Single().VoteGranted);
        }
    }

    [Fact]
    public void Section_5_2_election_in_one_round()
    {
        foreach (var row in Table("election_one_round"))
        {
            var server = new OneServer(row[0].GetInt32(), options: OneServer.Figure2).Expire("election");
            foreach (var vote in row[1].EnumerateObject())
            {
                server.Hear(int.Parse(vote.Name), new RaftMessage.RequestVoteReply(1, vote.Value.GetBoolean()));
            }

            Assert.Equal((row[2].GetString(), 1), (server.State.Role.ToString(), server.State.CurrentTerm));
        }
    }

    [Fact]
    public void Section_5_2_follower_vote()
    {
        foreach (var row in Table("follower_vote"))
        {
            var votedFor = row[0].GetInt32() is var voted and not 0 ? new NodeId($"n{voted}") : (NodeId?)null;
            var server = new OneServer(3, new RaftDisk(1, votedFor, Log.Empty), OneServer.Figure2);
            var candidate = row[1].GetInt32();
            server.Hear(candidate, new RaftMessage.RequestVote(1, 0, 0, false));
            Assert.Equal(row[2].GetBoolean(), !server.SentTo<RaftMessage.RequestVoteReply>(candidate).Single().VoteGranted);
        }
    }

    [Fact]
    public void Section_5_3_follower_append()
    {
        foreach (var row in Table("follower_append"))
        {
            var server = new OneServer(3, OneServer.DiskOf(2, 1, 2));
            server.Hear(2, new RaftMessage.AppendEntries(
                2, row[0].GetInt64(), row[1].GetInt64(), OneServer.Entries(Longs(row[2])), 0, 1));
            Assert.Equal(Longs(row[3]), server.LogTerms);
        }
    }

    [Fact]
    public void Section_5_3_follower_check_append()
    {
        foreach (var row in Table("follower_check_append"))
        {
            var server = new OneServer(3, OneServer.DiskOf(2, 1, 2));
            server.Hear(2, new RaftMessage.AppendEntries(2, row[1].GetInt64(), row[0].GetInt64(), default, 1, 1));
            Assert.Equal(row[2].GetBoolean(), !server.SentTo<RaftMessage.AppendEntriesReply>(2).Single().Success);
        }
    }

    [Fact]
    public void Section_5_4_2_leader_commits_entries_of_its_own_term_only()
    {
        foreach (var row in Table("leader_commit_current_term_only"))
        {
            var server = new OneServer(3, OneServer.DiskOf(2, 1, 2), OneServer.Figure2).Lead().HearPut(1, "a", "1");
            Assert.Equal(3, server.State.CurrentTerm);
            server.HearMatch(2, row[0].GetInt64());
            Assert.Equal(row[1].GetInt64(), server.State.CommitIndex);
        }
    }

    public static TheoryData<string> Followers =>
        new(Figure7.GetProperty("followers").EnumerateObject().Select(follower => follower.Name));

    [Theory]
    [MemberData(nameof(Followers))]
    public void Figure_7_the_leader_makes_the_log_of_the_follower_equal_to_its_own(string name)
    {
        var row = Figure7.GetProperty("followers").GetProperty(name);
        var (term, leaderLog, log) =
            (Figure7.GetProperty("leader_term").GetInt64(), Longs(Figure7.GetProperty("leader_log_terms")), Longs(row.GetProperty("log_terms")));
        var leader = new OneServer(2, OneServer.DiskOf(term - 1, leaderLog), OneServer.Figure2).Lead();
        var follower = new OneServer(2, OneServer.DiskOf(term - 1, log), OneServer.Figure2, node: 2);
        Assert.Equal(row.GetProperty("grants_vote_to_leader_log(lastTerm6,lastIdx10)").GetBoolean(), Grants(follower));

        var (rejections, matched) = (0, -1L);
        for (var next = leader.SentTo<RaftMessage.AppendEntries>(2); next.Length > 0; next = leader.SentTo<RaftMessage.AppendEntries>(2))
        {
            leader.Forget();
            follower.Forget().Hear(1, next.Single());
            var reply = follower.SentTo<RaftMessage.AppendEntriesReply>(1).Single();
            matched = matched < 0 && reply.Success ? next.Single().PrevLogIndex : matched;
            rejections += reply.Success ? 0 : 1;
            leader.Hear(2, reply);
        }

        Assert.Equal(leader.State.Log, follower.State.Log);
        Assert.Equal([.. leaderLog, term], follower.LogTerms);
        Assert.InRange(matched, 0, row.GetProperty("last_matching_index").GetInt64());
        Assert.InRange(rejections, 0, row.GetProperty("rejections_with_decrement_by_one").GetInt32());
        Assert.InRange(rejections, 0, log.Distinct().Count()); // section 5.3: one for each conflicting term at most
    }

    private static bool Grants(OneServer follower)
    {
        var asked = new OneServer(2, follower.State.Disk, OneServer.Figure2, node: 2);
        asked.Hear(1, new RaftMessage.RequestVote(8, 10, 6, false));
        return asked.SentTo<RaftMessage.RequestVoteReply>(1).Single().VoteGranted;
    }

    private static JsonElement[] Table(string name)
    {
        var rows = Etcd.EnumerateObject().Single(table => table.Name.StartsWith(name, StringComparison.Ordinal))
            .Value.EnumerateArray().ToArray();
        Assert.NotEmpty(rows);
        return rows;
    }

    private static long[] Longs(JsonElement list) => list.EnumerateArray().Select(item => item.GetInt64()).ToArray();

    private static JsonElement Read(string file) => JsonDocument.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "raft", file))).RootElement;
}
