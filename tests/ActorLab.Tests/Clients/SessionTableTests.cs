using ActorLab.Core;

namespace ActorLab.Tests.Clients;

public sealed class SessionTableTests
{
    private static readonly SessionTable<string> One = SessionTable<string>.Empty.Open(10, most: 3);

    [Fact]
    public void A_request_is_new_then_applied_then_acknowledged()
    {
        Assert.Equal((RequestStatus.New, null), One.Find(10, 1));
        var applied = One.Keep(10, 1, firstOutstanding: 1, "one", index: 11);
        Assert.Equal((RequestStatus.Applied, "one"), applied.Find(10, 1));
        var later = applied.Keep(10, 2, firstOutstanding: 2, "two", index: 12);
        Assert.Equal((RequestStatus.Acknowledged, null), later.Find(10, 1));
        Assert.Equal((RequestStatus.Applied, "two"), later.Find(10, 2));
    }

    [Fact]
    public void Requests_may_come_in_any_order_and_an_old_message_brings_no_reply_back()
    {
        var table = One.Keep(10, 3, 1, "three", 11).Keep(10, 1, 1, "one", 12).Keep(10, 4, 3, "four", 13);
        Assert.Equal(RequestStatus.Acknowledged, table.Find(10, 2).Status); // given up by its client: it must not apply now
        var old = table.Keep(10, 5, 1, "five", 14);
        Assert.Equal(3, old.Sessions[10].FirstOutstanding);
        Assert.Equal([3L, 4, 5], old.Sessions[10].Replies.Select(kept => kept.Number));
    }

    [Fact]
    public void The_session_used_least_recently_makes_room()
    {
        var table = One.Open(20, 3).Open(30, 3).Keep(10, 1, 1, "used", 31).Open(40, 3);
        Assert.Equal([10L, 30, 40], table.Sessions.Keys);
        Assert.Equal(RequestStatus.NoSession, table.Find(20, 1).Status);
    }

    [Fact]
    public void A_session_that_acknowledges_nothing_is_closed_at_the_limit()
    {
        var table = One;
        for (var number = 1; number <= SessionTable<string>.MostReplies; number++)
        {
            table = table.Keep(10, number, 1, "", 10 + number);
        }

        Assert.Equal(RequestStatus.Applied, table.Find(10, 1).Status);
        Assert.Equal(RequestStatus.NoSession, table.Keep(10, 70_000, 1, "", 80_000).Find(10, 1).Status);
    }
}
