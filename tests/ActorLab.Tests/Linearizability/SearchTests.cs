using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Lab;

namespace ActorLab.Tests.Linearizability;

/// <summary>Histories that a search must not drown in, limits, and what an outcome means.</summary>
public sealed class SearchTests
{
    private static readonly LinearizabilityOptions Soon = new() { TimeLimit = TimeSpan.FromSeconds(20) };

    public static TheoryData<string, double, int> Long() => new()
    {
        { "register", 0, 0 },
        { "register", 0.05, 0 },
        { "register", 0.05, 4 },
        { "cas-register", 0.05, 4 },
        { "kv", 0, 0 },
        { "kv", 0.03, 0 },
        { "kv-store", 0.03, 0 },
    };

    [Theory]
    [MemberData(nameof(Long))]
    public void Long_histories_with_unknown_outcomes_are_decided(string name, double unknown, int values)
    {
        for (var seed = 1; seed <= 4; seed++)
        {
            var shape = new HistoryShape(name) { Operations = 1500, Clients = 10, Unknown = unknown, Values = values, Writes = 0.4 };
            var history = HistoryGenerator.Of(seed, shape);
            var result = LinearizabilityChecker.Check(history, JudgeModels.Find(name), Soon);
            Assert.True(result.Verdict == LinearizabilityVerdict.Linearizable, $"{name}, seed {seed}: {result.Verdict} {result.Reason}");
            Assert.True(NaiveJudge.IsWitness(history, result.Objects[0].Order, LiveObject.Of(name)));
        }
    }

    [Fact]
    public void A_read_of_a_value_that_nobody_wrote_is_found_in_a_long_history()
    {
        var history = HistoryGenerator.Of(1, new HistoryShape("register") { Operations = 3000, Clients = 10, Unknown = 0.01 });
        var place = Enumerable.Range(0, 3000).Last(i => history.Operations[i] is { Command: ObjectCommand.Read, Outcome: Outcome.Ok });
        var wrong = new History(history.Operations.SetItem(
            place, history.Operations[place] with { Reply = new ObjectReply.Value("nobody wrote this") }));
        var result = LinearizabilityChecker.Check(wrong, ValueModel.Register, Soon);
        Assert.Equal(LinearizabilityVerdict.NotLinearizable, result.Verdict);
        Assert.Equal(place, result.Culprit!.Broken!.Operation);
    }

    [Fact]
    public void A_failed_write_is_never_seen_and_an_unknown_one_may_be_later_or_never()
    {
        Assert.Equal(LinearizabilityVerdict.NotLinearizable, WriteThenRead(Outcome.Failed, "1"));
        Assert.Equal(LinearizabilityVerdict.Linearizable, WriteThenRead(Outcome.Failed, null));
        Assert.Equal(LinearizabilityVerdict.Linearizable, WriteThenRead(Outcome.Unknown, "1"));
        Assert.Equal(LinearizabilityVerdict.Linearizable, WriteThenRead(Outcome.Unknown, null));
        Assert.Equal(LinearizabilityVerdict.NotLinearizable, WriteThenRead(Outcome.Ok, null));
    }

    [Fact]
    public void Nothing_is_guessed_when_a_limit_is_reached()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        // Many writes at once of values that are read in no order: the search has all orders before it.
        var operations = Enumerable.Range(0, 40).SelectMany(i => new[]
        {
            Operation(i, new ObjectCommand.Enqueue($"{i}"), 0, 1000, Outcome.Ok, ObjectReply.Ok),
            Operation(100 + i, new ObjectCommand.Dequeue(), 2000 + (i * 2), 2001 + (i * 2), Outcome.Ok, new ObjectReply.Value($"{39 - i}")),
        }).OrderBy(operation => operation.InvokedAt);
        var history = new History(operations.ToSeq());
        var result = LinearizabilityChecker.Check(history, QueueModel.Instance, Soon with { Cancellation = stopped.Token });
        Assert.Equal(LinearizabilityVerdict.Unknown, result.Verdict);
        Assert.Equal("It was interrupted.", result.Reason);
        var small = LinearizabilityChecker.Check(history, QueueModel.Instance, Soon with { MemoryBytes = 1 << 20 });
        Assert.Equal(LinearizabilityVerdict.Unknown, small.Verdict);
        Assert.Equal("The search needs more than 1 MiB.", small.Reason);
    }

    [Fact]
    public void An_operation_that_the_model_does_not_have_is_a_sentence() => Assert.Contains(
        "which the model register does not have",
        Assert.Throws<ArgumentException>(() => LinearizabilityChecker.Check(
            new History([Operation(1, new ObjectCommand.Append("x"), 1, 2, Outcome.Ok, ObjectReply.Ok)]), ValueModel.Register)).Message,
        StringComparison.Ordinal);

    private static LinearizabilityVerdict WriteThenRead(Outcome outcome, string? read) => LinearizabilityChecker.Check(
        new History([
            Operation(1, new ObjectCommand.Write("1"), 1, 2, outcome, outcome == Outcome.Ok ? ObjectReply.Ok : null),
            Operation(2, new ObjectCommand.Read(), 3, 4, Outcome.Ok, new ObjectReply.Value(read)),
        ]),
        ValueModel.Register).Verdict;

    private static HistoryOperation Operation(int client, object command, long from, long to, Outcome outcome, object? reply) =>
        new(new Address(new NodeId($"c{client}"), "client"), 1, command, from, to, outcome, reply);
}
