using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Lab.Etcd;
using Google.Protobuf;
using MemoryPack;

namespace ActorLab.Tests.Raft;

/// <summary>
/// Revisions of the store and versions of keys, which clients of etcd compare and transactions hang on, are replicated state: they are the
/// same behind a compaction, a snapshot that a follower gets, a boot, and a journal.
/// </summary>
public sealed class VersionsTests
{
    private static readonly RaftOptions Compacting = RaftOptions.Default with { CompactEntries = 2, MaxChunkBytes = 1 };

    /// <summary>Keys that are written once and again, deleted, and made again; a transaction with three steps; two that change nothing.</summary>
    private static readonly KvCommand[] Commands =
    [
        EtcdRequests.Command(new PutRequest { Key = Text("a"), Value = Text("1") }),
        EtcdRequests.Command(new PutRequest { Key = Text("b"), Value = Text("1") }),
        EtcdRequests.Command(new TxnRequest
        {
            Compare = { Modified("b", 2) },
            Success = { Put("a", "2"), Put("c", "1"), Put("b", "2") },
            Failure = { Put("a", "no") },
        }),
        EtcdRequests.Command(new TxnRequest { Compare = { Modified("b", 2) }, Success = { Put("a", "no") } }),
        EtcdRequests.Command(new DeleteRangeRequest { Key = Text("c") }),
        new KvCommand.Append("a", "3"),
        new KvCommand.CompareAndSet("a", "nothing of the kind", "no"),
        EtcdRequests.Command(new PutRequest { Key = Text("c"), Value = Text("2") }),
        EtcdRequests.Command(new DeleteRangeRequest { Key = Text("b") }),
        new KvCommand.Put("d", "1"),
        new KvCommand.Put("d", "2"),
        new KvCommand.Delete("d"), // the newest revision is of a key that is gone
        new KvCommand.CompareAndSet("a", "nothing of the kind", "no"),
        new KvCommand.CompareAndSet("b", "nothing of the kind", "no"),
    ];

    [Fact]
    public void A_compaction_a_boot_and_a_journal_keep_them()
    {
        var server = OneServer.LeaderWithSession(3, Compacting).Expire("quorum").HearMatch(2, 2).Expire("quorum");
        var journalled = Copy(server.State.Disk);
        for (var number = 1; number <= Commands.Length; number++)
        {
            var before = server.State.Disk;
            Ask(server, number);
            journalled = journalled.Apply(Copy(server.State.Disk.DeltaSince(before)));
        }

        var state = server.State;
        Assert.Equal(Commands.Length + 2, state.LastApplied);
        Assert.InRange(state.Log.SnapshotIndex, Commands.Length - 2, Commands.Length + 2);
        Assert.Equal(Expected(state.LastApplied), state.Machine);
        Assert.Equal(10, state.Machine.Revision);
        Assert.Equal(new KvVersion(1, 5, 3), state.Machine.Versions["a"]);
        Assert.Equal(new KvVersion(6, 6, 1), state.Machine.Versions["c"]);
        Assert.Equal(Expected(state.Log.SnapshotIndex), state.Disk.Snapshot.Machine);
        Assert.Equal(state.Disk, journalled);

        server.Restart();
        Assert.Equal(Expected(state.Log.SnapshotIndex), server.State.Machine);
        server.Lead().HearMatch(2, server.State.Log.LastIndex);
        Assert.Equal(state.Machine, server.State.Machine);
    }

    [Fact]
    public void A_follower_that_gets_a_snapshot_has_them_and_answers_as_the_leader_does()
    {
        var leader = OneServer.LeaderWithSession(3, Compacting).Expire("quorum").HearMatch(2, 2).Expire("quorum");
        for (var number = 1; number <= Commands.Length; number++)
        {
            Ask(leader, number);
        }

        var follower = new OneServer(3, options: Compacting, node: 3);
        Install(leader, follower);
        Assert.Equal(leader.State.Log.SnapshotIndex, follower.State.Log.SnapshotIndex);
        Assert.Equal(Expected(follower.State.LastApplied), follower.State.Machine);
        foreach (var machine in (KvState[])[follower.State.Machine, follower.Restart().State.Machine])
        {
            var request = new RangeRequest { Key = Text("\0"), RangeEnd = Text("\0") };
            var (_, reply) = KvStore.Instance.Apply(machine, EtcdRequests.Command(request));
            var read = Assert.IsType<KvReply.Transacted>(reply);
            Assert.Equal(10, read.Revision);
            Assert.Equal(
                ["a 1 5 3", "c 6 6 1"],
                EtcdAnswers.Range(request, read.Results[0], new ResponseHeader()).Kvs
                    .Select(one => $"{one.Key.ToStringUtf8()} {one.CreateRevision} {one.ModRevision} {one.Version}"));

            var (after, _) = KvStore.Instance.Apply(machine, EtcdRequests.Command(new TxnRequest { Compare = { Modified("a", 5) }, Success = { Put("a", "9") } }));
            Assert.Equal(("9", new KvVersion(1, 11, 4)), (after.Values["a"], after.Versions["a"]));
        }
    }

    /// <summary>The store that took the commands up to an index one by one.</summary>
    private static KvState Expected(long index) =>
        Commands.Take((int)index - 2).Aggregate(KvState.Empty, (state, command) => KvStore.Instance.Apply(state, command).State);

    private static void Ask(OneServer server, int number) =>
        server.HearClient(new RaftMessage.Request(2, number, 1, Commands[number - 1])).HearMatch(2, number + 2);

    private static void Install(OneServer leader, OneServer follower)
    {
        leader.Expire("heartbeat");
        leader.Hear(3, new RaftMessage.AppendEntriesReply(1, false, 2, 0, 1, leader.State.Leadership!.Round));
        for (var next = 0; next < leader.SentTo<RaftMessage.InstallSnapshot>(3).Length; next++)
        {
            follower.Forget().Hear(1, leader.SentTo<RaftMessage.InstallSnapshot>(3)[next]);
            leader.Hear(3, follower.SentTo<RaftMessage.InstallSnapshotReply>(1)[^1]);
        }
    }

    private static T Copy<T>(T value) => MemoryPackSerializer.Deserialize<T>(MemoryPackSerializer.Serialize(value))!;

    private static Compare Modified(string key, long revision) => new()
    {
        Key = Text(key),
        Target = Compare.Types.CompareTarget.Mod,
        Result = Compare.Types.CompareResult.Equal,
        ModRevision = revision,
    };

    private static RequestOp Put(string key, string value) =>
        new() { RequestPut = new PutRequest { Key = Text(key), Value = Text(value) } };

    private static ByteString Text(string text) => ByteString.CopyFromUtf8(text);
}
