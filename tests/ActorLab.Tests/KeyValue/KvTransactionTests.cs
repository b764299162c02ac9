using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;
using CsCheck;
using MemoryPack;

namespace ActorLab.Tests.KeyValue;

/// <summary>Transactions, and when keys were written: what etcd's API asks of the store.</summary>
public sealed class KvTransactionTests
{
    private static readonly KvStore Store = KvStore.Instance;

    [Fact]
    public void Every_change_is_a_revision_and_keys_know_theirs()
    {
        var state = After(
            new KvCommand.Put("a", "1"), new KvCommand.Get("a"), new KvCommand.Put("b", "1"), new KvCommand.Append("a", "2"),
            new KvCommand.CompareAndSet("a", "no", "x"), new KvCommand.Delete("none"));
        Assert.Equal(3, state.Revision);
        Assert.Equal([new KvItem("a", "12", 1, 3, 2), new KvItem("b", "1", 2, 2, 1)], Read(state, new KvRange(KvRangeKind.Prefix, "")));

        var again = Apply(Apply(state, new KvCommand.Delete("a")).State, new KvCommand.Put("a", "new")).State;
        Assert.Equal([new KvItem("a", "new", 5, 5, 1)], Read(again, new KvRange(KvRangeKind.One, "a")));
    }

    [Fact]
    public void All_steps_of_a_transaction_have_one_revision_and_see_each_other()
    {
        var (state, reply) = Apply(After(new KvCommand.Put("a", "1"), new KvCommand.Put("b", "2")), new KvCommand.Transact(
            default,
            [
                new KvStep.Put("c", "3", true),
                new KvStep.Put("a", "9", true),
                new KvStep.Delete(new KvRange(KvRangeKind.One, "b"), true),
                new KvStep.Read(new KvRange(KvRangeKind.Prefix, ""), 0, false, false),
            ],
            default));
        Assert.True(reply.Held);
        Assert.Equal(3, reply.Revision);
        Assert.Equal(new KvResult.Written(null), reply.Results[0]);
        Assert.Equal(new KvResult.Written(new KvItem("a", "1", 1, 1, 1)), reply.Results[1]);
        Assert.Equal(new KvResult.Removed(1, [new KvItem("b", "2", 2, 2, 1)]), reply.Results[2]);
        Assert.Equal(new KvResult.Items([new KvItem("a", "9", 1, 3, 2), new KvItem("c", "3", 3, 3, 1)], 2), reply.Results[3]);
        Assert.Equal(["a", "c"], state.Keys);
        Assert.Equal(["a", "c"], state.Versions.Keys);
    }

    [Theory]
    [InlineData(KvRangeKind.One, "ab", "", "ab")]
    [InlineData(KvRangeKind.One, "none", "", "")]
    [InlineData(KvRangeKind.Prefix, "a", "", "a ab abc")]
    [InlineData(KvRangeKind.Prefix, "", "", "a ab abc b c")]
    [InlineData(KvRangeKind.Onwards, "abb", "", "abc b c")]
    [InlineData(KvRangeKind.Between, "ab", "c", "ab abc b")]
    [InlineData(KvRangeKind.Between, "c", "a", "")]
    public void A_range_has_these_keys(KvRangeKind kind, string from, string to, string keys)
    {
        var state = After([.. "a ab abc b c".Split(' ').Select(key => new KvCommand.Put(key, "v"))]);
        var range = new KvRange(kind, from, to);
        Assert.Equal(keys, string.Join(" ", Read(state, range).Select(item => item.Key)));
        Assert.Equal(keys, string.Join(" ", state.Keys.Where(range.Contains)));
    }

    [Theory]
    [InlineData("a", KvAspect.Value, KvRelation.Equal, "1", 0, true)]
    [InlineData("a", KvAspect.Value, KvRelation.NotEqual, "1", 0, false)]
    [InlineData("a", KvAspect.Value, KvRelation.Less, "2", 0, true)]
    [InlineData("a", KvAspect.Value, KvRelation.Greater, "2", 0, false)]
    [InlineData("a", KvAspect.Created, KvRelation.Equal, "", 1, true)]
    [InlineData("a", KvAspect.Modified, KvRelation.Equal, "", 2, true)]
    [InlineData("a", KvAspect.Writes, KvRelation.Greater, "", 1, true)]
    [InlineData("none", KvAspect.Created, KvRelation.Equal, "", 0, true)]
    [InlineData("none", KvAspect.Writes, KvRelation.Greater, "", 0, false)]
    [InlineData("none", KvAspect.Value, KvRelation.NotEqual, "x", 0, false)]
    public void A_comparison_chooses_what_is_done(string key, KvAspect aspect, KvRelation relation, string text, long number, bool holds)
    {
        var before = After(new KvCommand.Put("a", "0"), new KvCommand.Put("a", "1"));
        var (state, reply) = Apply(before, new KvCommand.Transact(
            [new KvCompare(new KvRange(KvRangeKind.One, key), aspect, relation, text, number)],
            [new KvStep.Put("then", "", false)],
            [new KvStep.Put("else", "", false)]));
        Assert.Equal(holds, reply.Held);
        Assert.Equal(holds ? "then" : "else", state.Keys.Single(found => found != "a"));
    }

    [Fact]
    public void A_comparison_of_a_range_is_of_all_its_keys_and_of_nothing_where_there_is_none()
    {
        var state = After(new KvCommand.Put("a1", "x"), new KvCommand.Put("a2", "y"));
        Assert.False(Holds("a", KvAspect.Value, KvRelation.Equal, "x", 0));
        Assert.True(Holds("a", KvAspect.Value, KvRelation.Greater, "w", 0));
        Assert.True(Holds("b", KvAspect.Created, KvRelation.Equal, "", 0));
        Assert.False(Holds("b", KvAspect.Created, KvRelation.Greater, "", 0));

        bool Holds(string prefix, KvAspect aspect, KvRelation relation, string text, long number) => Apply(state, new KvCommand.Transact(
            [new KvCompare(new KvRange(KvRangeKind.Prefix, prefix), aspect, relation, text, number)], default, default)).Reply.Held;
    }

    [Fact]
    public void Limits_counts_and_keys_only()
    {
        var state = After(new KvCommand.Put("a", "1"), new KvCommand.Put("b", "2"));
        Assert.Equal(new KvResult.Items([new KvItem("a", "1", 1, 1, 1)], 2), Result(new KvStep.Read(new KvRange(KvRangeKind.Prefix, ""), 1, false, false)));
        Assert.Equal(new KvResult.Items(default, 2), Result(new KvStep.Read(new KvRange(KvRangeKind.Prefix, ""), 0, true, false)));
        Assert.Equal(new KvResult.Items([new KvItem("b", "", 2, 2, 1)], 1), Result(new KvStep.Read(new KvRange(KvRangeKind.One, "b"), 0, false, true)));

        KvResult Result(KvStep step) => Apply(state, new KvCommand.Transact(default, [step], default)).Reply.Results[0];
    }

    [Fact]
    public void An_answer_that_would_be_too_large_changes_nothing()
    {
        var large = new string('v', KvLimits.MostValueBytes);
        var state = After(new KvCommand.Put("a", large), new KvCommand.Put("b", large), new KvCommand.Put("c", large));
        var (after, reply) = Store.Apply(state, new KvCommand.Transact(
            default, [new KvStep.Put("d", "", false), new KvStep.Read(new KvRange(KvRangeKind.Prefix, ""), 0, false, false)], default));
        Assert.IsType<KvReply.TooLarge>(reply);
        Assert.Same(state, after);
    }

    [Fact]
    public void What_makes_no_sense_is_refused_with_a_sentence()
    {
        var put = new KvStep.Put("a", "", false);
        Assert.Contains("only once", Refusal([put, put]));
        Assert.Contains("both put and delete", Refusal([put, new KvStep.Delete(new KvRange(KvRangeKind.Prefix, ""), false)]));
        Assert.Contains("key is empty", Refusal([new KvStep.Read(new KvRange(KvRangeKind.One, ""), 0, false, false)]));
        Assert.Contains("limit", Refusal([new KvStep.Read(new KvRange(KvRangeKind.One, "a"), -1, false, false)]));
        Assert.Contains("comparisons and steps", Refusal([.. Enumerable.Range(0, KvLimits.MostSteps + 1).Select(i => new KvStep.Put($"{i}", "", false))]));
        Assert.Contains("at most 1048576 bytes", Refusal([new KvStep.Put("a", new string('v', KvLimits.MostValueBytes), false), new KvStep.Put("b", new string('v', 10_000), false)]));
        Assert.Contains("never stale", KvLimits.Refusal(new KvCommand.Transact(default, [put], default, MaybeStale: true)));

        static string? Refusal(Seq<KvStep> steps) => KvLimits.Refusal(new KvCommand.Transact(default, steps, default));
    }

    [Fact]
    public void Reads_alone_are_a_read()
    {
        var read = new KvStep.Read(new KvRange(KvRangeKind.One, "a"), 0, false, false);
        Assert.Equal(Access.Read, Store.AccessOf(new KvCommand.Transact(default, [read], default)));
        Assert.Equal(Access.StaleRead, Store.AccessOf(new KvCommand.Transact(default, [read], default, MaybeStale: true)));
        Assert.Equal(Access.Write, Store.AccessOf(new KvCommand.Transact(default, [read], [new KvStep.Put("a", "", false)])));
    }

    [Fact]
    public void Transactions_and_their_replies_survive_their_codec_and_have_the_size_they_say() => Transactions.Sample(command =>
    {
        var bytes = MemoryPackSerializer.Serialize<KvCommand>(command);
        Assert.Equal(command, MemoryPackSerializer.Deserialize<KvCommand>(bytes));
        Assert.InRange(bytes.Length, 1, Store.SizeOf(command));
        var reply = Store.Apply(After(new KvCommand.Put("a", "1"), new KvCommand.Put("b", "2")), command).Reply;
        Assert.Equal(reply, MemoryPackSerializer.Deserialize<KvReply>(MemoryPackSerializer.Serialize(reply)));
    });

    [Fact]
    public void A_store_without_versions_answers_all_else_the_same() => Plain.List[0, 40].Sample(commands =>
    {
        var (with, without) = (KvState.Empty, KvState.Empty);
        foreach (var command in commands)
        {
            (with, var expected) = Store.Apply(with, command);
            (without, var reply) = KvStore.WithoutVersions.Apply(without, command);
            Assert.Equal(expected, reply);
            Assert.Equal(with.Values, without.Values);
            Assert.Equal(with.Keys, with.Versions.Keys.ToSet());
        }

        Assert.Equal((0, 0), (without.Revision, without.Versions.Count));
    });

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static readonly Gen<string> Keys = OneOf("a", "b", "ab", "c");
    private static readonly Gen<string> Values = OneOf("", "1", "2");

    private static readonly Gen<KvCommand> Plain = Gen.OneOf<KvCommand>(
        Gen.Select(Keys, Values, (key, value) => (KvCommand)new KvCommand.Put(key, value)),
        Keys.Select(key => (KvCommand)new KvCommand.Delete(key)),
        Gen.Select(Keys, Values, (key, value) => (KvCommand)new KvCommand.Append(key, value)),
        Gen.Select(Keys, Values, Values, (key, expected, value) => (KvCommand)new KvCommand.CompareAndSet(key, expected, value)),
        Keys.Select(key => (KvCommand)new KvCommand.Get(key)));

    private static readonly Gen<KvRange> Ranges = Gen.Select(
        OneOf(KvRangeKind.One, KvRangeKind.Prefix, KvRangeKind.Onwards), Keys, (kind, key) => new KvRange(kind, key));

    private static readonly Gen<KvStep> Steps = Gen.OneOf<KvStep>(
        Gen.Select(Ranges, Gen.Int[0, 2], Gen.Bool, Gen.Bool, (range, limit, count, keys) => (KvStep)new KvStep.Read(range, limit, count, keys)),
        Gen.Select(Keys, Values, Gen.Bool, (key, value, previous) => (KvStep)new KvStep.Put(key, value, previous)),
        Gen.Select(Ranges, Gen.Bool, (range, previous) => (KvStep)new KvStep.Delete(range, previous)));

    private static readonly Gen<KvCommand.Transact> Transactions = Gen.Select(
        Gen.Select(Ranges, Gen.Enum<KvAspect>(), Gen.Enum<KvRelation>(), Values, Gen.Long[0, 3], (range, aspect, relation, text, number) =>
            new KvCompare(range, aspect, relation, text, number)).Array[0, 3],
        Steps.Array[0, 4],
        Steps.Array[0, 4],
        (compares, then, otherwise) => new KvCommand.Transact([.. compares], [.. then], [.. otherwise]));

    private static (KvState State, KvReply.Transacted Reply) Apply(KvState state, KvCommand.Transact command)
    {
        var (after, reply) = Store.Apply(state, command);
        return (after, Assert.IsType<KvReply.Transacted>(reply));
    }

    private static (KvState State, KvReply Reply) Apply(KvState state, KvCommand command) => Store.Apply(state, command);

    private static Seq<KvItem> Read(KvState state, KvRange range) =>
        ((KvResult.Items)Apply(state, new KvCommand.Transact(default, [new KvStep.Read(range, 0, false, false)], default)).Reply.Results[0]).Found;

    private static KvState After(params KvCommand[] commands) =>
        commands.Aggregate(KvState.Empty, (state, command) => Store.Apply(state, command).State);
}
