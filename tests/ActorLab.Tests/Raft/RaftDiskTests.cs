using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Core;
using CsCheck;

namespace ActorLab.Tests.Raft;

public sealed class RaftDiskTests
{
    private static readonly RoleBinding Role = RoleBinding.Of(new RaftServer(NodeId.Range(3), RaftOptions.Default));

    /// <summary>
    /// A disk of a server that followed: each step it takes a new term, gives a vote, appends, or replaces the end of its
    /// log by entries of a later term. Two entries of one index and term are the same, as in any run of Raft.
    /// </summary>
    [Fact]
    public void A_delta_makes_the_later_disk_of_the_earlier() => Histories.Sample(history =>
    {
        var disks = history.Aggregate(new List<RaftDisk> { RaftDisk.Empty }, (all, step) => [.. all, Step(all[^1], step)]);
        for (var i = 0; i < disks.Count; i++)
        {
            for (var j = i; j < Math.Min(disks.Count, i + 4); j++) // a journal may take several turns together
            {
                var delta = Role.WriteDelta(disks[i], disks[j]);
                Assert.Equal(disks[j], Role.ApplyDelta(disks[i], delta));
                Assert.Equal(disks[j], Role.ReadDisk(Role.WriteDisk(disks[j])));
            }
        }
    });

    [Fact]
    public void A_delta_of_an_append_has_the_appended_entry_only()
    {
        var earlier = Step(RaftDisk.Empty, (0, 1, 1_000));
        var later = Step(earlier, (0, 1, 1));
        Assert.Single(later.DeltaSince(earlier).Added);
        Assert.Empty((later with { VotedFor = new NodeId("n2") }).DeltaSince(later).Added);
        Assert.InRange(Role.WriteDelta(earlier, later).Length, 1, 200);
    }

    [Fact]
    public void Every_message_survives_its_codec()
    {
        var entries = Step(RaftDisk.Empty, (0, 1, 3)).Log.Entries;
        RaftMessage[] messages =
        [
            new RaftMessage.RequestVote(1, 2, 3, true), new RaftMessage.RequestVoteReply(1, true),
            new RaftMessage.RequestPreVote(1, 2, 3), new RaftMessage.RequestPreVoteReply(1, 2, true),
            new RaftMessage.AppendEntries(1, 2, 3, entries, 4, 5), new RaftMessage.AppendEntriesReply(1, true, 2, 3, 4, 5),
            new RaftMessage.InstallSnapshot(1, 2, 3, 4, [5, 6], true, 7), new RaftMessage.InstallSnapshotReply(1, 2, 3, true, 4),
            new RaftMessage.TimeoutNow(1), new RaftMessage.Manage(1, new RaftChange.Add(new NodeId("n4"))),
            new RaftMessage.Manage(1, new RaftChange.TakeSnapshot()), new RaftMessage.ManageFor(1, new RaftChange.Remove(new NodeId("n4"))),
            new RaftMessage.ManageFor(1, new RaftChange.Transfer(new NodeId("n4"))),
            new RaftMessage.Managed(1, ChangeOutcome.Failed, "why"), new RaftMessage.ReadIndex(1, 2), new RaftMessage.ReadIndexReply(1, 2, 3),
            new RaftMessage.Persisted(1, 2), new RaftMessage.Elect(), new RaftMessage.OpenSession(1),
            new RaftMessage.SessionOpened(1, 2), new RaftMessage.SessionExpired(1),
            new RaftMessage.Request(1, 2, 3, new KvCommand.Put("a", "é")), new RaftMessage.Reply(1, 2, new KvReply.Done()),
            new RaftMessage.Read(1, new KvCommand.Scan("", 3)), new RaftMessage.ReadReply(1, new KvReply.Page([new("a", "b")], "c")),
            new RaftMessage.NotLeader(Access.Read, 1, 2, null), new RaftMessage.NotLeader(Access.Write, 1, 2, new NodeId("n3")),
            new RaftMessage.Refused(Access.Write, 1, "why"), new RaftMessage.FindLeader(), new RaftMessage.LeaderIs(1, null),
            new RaftMessage.Invoke(1, new KvCommand.Get("a"), TimeSpan.FromSeconds(1)),
        ];
        Assert.Equal(
            typeof(RaftMessage).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(RaftMessage))).Select(type => type.Name).Order(),
            messages.Select(message => message.GetType().Name).Distinct().Order());
        foreach (var message in messages)
        {
            var bytes = new System.Buffers.ArrayBufferWriter<byte>();
            Role.WriteMessage(bytes, message);
            Assert.Equal(message, Role.ReadMessage(bytes.WrittenSpan));
        }
    }

    [Fact]
    public void The_common_prefix_ends_where_one_of_two_logs_was_replaced() =>
        Gen.Select(Histories, Gen.Int[0, 9], Gen.Int[0, 9], Gen.Int[0, 3], Gen.Int[0, 3]).Sample((history, cutA, cutB, addA, addB) =>
        {
            var common = history.Aggregate(RaftDisk.Empty, Step);
            var (a, b) = (Step(common, (cutA, 1, addA)).Log, Step(common, (cutB, 2, addB)).Log);
            var expected = 0;
            while (expected < Math.Min(a.LastIndex, b.LastIndex) && a[expected + 1] == b[expected + 1])
            {
                expected++;
            }

            Assert.Equal(expected, a.CommonPrefix(b));
            Assert.Equal(expected, b.CommonPrefix(a));
        });

    private static Gen<(int Cut, int Terms, int Count)[]> Histories { get; } =
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 2], Gen.Int[0, 6]).Array[0, 20];

    /// <summary>Cuts some entries off, goes some terms on, and appends; cuts nothing without a new term.</summary>
    private static RaftDisk Step(RaftDisk disk, (int Cut, int Terms, int Count) step)
    {
        var term = disk.CurrentTerm + step.Terms;
        var keep = Math.Max(0, disk.Log.LastIndex - (step.Terms == 0 ? 0 : step.Cut));
        var log = disk.Log.KeepThrough(keep);
        for (var i = 0; i < step.Count; i++)
        {
            // What an entry holds follows from its place and the log before it: no two leaders of one term.
            log = log.Add(new LogEntry(Math.Max(1, term), new LogCommand.OpenSession(default, (log.LastTerm * 1_000) + log.LastIndex)));
        }

        return new RaftDisk(term, step.Cut % 2 == 0 ? null : new NodeId("n1"), log);
    }
}
