using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;
using CsCheck;
using MemoryPack;

namespace ActorLab.Tests.KeyValue;

public sealed class KvStoreTests
{
    private static readonly KvStore Store = KvStore.Instance;

    [Fact]
    public void Each_command_answers_as_declared()
    {
        var (state, replies) = Run(
            new KvCommand.Get("a"),
            new KvCommand.Put("a", "1"),
            new KvCommand.Get("a"),
            new KvCommand.Append("a", "é"),
            new KvCommand.CompareAndSet("a", "1", "2"),
            new KvCommand.CompareAndSet("a", "1é", "2"),
            new KvCommand.CompareAndSet("b", null, "3"),
            new KvCommand.CompareAndSet("c", "x", "3"),
            new KvCommand.Delete("c"),
            new KvCommand.Scan("", 10),
            new KvCommand.Delete("a"));
        Assert.Equal(
            [
                new KvReply.Missing(), new KvReply.Done(), new KvReply.Found("1"), new KvReply.Appended(3),
                new KvReply.Differs("1é"), new KvReply.Swapped(), new KvReply.Swapped(), new KvReply.Differs(null),
                new KvReply.Deleted(false), new KvReply.Page([new KvPair("a", "2"), new KvPair("b", "3")], null),
                new KvReply.Deleted(true),
            ],
            replies);
        Assert.Equal(Map.Of(("b", "3")), state.Values);
    }

    [Fact]
    public void Reads_change_nothing_and_say_how_they_read()
    {
        var state = Run(new KvCommand.Put("a", "1")).State;
        foreach (var (read, access) in new (KvCommand, Access)[]
            {
                (new KvCommand.Get("a"), Access.Read), (new KvCommand.Get("a", true), Access.StaleRead),
                (new KvCommand.Scan("", 1), Access.Read), (new KvCommand.Scan("", 1, true), Access.StaleRead),
            })
        {
            Assert.Same(state, Store.Apply(state, read).State);
            Assert.Equal(access, Store.AccessOf(read));
        }
    }

    [Fact]
    public void A_page_of_a_scan_is_bounded_by_pairs_and_bytes_and_says_where_the_next_starts()
    {
        var state = Run([.. Enumerable.Range(0, 10).Select(i => new KvCommand.Put($"k{i}", new string('x', 100_000)))]).State;
        var first = Page(state, "", 1_000);
        Assert.Equal((2, "k2"), (first.Pairs.Count, first.Next));
        Assert.Equal(("k2", 1, "k3"), (Page(state, "k2", 1).Pairs[0].Key, Page(state, "k2", 1).Pairs.Count, Page(state, "k2", 1).Next));
        Assert.Equal("k5", Page(state, "k4x", 1).Pairs[0].Key);
        Assert.Empty(Page(state, "k99", 1).Pairs);

        var huge = Run(new KvCommand.Put("h", new string('x', KvLimits.MostValueBytes))).State;
        Assert.Single(Page(huge, "", 10).Pairs); // one pair at least, however large
    }

    public static TheoryData<string, KvCommand> Bad => new()
    {
        { "key is empty", new KvCommand.Put("", "v") },
        { "1025 bytes", new KvCommand.Get(new string('k', 1_025)) },
        { "1026 bytes", new KvCommand.Delete(new string('é', 513)) },
        { "1048577 bytes", new KvCommand.Put("k", new string('v', KvLimits.MostValueBytes + 1)) },
        { "1048578 bytes", new KvCommand.Append("k", new string('é', (KvLimits.MostValueBytes / 2) + 1)) },
        { "surrogate", new KvCommand.Put("k", "\ud83d") },
        { "surrogate", new KvCommand.CompareAndSet("k", "\ude00", "v") },
        { "limit of 1 to 1000", new KvCommand.Scan("", 1_001) },
        { "limit of 1 to 1000", new KvCommand.Scan("", 0) },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_out_of_bounds_is_refused_at_the_edge_and_changes_nothing_when_applied(string why, KvCommand command)
    {
        Assert.Contains(why, KvLimits.Refusal(command));
        var (state, reply) = Store.Apply(KvState.Empty, command);
        Assert.Same(KvState.Empty, state);
        Assert.Contains(why, Assert.IsType<KvReply.TooLarge>(reply).Reason);
    }

    [Fact]
    public void An_append_may_fill_a_value_to_the_limit_and_no_further()
    {
        var state = Run(new KvCommand.Put("k", new string('v', KvLimits.MostValueBytes - 1))).State;
        Assert.IsType<KvReply.TooLarge>(Store.Apply(state, new KvCommand.Append("k", "é")).Reply);
        Assert.Equal(new KvReply.Appended(KvLimits.MostValueBytes), Store.Apply(state, new KvCommand.Append("k", "v")).Reply);
    }

    [Fact]
    public void It_agrees_with_a_sorted_dictionary() => Commands.List[0, 60].Sample(commands =>
    {
        var (state, model) = (KvState.Empty, new SortedDictionary<string, string>(StringComparer.Ordinal));
        foreach (var command in commands)
        {
            var after = Store.Apply(state, command);
            Assert.Equal(Model(model, command), after.Reply);
            state = after.State;
            Assert.Equal(model.Keys, state.Keys);
            Assert.Equal(model, state.Values.ToDictionary());
        }
    });

    [Fact]
    public void Commands_and_replies_survive_their_codec_and_have_the_size_they_say() => Commands.Sample(command =>
    {
        var bytes = MemoryPackSerializer.Serialize<KvCommand>(command);
        Assert.Equal(command, MemoryPackSerializer.Deserialize<KvCommand>(bytes));
        Assert.InRange(bytes.Length, 1, Store.SizeOf(command));
        var reply = Store.Apply(KvState.Empty, command).Reply;
        Assert.Equal(reply, MemoryPackSerializer.Deserialize<KvReply>(MemoryPackSerializer.Serialize(reply)));
    });

    [Fact]
    public void The_operations_of_the_console_build_commands_and_explain_what_is_wrong()
    {
        var kinds = KvOperations.For("client").ToMap(kind => kind.Name, kind => kind);
        Assert.Equal(new KvCommand.Get("a", true), kinds["get"].Build(Map.Of(("key", "a"), ("stale", "true"))));
        Assert.Equal(new KvCommand.Scan("b", 7), kinds["scan"].Build(Map.Of(("from", "b"), ("limit", "7"))));
        Assert.Equal(new KvCommand.CompareAndSet("a", null, "1"), kinds["cas"].Build(Map.Of(("key", "a"), ("value", "1"))));
        Assert.Contains("needs a value", Refusal("put", ("key", "a")));
        Assert.Contains("key is empty", Refusal("delete", ("key", "")));
        Assert.Contains("'x'", Refusal("scan", ("limit", "x")));
        Assert.Contains("true or false", Refusal("get", ("key", "a"), ("stale", "yes")));

        string Refusal(string name, params (string, string)[] given) =>
            Assert.Throws<FormatException>(() => kinds[name].Build(Map.Of(given))).Message;
    }

    private static Gen<KvCommand> Commands { get; } = Gen.Select(
        Gen.Int[0, 5], OneOf("a", "ab", "b", "é", "漢字"), OneOf("", "1", "2", "😀"), Gen.Bool,
        (kind, key, value, flag) => kind switch
        {
            0 => new KvCommand.Get(key, flag),
            1 => new KvCommand.Put(key, value),
            2 => new KvCommand.Delete(key),
            3 => new KvCommand.Append(key, value),
            4 => new KvCommand.CompareAndSet(key, flag ? null : value, value + "!"),
            _ => (KvCommand)new KvCommand.Scan(flag ? "" : key, 1 + value.Length),
        });

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static KvReply Model(SortedDictionary<string, string> model, KvCommand command)
    {
        switch (command)
        {
            case KvCommand.Get get:
                return model.TryGetValue(get.Key, out var found) ? new KvReply.Found(found) : new KvReply.Missing();
            case KvCommand.Put put:
                model[put.Key] = put.Value;
                return new KvReply.Done();
            case KvCommand.Delete delete:
                return new KvReply.Deleted(model.Remove(delete.Key));
            case KvCommand.Append append:
                model[append.Key] = model.GetValueOrDefault(append.Key, "") + append.Value;
                return new KvReply.Appended(System.Text.Encoding.UTF8.GetByteCount(model[append.Key]));
            case KvCommand.CompareAndSet cas:
                var actual = model.GetValueOrDefault(cas.Key);
                if (actual != cas.Expected)
                {
                    return new KvReply.Differs(actual);
                }

                model[cas.Key] = cas.Value;
                return new KvReply.Swapped();
            default:
                var scan = (KvCommand.Scan)command;
                var rest = model.Where(pair => string.CompareOrdinal(pair.Key, scan.From) >= 0).ToArray();
                return new KvReply.Page(
                    rest.Take(scan.Limit).Select(pair => new KvPair(pair.Key, pair.Value)).ToSeq(),
                    rest.Length > scan.Limit ? rest[scan.Limit].Key : null);
        }
    }

    private static KvReply.Page Page(KvState state, string from, int limit) =>
        Assert.IsType<KvReply.Page>(Store.Apply(state, new KvCommand.Scan(from, limit)).Reply);

    private static (KvState State, List<KvReply> Replies) Run(params KvCommand[] commands)
    {
        var (state, replies) = (KvState.Empty, new List<KvReply>());
        foreach (var command in commands)
        {
            (state, var reply) = Store.Apply(state, command);
            replies.Add(reply);
        }

        return (state, replies);
    }
}
