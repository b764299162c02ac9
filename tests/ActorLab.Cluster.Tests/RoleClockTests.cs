namespace ActorLab.Cluster.Tests;

/// <summary>The clocks that roles carry, and what comes of them.</summary>
public sealed class RoleClockTests
{
    private static readonly (Address N1, Address N2) At = (ToyRole.At("n1"), ToyRole.At("n2"));
    private static readonly ClockRoles Roles = new("toy", [$"{At.N1}", $"{At.N2}"]);

    [Fact]
    public void A_message_hands_on_what_its_sender_knows()
    {
        using var one = new RoleClock(Roles, At.N1);
        using var other = new RoleClock(Roles, At.N2);
        var (early, sent, apart) = (one.Tick(), one.Tick(), other.Tick());
        var received = other.Tick(sent);
        Assert.Equal([2L, 2L], received.Ticks);
        Assert.Equal(3, received.Time.Time);
        Assert.Equal(Causality.Before, Order(early, received));
        Assert.Equal(Causality.After, Order(received, sent));
        Assert.Equal(Causality.Concurrent, Order(apart, sent));
        Assert.Equal(Causality.Equal, Order(sent, sent));
    }

    /// <summary>Else a role that comes back counts turns for the second time, and does not know what its disk came of.</summary>
    [Fact]
    public void What_was_kept_outlives_the_process()
    {
        using var folder = new TemporaryFolder();
        using var peer = new RoleClock(Roles, At.N2);
        var told = peer.Tick();
        ClockReading before;
        using (var first = new RoleClock(Roles, At.N1, PathIn(folder)))
        {
            before = first.Tick(told);
            first.Keep();
            first.Tick(); // nobody learns of it
        }

        using var second = new RoleClock(Roles, At.N1, PathIn(folder));
        var after = second.Tick();
        Assert.Equal([2L, 1L], after.Ticks);
        Assert.Equal(Causality.Before, Order(before, after));
        Assert.Equal(Causality.Before, Order(told, after));
    }

    /// <summary>Each start counts for itself, and so do other roles.</summary>
    [Theory]
    [InlineData("toy-2", "n1/keeper n2/keeper")]
    [InlineData("toy", "n1/keeper n2/keeper n3/keeper")]
    [InlineData("toy", "n1/keeper n3/keeper")]
    public void A_file_of_another_start_or_of_other_roles_says_nothing(string start, string roles)
    {
        using var folder = new TemporaryFolder();
        using (var first = new RoleClock(Roles, At.N1, PathIn(folder)))
        {
            first.Tick();
            first.Keep();
        }

        using var second = new RoleClock(new ClockRoles(start, roles.Split(' ')), At.N1, PathIn(folder));
        Assert.Equal(1, second.Tick().Ticks.Sum());
    }

    [Fact]
    public void A_file_that_cannot_be_used_is_told_of()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "clocks"), "a file where a folder should be");
        var refusal = Assert.Throws<NodeRefusal>(() => new RoleClock(Roles, At.N1, PathIn(folder)));
        Assert.StartsWith("The clocks of toy cannot be kept in ", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>From a forged frame: nothing is learned from it, and nothing breaks.</summary>
    [Fact]
    public void A_clock_of_another_length_is_none()
    {
        using var clock = new RoleClock(Roles, At.N1);
        Assert.Equal([1L, 0L], clock.Tick(ClockReading.From([5, 9, 9, 9])).Ticks);
        Assert.Null(ClockReading.From([5, -1]));
        Assert.Null(ClockReading.From([long.MaxValue, 1]));
        Assert.Null(ClockReading.From([]));
    }

    /// <summary>With the whole trace at hand, its clocks are those that the roles carried: number by number.</summary>
    [Fact]
    public async Task Roles_carry_what_their_traces_tell()
    {
        await using var cluster = await ToyCluster.Start("n1", "n2", "n3");
        for (var i = 0; i < 5; i++)
        {
            await cluster.Put($"n{1 + (i % 3)}", $"{i}");
        }

        cluster.Tell("n1", new ToyMessage.Break()); // its clocks outlive that
        await Eventually.True(() => cluster["n1"].Toy().Role(ToyRole.Name)!.Incarnation > 1, "n1 boots again");
        await cluster.Put("n1", "after");
        await Eventually.True(() => cluster.State("n3").Copied.Contains("after"), "n3 hears of it");

        var events = Merged(["n1", "n2", "n3"], node => cluster[node]);
        var clocks = new TraceClocks([.. events]);
        Assert.All(events.Where(one => one.Clock is not null), one => Assert.Equal(
            (clocks.TimeOf((int)one.Index), clocks.VectorOf((int)one.Index)), (one.Clock!.Time, one.Clock.Vector)));
        Assert.All(events.Where(one => one.Clock is null), one => Assert.Null(clocks.VectorOf((int)one.Index)));
        Assert.True(events.Count(one => one is { Kind: TraceKind.Deliver, Cause: >= 0 }) > 10, "messages were received");
    }

    /// <summary>What a trace cannot tell any more, the clocks can.</summary>
    [Fact]
    public async Task Where_the_trace_has_lost_the_way_the_clocks_know_the_order()
    {
        await using var cluster = await ToyCluster.Start(["n1", "n2"], null, settings: new() { ["actorlab.trace.events"] = "12" });
        await cluster.Put("n1", "first");
        await Eventually.True(() => cluster.State("n2").Copied.Contains("first"), "n2 hears of it");
        var cause = cluster["n1"].Trace.Read(-1, 100).Single(one => one is { Kind: TraceKind.Operation });
        for (var i = 0; i < 20; i++)
        {
            await cluster.Put("n2", $"{i}");
        }

        var rest = cluster["n2"].Trace.Read(-1, 100);
        Assert.DoesNotContain(rest, one => one.Kind == TraceKind.Deliver && one.Text.Contains("first", StringComparison.Ordinal));
        Assert.All(rest.Where(one => one.Clock is not null), one => Assert.Equal(Causality.Before, cause.Clock!.Compare(one.Clock!)));
    }

    private static string PathIn(TemporaryFolder folder) => Path.Combine(folder.Path, "clocks", "toy keeper");

    private static Causality Order(ClockReading one, ClockReading other) =>
        (one with { Of = Roles }).ToEvent()!.Compare((other with { Of = Roles }).ToEvent()!);

    /// <summary>The traces as one, causes first.</summary>
    private static List<TraceEvent> Merged(string[] nodes, Func<string, LabNode> node)
    {
        var all = nodes.SelectMany(name => node(name).Trace.Read(-1, 10_000), (name, one) => (Ring: name, Event: one))
            .OrderBy(one => one.Event.Clock?.Time.Time ?? 0).ThenBy(one => one.Ring, StringComparer.Ordinal).ThenBy(one => one.Event.Index).ToList();
        var places = all.Index().ToDictionary(one => (one.Item.Ring, one.Item.Event.Index), one => one.Index);
        var sends = all.Index().Where(one => one.Item.Event.Kind == TraceKind.Send)
            .ToDictionary(one => (one.Item.Event.Where, one.Item.Event.Peer, one.Item.Event.Message), one => one.Index);
        return [.. all.Select((one, place) => one.Event with
        {
            Index = place,
            Cause = one.Event is { Kind: TraceKind.Deliver, Peer: { } peer } ? sends.GetValueOrDefault((peer, one.Event.Where, one.Event.Message), -1)
                : places.GetValueOrDefault((one.Ring, one.Event.Cause), -1),
        })];
    }
}
