namespace ActorLab.Cluster.Tests;

/// <summary>What readers get of a node's trace.</summary>
public sealed class TraceRingTests
{
    private static readonly Address Role = ToyRole.At("n1");

    /// <summary>Times of a trace need not grow: a turn is recorded when its disk is written.</summary>
    [Theory]
    [InlineData(-1, 10, 0, "0 1 2 3 4 5 6 7 8 9")]
    [InlineData(-1, 10, 3_000, "3000 3001 3002 3003 3004 3005 3006 3007 3008 3009")]
    [InlineData(3_500, 3, 3_000, "3501 3502 3503")]
    [InlineData(-1, 10, 4_995, "4995 4996 4997 4998 4999")]
    [InlineData(-1, 10, 5_000, "")]
    [InlineData(4_999, 10, 0, "")]
    public void A_reader_gets_what_is_not_older_than_it_asked_for(long after, int limit, long since, string indexes) =>
        Assert.Equal(indexes, string.Join(' ', Ring(6_000, 5_000).Read(after, limit, since).Select(one => one.Index)));

    [Fact]
    public void Events_that_fell_out_are_skipped() =>
        Assert.Equal([4_500, 4_501], Ring(500, 5_000).Read(-1, 2, since: 10).Select(one => one.Index));

    [Fact]
    public async Task Who_follows_gets_nothing_older_than_it_asked_for_and_all_that_comes()
    {
        var ring = Ring(100, 10);
        await using var reader = ring.Follow(-1, since: 8).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal(8, reader.Current.Index);
        Assert.True(await reader.MoveNextAsync());
        ring.Record(3, TraceKind.Note, Role, "of an earlier time, and yet news");
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal((10, 3), (reader.Current.Index, reader.Current.At));
    }

    [Fact]
    public void Of_a_busy_node_it_keeps_less_and_of_a_quiet_one_all_it_has_room_for()
    {
        const long second = 1_000_000;
        var ring = new TraceRing(10, 1 << 20, busyCapacity: 3);
        for (var i = 0; i < 8; i++)
        {
            ring.Record(i * second, TraceKind.Note, Role, "");
        }

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], ring.Read(-1, 20).Select(line => line.Index));
        for (var i = 0; i < 5; i++)
        {
            ring.Record((8 * second) + i, TraceKind.Note, Role, "");
        }

        // Until there is no room for them, older ones stay where they are: then the busy seconds keep three.
        Assert.Equal([3, 4, 5, 6, 7, 8, 9, 10, 11, 12], ring.Read(-1, 20).Select(line => line.Index));
        for (var i = 5; i < 10; i++)
        {
            ring.Record((8 * second) + i, TraceKind.Note, Role, "");
        }

        Assert.Equal([15, 16, 17], ring.Read(-1, 20).Select(line => line.Index));
    }

    /// <summary>Event number i at time i.</summary>
    private static TraceRing Ring(int capacity, int events)
    {
        var ring = new TraceRing(capacity, 1 << 20);
        for (var i = 0; i < events; i++)
        {
            ring.Record(i, TraceKind.Note, Role, "");
        }

        return ring;
    }
}
