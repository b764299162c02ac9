using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.Raft;

/// <summary>Thesis 10.2.2: what a leader that lingers makes of many clients.</summary>
public sealed class PaperTestsBatching
{
    private static readonly RaftOptions Lingering = RaftOptions.Default with { Linger = TimeSpan.FromMilliseconds(2) };

    [Fact]
    public void Thesis_10_2_2_one_client_never_waits()
    {
        var server = OneServer.LeaderWithSession(3, Lingering);
        for (var number = 1; number <= 3; number++)
        {
            server.HearPut(number, "a", "1", number).HearMatch(2, 2 + number);
            Assert.Equal(2 + number, server.State.CommitIndex);
            Assert.DoesNotContain("linger", server.Armed.Keys);
        }
    }

    [Fact]
    public void Thesis_10_2_2_what_comes_during_a_round_goes_out_in_one_batch_after_it()
    {
        var server = OneServer.LeaderWithSession(3, Lingering).HearPut(1, "a", "1").HearPut(2, "b", "2").HearPut(3, "c", "3");
        Assert.Equal(3, server.State.Log.LastIndex);
        server.HearMatch(3, 3).Forget().HearMatch(2, 3); // committed, and n2 and n3 wait for more
        Assert.Equal((3, 3), (server.State.CommitIndex, server.State.Log.LastIndex));
        Assert.Empty(server.SentTo<RaftMessage.AppendEntries>(2));

        server.HoldOwn = true;
        server.Expire("linger");
        Assert.Equal(5, server.State.Log.LastIndex);
        Assert.Equal(2, Assert.Single(server.SentTo<RaftMessage.AppendEntries>(2)).Entries.Count);
        Assert.Equal(2, Assert.Single(server.SentTo<RaftMessage.AppendEntries>(3)).Entries.Count);
        Assert.Equal(1, server.Count<RaftMessage.Persisted>());
        server.DiskIsDurable().HearMatch(2, 5);
        Assert.Equal("3", server.State.Machine.Values["c"]);
    }

    [Fact]
    public void Thesis_10_2_2_it_waits_no_longer_than_until_all_that_were_answered_or_waited_have_asked()
    {
        var server = OneServer.LeaderWithSession(3, Lingering).HearPut(1, "a", "1").HearPut(2, "b", "2").HearMatch(2, 3);
        Assert.Equal(2, server.State.Leadership!.Expected); // one answered, one waits
        server.Forget().HearPut(3, "c", "3");
        Assert.Equal(2, Assert.Single(server.SentTo<RaftMessage.AppendEntries>(2)).Entries.Count);
        Assert.DoesNotContain("linger", server.Armed.Keys);
        Assert.Equal((0, 0), (server.State.Leadership!.Expected, server.State.Leadership.Gathered.Count));
    }

    [Fact]
    public void Who_asked_too_late_for_a_batch_is_told_when_its_leader_steps_down()
    {
        var server = OneServer.LeaderWithSession(3, Lingering).HearPut(1, "a", "1").Forget();
        server.Hear(new Address(new NodeId("n3"), "client"), new RaftMessage.Request(2, 2, 1, new KvCommand.Put("b", "2")));
        server.Hear(2, new RaftMessage.AppendEntries(5, 0, 0, default, 0, 1));
        Assert.Equal(
            ["n1/client", "n3/client"],
            server.Effects.OfType<Effect.Send>().Where(send => send.Message is RaftMessage.NotLeader).Select(send => $"{send.To}").Order());
        Assert.DoesNotContain("linger", server.Armed.Keys);
    }

    [Fact]
    public void Uncommitted_bytes_are_bounded_whether_they_are_in_the_log_or_not()
    {
        var value = new string('x', 70);
        var bytes = new LogCommand.Operation(default, 2, 1, 1, new KvCommand.Put("a", value)).Bytes;
        var server = OneServer.LeaderWithSession(3, Lingering with { MaxUncommittedBytes = 2 * bytes });
        server.HearPut(1, "a", value).HearPut(2, "b", value).HearPut(3, "c", value);
        Assert.Equal(3, Assert.Single(server.SentToClient<RaftMessage.Refused>()).Number);
        server.HearMatch(2, 3).Expire("linger").HearMatch(2, 4);
        Assert.Equal(0, server.State.Leadership!.UncommittedBytes);
    }

    [Fact]
    public void A_leader_that_makes_way_sends_what_it_has_gathered_first()
    {
        var server = OneServer.LeaderWithSession(3, Lingering).HearPut(1, "a", "1").HearPut(2, "b", "2");
        server.Hear(Address.Outside, new RaftMessage.Manage(9, new RaftChange.Transfer(new NodeId("n2"))));
        Assert.Equal(4, server.State.Log.LastIndex);
        server.Forget().HearMatch(2, 3).HearMatch(2, 4);
        Assert.Single(server.SentTo<RaftMessage.TimeoutNow>(2));
    }

    /// <summary>Two servers in one term, three commands from outside, a crash of either at any time.</summary>
    [Fact]
    public void All_promises_hold_in_every_world_of_a_leader_that_lingers()
    {
        var scenario = RaftScenario.Family.With(
            ("servers", 2), ("clients", 0), ("prevote", 0), ("operations", 3), ("terms", 1), ("rounds", 0), ("crashes", 1), ("linger", 1));
        var result = ModelChecker.Check(scenario with
        {
            Network = scenario.Network with { OneCopy = true, NoOpDeliversStay = true },
            Properties = scenario.Properties.Add(new Property.Sometimes(
                "a batch", "A follower has two commands of clients of one batch.",
                world => world.All<RaftState>().Any(server =>
                    server.State.Leadership?.Followers.Values.Any(progress => progress.InFlight.Any(sent => sent.Last > sent.First)) == true))),
        });
        Assert.Equal((9_038, 63_416, true), (result.Distinct, result.Generated, result.Complete));
        Assert.All(
            RaftProperties.All.Where(property => property is Property.Always),
            property => Assert.Equal(VerdictKind.Holds, result[property.Name].Kind));
        Assert.Equal(VerdictKind.Reached, result["a batch"].Kind);
    }
}
