using Akka.Actor;

namespace ActorLab.Cluster.Tests;

public sealed class RoleActorTests
{
    [Fact]
    public async Task Nothing_but_an_early_message_leaves_before_the_disk_is_written()
    {
        await using var cluster = await ToyCluster.Start("n1", "n2");
        await cluster.Put("n1", "warm");
        cluster.Gate("n1").Close();

        var put = cluster.Put("n1", "x");
        await Eventually.True(() => cluster.State("n2").Hinted.Contains("x"), "the early message arrives");
        await Eventually.True(() => cluster.Gate("n1").Waiting == 1, "the write is under way");

        Assert.False(put.IsCompleted);
        Assert.DoesNotContain("x", cluster.State("n2").Copied);
        Assert.DoesNotContain("x", cluster.State("n1").Disk.Kept);
        Assert.Equal(1, cluster.State("n1").KnownDurable);
        Assert.DoesNotContain(cluster["n1"].Trace.Read(-1, 1_000), e => e.Text.Contains("\"x\"", StringComparison.Ordinal));

        cluster.Gate("n1").Open();
        Assert.Equal(Outcome.Ok, (await put).Outcome);
        await Eventually.True(() => cluster.State("n2").Copied.Contains("x"), "the other message follows");
        await Eventually.True(() => cluster.State("n1").KnownDurable == 2, "what the role tells itself comes after the write");
    }

    [Fact]
    public async Task A_turn_that_changes_no_disk_waits_for_the_turns_before_it()
    {
        await using var cluster = await ToyCluster.Start("n1", "n2");
        cluster.Gate("n1").Close();
        var put = cluster.Put("n1", "first");
        await Eventually.True(() => cluster.Gate("n1").Waiting == 1, "the write is under way");

        cluster.Tell("n1", new ToyMessage.Relay("second"));
        cluster.Tell("n1", new ToyMessage.Relay("third"));
        cluster.Gate("n1").Open();

        await put;
        await Eventually.True(() => cluster.State("n2").Copied.Count == 3, "all copies arrive");
        Assert.Equal(["first", "second", "third"], cluster.State("n2").Copied);
    }

    [Fact]
    public async Task One_write_serves_the_turns_that_came_while_another_was_under_way()
    {
        await using var cluster = await ToyCluster.Start("n1");
        cluster.Gate("n1").Close();
        var puts = Enumerable.Range(0, 200).Select(i => cluster.Put("n1", $"t{i}")).ToList();
        await Eventually.True(() => cluster.Gate("n1").Waiting == 1, "the first write is under way");
        cluster.Gate("n1").Open();

        Assert.All(await Task.WhenAll(puts), result => Assert.Equal(Outcome.Ok, result.Outcome));
        Assert.InRange(cluster.Gate("n1").Writes, 1, 5);
        var role = cluster["n1"].Toy().Role(ToyRole.Name)!;
        Assert.Equal(200, role.DurableTurns);
        Assert.Equal(cluster.Gate("n1").Writes, role.Commits);
    }

    [Fact]
    public async Task A_failed_write_is_a_crash_of_the_role_and_nothing_of_the_turn_is_seen()
    {
        await using var cluster = await ToyCluster.Start("n1", "n2");
        await cluster.Put("n1", "kept");
        var before = cluster["n1"].Toy().Role(ToyRole.Name)!.Incarnation;
        cluster.Gate("n1").FailBefore = new InvalidOperationException("the disk said no");

        var lost = await cluster.Put("n1", "lost");
        Assert.Equal(Outcome.Unknown, lost.Outcome);
        cluster.Gate("n1").FailBefore = null;

        await Eventually.True(() => cluster["n1"].Toy().Role(ToyRole.Name)!.Incarnation > before, "the role boots again");
        Assert.Equal(Outcome.Ok, (await cluster.Put("n1", "after")).Outcome);
        Assert.Equal(["kept", "after"], cluster.State("n1").Disk.Kept);
        await Eventually.True(() => cluster.State("n2").Copied.Contains("after"), "later copies arrive");
        Assert.DoesNotContain("lost", cluster.State("n2").Copied);
        Assert.Contains(cluster["n1"].Trace.Read(-1, 1_000), e => e.Kind == TraceKind.Crash && e.Text.Contains("said no", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_an_ambiguous_write_the_role_boots_from_what_the_disk_has()
    {
        await using var cluster = await ToyCluster.Start("n1");
        cluster.Gate("n1").FailAfter = new TimeoutException("no answer");
        Assert.Equal(Outcome.Unknown, (await cluster.Put("n1", "there")).Outcome);
        cluster.Gate("n1").FailAfter = null;

        Assert.Equal(Outcome.Ok, (await cluster.Put("n1", "after")).Outcome);
        Assert.Equal(["there", "after"], cluster.State("n1").Disk.Kept);
    }

    [Fact]
    public async Task A_role_that_breaks_boots_again_and_the_node_lives_on()
    {
        await using var cluster = await ToyCluster.Start("n1");
        await cluster.Put("n1", "kept");
        cluster.Tell("n1", new ToyMessage.Break());
        await Eventually.True(() => cluster["n1"].Toy().Role(ToyRole.Name)!.Incarnation == 2, "the role boots again");
        Assert.Equal(Outcome.Ok, (await cluster.Put("n1", "after")).Outcome);
        Assert.Equal(["kept", "after"], cluster.State("n1").Disk.Kept);
    }

    [Fact]
    public async Task A_role_too_far_ahead_of_its_disk_takes_no_more_and_catches_up()
    {
        await using var cluster = await ToyCluster.Start(
            ["n1"], null, settings: new() { ["actorlab.journal.waiting-turns"] = "10", ["actorlab.operations.waiting"] = "20" });
        cluster.Gate("n1").Close();
        var puts = Enumerable.Range(0, 21).Select(i => cluster.Put("n1", $"t{i}")).ToList();

        var refused = await puts[^1];
        Assert.Equal(Outcome.Failed, refused.Outcome);
        Assert.Contains("too busy", refused.Reason, StringComparison.Ordinal);

        cluster.Gate("n1").Open();
        Assert.All((await Task.WhenAll(puts)).SkipLast(1), result => Assert.Equal(Outcome.Ok, result.Outcome));
        Assert.Equal(20, cluster.State("n1").Disk.Kept.Count);
    }

    [Fact]
    public async Task What_a_role_told_itself_in_an_earlier_life_does_not_count()
    {
        await using var cluster = await ToyCluster.Start("n1");
        var self = ToyRole.At("n1");
        var actor = RoleDirectory.Of(cluster.System("n1")).ActorOf("toy", self)!;
        cluster.Tell("n1", new ToyMessage.Break());
        await Eventually.True(() => cluster["n1"].Toy().Role(ToyRole.Name) is { Incarnation: 2, Running: true }, "the role boots again");

        actor.Tell(new RoleEnvelope(self, self, 1, 1, 0, new ToyMessage.Durable(41), 0));
        Assert.Equal(Outcome.Ok, (await cluster.Put("n1", "x")).Outcome);
        await Eventually.True(() => cluster.State("n1").KnownDurable == 1, "what it tells itself in this life counts");
        Assert.DoesNotContain(cluster["n1"].Trace.Read(-1, 1_000), e => e.Text.Contains("41", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_disk_too_full_for_the_next_incarnation_halts_the_role()
    {
        var count = 0;
        await using var cluster = await ToyCluster.Start(
            ["n1"], null, nextIncarnation: () => ++count == 1 ? 1 : throw new IOException("No space left on device", 28));
        cluster.Tell("n1", new ToyMessage.Break());
        var role = cluster["n1"].Toy().Role(ToyRole.Name)!;
        await Eventually.True(() => role.HaltReason is not null, "the role halts");
        Assert.Contains("full", role.HaltReason, StringComparison.Ordinal);
        Assert.False(role.Damaged);
        Assert.Equal(2, count);
    }
}
