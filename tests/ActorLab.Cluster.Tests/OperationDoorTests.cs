namespace ActorLab.Cluster.Tests;

public sealed class OperationDoorTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task An_operation_that_was_never_begun_has_failed_when_its_time_is_up()
    {
        using var door = new OperationDoor("role", 10);
        var result = await door.SubmitAsync(number => number, Short, default).WaitAsync(ToyCluster.Limit);
        Assert.Equal(Outcome.Failed, result.Outcome);
        Assert.False(door.TryTake(out _, out _));
    }

    [Fact]
    public async Task An_operation_that_was_begun_is_unknown_when_its_time_is_up_and_a_late_answer_is_ignored()
    {
        using var door = new OperationDoor("role", 10);
        var waiting = door.SubmitAsync(number => number, Short, default);
        Assert.True(door.TryTake(out var number, out _));
        Assert.Equal(Outcome.Unknown, (await waiting.WaitAsync(ToyCluster.Limit)).Outcome);
        door.Complete(new HistoryEvent.Completed(number, Outcome.Ok, "late", ""));
        Assert.Equal(Outcome.Unknown, (await waiting).Outcome);
    }

    [Fact]
    public async Task Beyond_the_capacity_operations_are_refused_until_one_is_answered()
    {
        using var door = new OperationDoor("role", 2);
        var first = door.SubmitAsync(number => number, Long, default);
        _ = door.SubmitAsync(number => number, Long, default);
        Assert.Contains("too busy", (await door.SubmitAsync(number => number, Long, default)).Reason, StringComparison.Ordinal);

        Assert.True(door.TryTake(out var number, out _));
        door.Complete(new HistoryEvent.Completed(number, Outcome.Ok, "done", ""));
        Assert.Equal("done", (await first).Reply);
        Assert.False(door.SubmitAsync(number => number, Long, default).IsCompleted);
    }

    [Fact]
    public void Many_arrivals_wake_the_role_once_until_it_looks()
    {
        using var door = new OperationDoor("role", 10);
        var wakes = 0;
        door.WakeBy(() => wakes++);
        for (var i = 0; i < 5; i++)
        {
            _ = door.SubmitAsync(number => number, Long, default);
        }

        Assert.Equal(1, wakes);
        door.Awake();
        _ = door.SubmitAsync(number => number, Long, default);
        Assert.Equal(2, wakes);
    }

    [Fact]
    public async Task A_caller_that_leaves_learns_whether_its_operation_was_begun()
    {
        using var door = new OperationDoor("role", 10);
        using var stop = new CancellationTokenSource();
        var begun = door.SubmitAsync(number => number, Long, stop.Token);
        Assert.True(door.TryTake(out _, out _));
        var queued = door.SubmitAsync(number => number, Long, stop.Token);
        await stop.CancelAsync();
        Assert.Equal(Outcome.Unknown, (await begun).Outcome);
        Assert.Equal(Outcome.Failed, (await queued).Outcome);
        Assert.False(door.TryTake(out _, out _));
    }

    [Fact]
    public async Task A_closed_door_answers_with_its_reason_also_what_waits_behind_it()
    {
        using var door = new OperationDoor("role", 10);
        var queued = door.SubmitAsync(number => number, Long, default);
        door.Close("The disk is full.");
        Assert.Equal("The disk is full.", (await queued).Reason);
        Assert.Equal("The disk is full.", (await door.SubmitAsync(number => number, Long, default)).Reason);
    }

    [Fact]
    public async Task A_builder_that_throws_concerns_its_caller_alone()
    {
        using var door = new OperationDoor("role", 10);
        var bad = door.SubmitAsync(_ => throw new FormatException("no such thing"), Long, default);
        var good = door.SubmitAsync(number => "good", Long, default);
        Assert.True(door.TryTake(out _, out var message));
        Assert.Equal("good", message);
        Assert.Contains("no such thing", (await bad).Reason, StringComparison.Ordinal);
        Assert.False(good.IsCompleted);
    }
}
