using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Tests.Simulation;

public sealed class LinkRuleTests
{
    [Fact]
    public void The_simulator_strikes_the_messages_that_the_rule_strikes_anywhere()
    {
        var rule = new LinkRule.Drop { Id = "a", Probability = 0.2, Seed = 11 };
        var fates = new LinkFates(Toys.N1, Toys.N2);
        fates.Obey([rule]);
        var whole = Enumerable.Range(1, 190).Where(_ => fates.Next("conversation", "Say", 0, 0).LostTo is null).Select(n => (long)n);

        var result = Talk(rule);

        Assert.Equal(whole, result.Heard().Where(number => number <= 190));
        Assert.Contains(result.Trace, line => line is { Kind: TraceKind.Drop, Text: "dropped by a" });
    }

    [Fact]
    public void A_delay_keeps_the_order_and_a_reorder_does_not()
    {
        var late = Talk(new LinkRule.Delay { Id = "a", By = Millis(40), Jitter = Millis(40) });
        Assert.Equal(late.Heard().Order(), late.Heard());
        var overtaking = Talk(
            new LinkRule.Delay { Id = "a", By = Millis(40), Jitter = Millis(40) }, new LinkRule.Reorder { Id = "b", Within = Millis(40), Probability = 0.5 });
        Assert.NotEqual(overtaking.Heard().Order(), overtaking.Heard());
        Assert.Equal(overtaking.Heard().Count, overtaking.Heard().Distinct().Count());
    }

    [Fact]
    public void Messages_are_repeated_and_corrupted()
    {
        var result = Talk(
            new LinkRule.Duplicate { Id = "a", Probability = 0.3 }, new LinkRule.Corrupt { Id = "b", Probability = 0.3, Limit = 7 });
        Assert.Equal(7, result.Counts.Corrupted);
        Assert.InRange(result.Counts.Duplicated, 30, 90);
    }

    [Fact]
    public void A_bandwidth_counts_the_bytes_of_messages()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        var talk = Talk(new LinkRule.Bandwidth { Id = "a", BytesPerSecond = 1_000 });
        Toys.Conversation().RoleAt(Toys.Listener).WriteMessage(buffer, new Chat.Say(1));
        var bytes = buffer.WrittenCount;
        Assert.InRange(talk.Heard().Count, (200 / bytes) - 2, (200 / bytes) + 1); // 200 bytes pass in the time of the run
    }

    [Fact]
    public void Rules_of_a_script_end_with_the_next_and_concern_no_other_scenario()
    {
        var result = Simulator.Run(Toys.Conversation(), new SimulationOptions
        {
            VirtualTime = Millis(200),
            Script =
            [
                Rules(0, new LinkRule.Drop { Id = "a" }),
                Rules(100, new LinkRule.Drop { Id = "b", Scenario = "raft" }, new LinkRule.Drop { Id = "c", Message = "Whisper" }),
            ],
        });
        Assert.InRange(result.Heard()[0], 99, 102);
        Assert.InRange(result.Heard().Count, 85, 100);
    }

    [Fact]
    public void The_quiet_part_has_no_rules()
    {
        var result = Simulator.Run(Toys.Conversation(), new SimulationOptions
        {
            VirtualTime = Millis(200),
            Quiet = Millis(100),
            Script = [Rules(0, new LinkRule.Drop { Id = "a" })],
        });
        Assert.InRange(result.Heard()[0], 99, 102);
    }

    private static SimulationResult Talk(params Seq<LinkRule> rules) => Simulator.Run(Toys.Conversation(), new SimulationOptions
    {
        VirtualTime = Millis(200),
        Record = true,
        Script = [Rules(0, rules)],
    });

    private static ScriptedFault Rules(double at, params Seq<LinkRule> rules) => new(Millis(at), new FaultAction.SetLinks(rules));

    private static TimeSpan Millis(double count) => TimeSpan.FromMilliseconds(count);
}
