using ActorLab.Core;

namespace ActorLab.Tests.Core;

public sealed class HistoryTests
{
    private static readonly Address Alice = Address.Parse("n1/client");
    private static readonly Address Bob = Address.Parse("n2/client");

    [Fact]
    public void Builder_and_fold_give_the_same_history()
    {
        var (builder, folded) = (new HistoryBuilder(), History.Empty);
        foreach (var (at, client, happening) in Reports())
        {
            builder.Add(at, client, happening);
            folded = folded.After(at, client, happening);
        }

        Assert.Equal(folded, builder.ToHistory());
        Assert.Equal((3, 1), (builder.Count, builder.Open));
        Assert.Equal(new HistoryOperation(Alice, 1, "a", 1, 4, Outcome.Ok, "A"), folded.Operations[0]);
        Assert.Equal(new HistoryOperation(Bob, 1, "b", 2, 5, Outcome.Failed, null, "no leader"), folded.Operations[1]);
        Assert.Equal(new HistoryOperation(Alice, 2, "c", 3, null, Outcome.Unknown, null), folded.Operations[2]);
    }

    [Fact]
    public void A_completion_of_what_is_not_open_is_refused()
    {
        var builder = new HistoryBuilder();
        builder.Add(1, Alice, new HistoryEvent.Invoked(1, "a"));
        var completed = new HistoryEvent.Completed(1, Outcome.Ok, "A", "");
        Assert.Throws<ArgumentException>(() => builder.Add(2, Bob, completed));
        builder.Add(2, Alice, completed);
        Assert.Contains("n1/client completed operation 1", Assert.Throws<ArgumentException>(
            () => builder.Add(3, Alice, completed)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_history_that_was_taken_is_not_changed_by_what_follows()
    {
        var builder = new HistoryBuilder();
        builder.Add(1, Alice, new HistoryEvent.Invoked(1, "a"));
        var taken = builder.ToHistory();
        builder.Add(2, Alice, new HistoryEvent.Completed(1, Outcome.Ok, "A", ""));
        Assert.Null(taken.Operations[0].CompletedAt);
    }

    private static IEnumerable<(long At, Address Client, HistoryEvent Happening)> Reports() =>
    [
        (1, Alice, new HistoryEvent.Invoked(1, "a")),
        (2, Bob, new HistoryEvent.Invoked(1, "b")),
        (3, Alice, new HistoryEvent.Invoked(2, "c")),
        (4, Alice, new HistoryEvent.Completed(1, Outcome.Ok, "A", "")),
        (5, Bob, new HistoryEvent.Completed(1, Outcome.Failed, null, "no leader")),
    ];
}
