namespace ActorLab.Cluster.Tests;

/// <summary>Gates in front of roles: nothing happens that nobody asked for.</summary>
public sealed class GateTests
{
    private static readonly Dictionary<string, string> On = new() { ["actorlab.gates"] = "on" };
    private static readonly Address N1 = ToyRole.At("n1");

    [Fact]
    public async Task Operations_go_through_and_messages_wait_for_a_word()
    {
        await using var cluster = await ToyCluster.Start(["n1", "n2"], null, settings: On);
        Assert.Equal(Outcome.Ok, (await cluster.Put("n1", "a")).Outcome);

        Assert.Equal(["Durable { Count = 1 }"], await Held(cluster, "n1", 1));
        Assert.Equal(0, cluster.State("n1").KnownDurable);
        Assert.Equal(["Hint { Text = \"a\" }", "Copy { Text = \"a\" }"], await Held(cluster, "n2", 2));

        var held = (await Look(cluster, "n2")).Held;
        Assert.Null(await Do(cluster, "n2", new GateCommand.Deliver(N1, held[1].Number)));
        Assert.Equal(["a"], cluster.State("n2").Copied); // the answer comes when others can see the turn
        Assert.Null(await Do(cluster, "n2", new GateCommand.Drop(N1, held[0].Number)));
        Assert.Empty(cluster.State("n2").Hinted);
        Assert.Empty((await Look(cluster, "n2")).Held);
    }

    [Fact]
    public async Task What_is_not_there_is_refused_in_a_sentence()
    {
        await using var cluster = await ToyCluster.Start(["n1"], null, settings: On);
        Assert.Equal("The gate of n1/keeper holds no message 7 from n1/keeper.", await Do(cluster, "n1", new GateCommand.Deliver(N1, 7)));
        Assert.Equal("The gate of n1/keeper holds no message 7 from n1/keeper.", await Do(cluster, "n1", new GateCommand.Drop(N1, 7)));
        Assert.Equal("n1/keeper has no armed timer 'tick'. Armed: .", await Do(cluster, "n1", new GateCommand.Expire("tick")));
    }

    [Fact]
    public async Task A_message_of_an_earlier_process_can_be_put_back_and_a_broken_turn_says_so()
    {
        await using var cluster = await ToyCluster.Start(["n1"], null, settings: On);
        var sender = ToyRole.At("n2");
        Assert.Null(await Do(cluster, "n1", new GateCommand.Hold(new RoleEnvelope(N1, sender, 1, 5, 0, new ToyMessage.Copy("x"), 0))));
        Assert.Null(await Do(cluster, "n1", new GateCommand.Deliver(sender, 5)));
        Assert.Equal(["x"], cluster.State("n1").Copied);
        Assert.Null(await Do(cluster, "n1", new GateCommand.Operate(new ToyMessage.Put(9, "y"))));
        Assert.Equal(["y"], cluster.State("n1").Disk.Kept);

        Assert.Contains("crashed: a broken role boots again", await Do(cluster, "n1", new GateCommand.Operate(new ToyMessage.Break())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beyond_its_bound_a_gate_loses_messages_and_says_how_many()
    {
        await using var cluster = await ToyCluster.Start(
            ["n1"], null, settings: new(On) { ["actorlab.gate-messages"] = "2" });
        for (var i = 0; i < 5; i++)
        {
            await cluster.Put("n1", $"{i}");
        }

        Assert.Equal(2, (await Held(cluster, "n1", 2)).Count);
        await Eventually.True(() => Look(cluster, "n1").GetAwaiter().GetResult().Lost == 3, "three are lost");
    }

    private static async Task<IReadOnlyList<string>> Held(ToyCluster cluster, string node, int count)
    {
        GateCommand.Look look = new();
        await Eventually.True(() => (look = Look(cluster, node).GetAwaiter().GetResult()).Held.Count >= count, $"{count} messages wait at {node}");
        return [.. look.Held.Select(envelope => Canonical.Text(envelope.Message))];
    }

    private static async Task<GateCommand.Look> Look(ToyCluster cluster, string node)
    {
        var look = new GateCommand.Look();
        Assert.Null(await Do(cluster, node, look));
        return look;
    }

    private static Task<string?> Do(ToyCluster cluster, string node, GateCommand command)
    {
        RoleDirectory.Of(cluster.System(node)).ActorOf("toy", ToyRole.At(node))!.Tell(command, Akka.Actor.ActorRefs.NoSender);
        return command.Done.WaitAsync(ToyCluster.Limit);
    }
}
