using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Tests.Simulation;

public sealed class NetworkTests
{
    private static readonly SimulationOptions Options = new()
    {
        Network = new NetworkOptions { Delay = Wait.Millis(1, 20), Tail = 0.05, TailDelay = Wait.Millis(20, 100) },
    };

    [Fact]
    public void Messages_of_one_link_keep_their_order()
    {
        var heard = Simulator.Run(Toys.Conversation(), Options).Heard();
        Assert.InRange(heard.Count, 9_000, 10_000);
        Assert.Equal(heard.Order(), heard);
    }

    [Fact]
    public void Messages_of_one_link_overtake_each_other_where_asked()
    {
        var heard = Simulator.Run(
            Toys.Conversation(), Options with { Network = Options.Network with { Reorder = true } }).Heard();
        Assert.NotEqual(heard.Order(), heard);
        Assert.Equal(heard.Distinct().Count(), heard.Count);
    }

    [Fact]
    public void A_scenario_that_needs_order_refuses_reordering()
    {
        var ordered = Toys.Conversation() with { Network = new Network(FifoPerLink: true) };
        Assert.Contains("Reorder", Assert.Throws<ArgumentException>(() => new SimulationRun(
            ordered, Options with { Network = Options.Network with { Reorder = true } })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_messages_are_lost_as_asked()
    {
        var heard = Simulator.Run(Toys.Conversation(), Options with { Faults = new FaultOptions { Loss = 0.2 } }).Heard();
        Assert.InRange(heard.Count, 7_700, 8_300);
    }

    [Fact]
    public void As_many_messages_arrive_twice_as_asked()
    {
        var heard = Simulator.Run(
            Toys.Conversation(), Options with { Faults = new FaultOptions { Duplication = 0.2 } }).Heard();
        var twice = heard.GroupBy(number => number).Count(group => group.Count() == 2);
        Assert.InRange(twice, 1_700, 2_300);
        Assert.Equal(heard.Order(), heard);
    }

    [Fact]
    public void Delays_are_in_their_ranges()
    {
        var trace = Simulator.Run(Toys.Conversation(), new SimulationOptions { Record = true }).Trace;
        var sent = trace.Where(line => line.Kind == TraceKind.Send).ToDictionary(line => line.Message, line => line.At);
        var delays = trace.Where(line => line.Kind == TraceKind.Deliver)
            .Select(line => line.At - sent[line.Message]).ToArray();
        Assert.InRange(delays.Min(), 200, 300);
        Assert.InRange(delays.Max(), 30_000, 50_000);
        Assert.InRange(delays.Count(delay => delay <= 2_000), delays.Length * 0.5, delays.Length);
    }

    [Fact]
    public void A_cut_link_drops_what_is_sent_and_what_is_under_way()
    {
        var slow = new SimulationOptions
        {
            Network = new NetworkOptions { Delay = Wait.Millis(10, 10), Tail = 0 },
            VirtualTime = TimeSpan.FromMilliseconds(300),
            Script =
            [
                new ScriptedFault(TimeSpan.FromMicroseconds(100_500), new FaultAction.Cut([new Link(Toys.N1, Toys.N2)])),
                new ScriptedFault(TimeSpan.FromMicroseconds(200_500), new FaultAction.Heal()),
            ],
        };
        var heard = Simulator.Run(Toys.Conversation(), slow).Heard();

        // Said at 91 to 100 ms: under way when the link was cut. Said at 101 to 200 ms: dropped at once.
        Assert.Equal([.. Numbers(1, 90), .. Numbers(201, 290)], heard);
    }

    [Fact]
    public void A_message_that_crossed_before_the_cut_and_one_sent_before_the_heal_but_not_arrived_fare_as_their_ends_say()
    {
        var slow = new SimulationOptions
        {
            Network = new NetworkOptions { Delay = Wait.Millis(10, 10), Tail = 0 },
            VirtualTime = TimeSpan.FromMilliseconds(120),
            Script =
            [
                new ScriptedFault(TimeSpan.FromMicroseconds(50_500), new FaultAction.Cut([new Link(Toys.N1, Toys.N2)])),
                new ScriptedFault(TimeSpan.FromMicroseconds(55_500), new FaultAction.Heal()),
            ],
        };

        // Arrivals at 51 to 55 ms were said at 41 to 45 ms; sendings at 51 to 55 ms were cut; 46 to 50 slip through.
        Assert.Equal(
            [.. Numbers(1, 40), .. Numbers(46, 50), .. Numbers(56, 110)], Simulator.Run(Toys.Conversation(), slow).Heard());
    }

    [Fact]
    public void The_other_direction_of_a_cut_link_carries_on()
    {
        var options = new SimulationOptions
        {
            VirtualTime = TimeSpan.FromMilliseconds(100),
            Script = [new ScriptedFault(TimeSpan.Zero, new FaultAction.Cut([new Link(Toys.N2, Toys.N1)]))],
        };
        Assert.InRange(Simulator.Run(Toys.Conversation(), options).Heard().Count, 97, 100);
    }

    [Fact]
    public void Messages_within_a_node_are_never_lost_or_repeated()
    {
        var harsh = Options with { Faults = new FaultOptions { Loss = 0.9, Duplication = 0.9 } };
        Assert.Equal(Numbers(1, 9_999), Simulator.Run(Toys.Conversation(sameNode: true), harsh).Heard().Take(9_999));
    }

    [Fact]
    public void A_slow_node_is_slow_both_ways_until_it_is_not()
    {
        var run = new SimulationRun(Toys.Conversation(), new SimulationOptions());
        run.Strike(new FaultAction.Slow(Toys.N2, Wait.Millis(500, 500)));
        run.RunFor(TimeSpan.FromMilliseconds(400));
        Assert.Empty(run.Result().Heard());
        run.Strike(new FaultAction.Slow(Toys.N2, Wait.Zero));
        run.RunFor(TimeSpan.FromMilliseconds(1000));
        Assert.InRange(run.Result().Heard().Count, 1_300, 1_400);
    }

    private static IEnumerable<long> Numbers(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(number => (long)number);
}
