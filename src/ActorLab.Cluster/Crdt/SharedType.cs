using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ActorLab.Console;
using Akka.Actor;
using Akka.Cluster;
using Akka.DistributedData;

namespace ActorLab.Cluster.Crdt;

/// <summary>One of Akka's types, as users of a node name and change it.</summary>
/// <param name="Name">Of the type, on console and in paths.</param>
public abstract record SharedType(string Name)
{
    /// <summary>Of a key or a value in UTF-8.</summary>
    public const int MostBytes = 1_000;

    /// <summary>At a time: sums of these stay far from where Akka's counters would wrap.</summary>
    public const long MostAdded = 1_000_000_000_000;

    private static readonly SearchValues<char> InNames =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    /// <summary>All there are.</summary>
    public static IReadOnlyList<SharedType> All { get; } =
    [
        new SharedType<GCounter>(
            "gcounter", id => new GCounterKey(id), GCounter.Empty,
            (counter, node, call) => call.Op == "add"
                ? counter.Increment(node, (ulong)NumberOf("gcounter", call, 0))
                : throw Unknown("gcounter", call, "add"),
            counter => JsonValue.Create(counter.Value)),
        new SharedType<PNCounter>(
            "counter", id => new PNCounterKey(id), PNCounter.Empty,
            (counter, node, call) => call.Op == "add"
                ? counter.Increment(node, NumberOf("counter", call, -MostAdded))
                : throw Unknown("counter", call, "add"),
            counter => JsonNode.Parse($"{counter.Value}")),
        new SharedType<ORSet<string>>(
            "set", id => new ORSetKey<string>(id), ORSet<string>.Empty,
            (set, node, call) => call.Op switch
            {
                "add" => set.Add(node, ValueOf(call)),
                "remove" => set.Remove(node, ValueOf(call)),
                _ => throw Unknown("set", call, "add, remove"),
            },
            set => Sorted(set.Elements)),
        new SharedType<LWWRegister<string>>(
            "register", id => new LWWRegisterKey<string>(id), null,
            (register, node, call) => call.Op != "put" ? throw Unknown("register", call, "put")
                : register is null ? new LWWRegister<string>(node, ValueOf(call)) : register.WithValue(node, ValueOf(call)),
            register => JsonValue.Create(register.Value)),
        new SharedType<LWWDictionary<string, string>>(
            "map", id => new LWWDictionaryKey<string, string>(id), LWWDictionary<string, string>.Empty,
            (map, node, call) => call.Op switch
            {
                "put" => map.SetItem(node, KeyOf(call), ValueOf(call)),
                "remove" => map.Remove(node, KeyOf(call)),
                _ => throw Unknown("map", call, "put, remove"),
            },
            map => Sorted(map.Entries, value => JsonValue.Create(value))),
        new SharedType<ORMultiValueDictionary<string, string>>(
            "multimap", id => new ORMultiValueDictionaryKey<string, string>(id),
            ORMultiValueDictionary<string, string>.EmptyWithValueDeltas,
            (map, node, call) => call.Op switch
            {
                "add" => map.AddItem(node, KeyOf(call), ValueOf(call)),
                "remove" => map.Remove(node, KeyOf(call)),
                _ => throw Unknown("multimap", call, "add, remove"),
            },
            map => Sorted(map.Entries, Sorted)),
    ];

    /// <exception cref="FormatException">There is no such type.</exception>
    public static SharedType Find(string name) => All.FirstOrDefault(type => type.Name == name)
        ?? throw new FormatException(
            $"There is no type '{name}'. There are: {string.Join(", ", All.Select(type => type.Name))}.");

    /// <exception cref="FormatException">It is no name of a counter, set, register or map.</exception>
    public static string NameOf(string name) => name.Length is >= 1 and <= 100 && !name.AsSpan().ContainsAnyExcept(InNames)
        ? name
        : throw new FormatException($"'{SafeText.Shorten(name, 60)}' is no name: use 1 to 100 letters, digits, hyphens and underscores.");

    /// <summary>Changes it here, and waits for as many replicas as asked for.</summary>
    internal abstract Task<object> Update(
        IActorRef replicator, UniqueAddress node, string id, CrdtCall call, Consistency consistency);

    /// <summary>Reads it, of as many replicas as asked for.</summary>
    internal abstract Task<object> Read(IActorRef replicator, string id, Consistency consistency);

    /// <summary>What an answer of the replicator holds; null for nothing.</summary>
    internal abstract JsonNode? Shown(object answer);

    /// <exception cref="FormatException">The call makes no sense for this type.</exception>
    internal abstract void Try(CrdtCall call);

    private static FormatException Unknown(string type, CrdtCall call, string known) =>
        new($"A {type} knows no '{call.Op}'. It knows: {known}.");

    private static string ValueOf(CrdtCall call) => Bounded("value", call.Value);

    private static string KeyOf(CrdtCall call) => Bounded("key", call.Key);

    private static string Bounded(string what, string? text) =>
        text is null ? throw new FormatException($"A {what} is missing.")
        : Encoding.UTF8.GetByteCount(text) > MostBytes
            ? throw new FormatException($"A {what} has {MostBytes} bytes at most: what replicas tell each other must fit into a message.")
        : text;

    private static long NumberOf(string type, CrdtCall call, long least) =>
        long.TryParse(Bounded("value", call.Value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= MostAdded
            ? number
            : throw new FormatException($"A {type} takes whole numbers from {least} to {MostAdded} at a time, not '{call.Value}'.");

    private static JsonNode Sorted(IEnumerable<string> items) =>
        new JsonArray([.. items.Order(StringComparer.Ordinal).Select(item => (JsonNode)JsonValue.Create(item))]);

    private static JsonObject Sorted<T>(IEnumerable<KeyValuePair<string, T>> entries, Func<T, JsonNode?> shown) => new(
        entries.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, shown(pair.Value))));
}

/// <inheritdoc />
/// <param name="Name">Of the type, on console and in paths.</param>
/// <param name="Key">Of a name.</param>
/// <param name="Empty">Before the first update; null where there is no such value.</param>
/// <param name="Change">The value after a call.</param>
/// <param name="Show">The value for people.</param>
internal sealed record SharedType<T>(
    string Name, Func<string, Key<T>> Key, T? Empty, Func<T, UniqueAddress, CrdtCall, T> Change, Func<T, JsonNode?> Show)
    : SharedType(Name)
    where T : class, IReplicatedData<T>
{
    private static readonly UniqueAddress Nobody = new(new AkkaAddress("akka", "lab"), 0);

    internal override async Task<object> Update(
        IActorRef replicator, UniqueAddress node, string id, CrdtCall call, Consistency consistency)
    {
        // A register is born with its first value, which its first update must not find there already.
        var initial = Empty ?? Change(null!, node, call);
        return await replicator.Ask<object>(
            Dsl.Update(
                Key(id), initial, consistency.Write,
                value => Empty is null && ReferenceEquals(value, initial) ? value : Change(value, node, call)),
            consistency.Timeout + CrdtStore.Slack).ConfigureAwait(false);
    }

    internal override Task<object> Read(IActorRef replicator, string id, Consistency consistency) =>
        replicator.Ask<object>(Dsl.Get(Key(id), consistency.Read), consistency.Timeout + CrdtStore.Slack);

    internal override JsonNode? Shown(object answer) => answer is GetSuccess { Data: T value } ? Show(value) : null;

    internal override void Try(CrdtCall call) => Change(Empty!, Nobody, call);
}
