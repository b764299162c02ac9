using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using MemoryPack;

namespace ActorLab.Core;

/// <summary>An immutable map sorted by key, with value equality over keys and values. Steps cost O(log n).</summary>
[MemoryPackable(GenerateType.NoGenerate)]
public readonly partial struct Map<TKey, TValue>
    : IReadOnlyCollection<KeyValuePair<TKey, TValue>>, IEquatable<Map<TKey, TValue>>, IMemoryPackFormatterRegister
    where TKey : notnull
{
    private static readonly ImmutableSortedDictionary<TKey, TValue> None =
        ImmutableSortedDictionary.Create<TKey, TValue>(Order<TKey>.Ordinal);

    private readonly ImmutableSortedDictionary<TKey, TValue>? _items;

    private Map(ImmutableSortedDictionary<TKey, TValue> items) => _items = items;

    public static Map<TKey, TValue> Empty => default;

    public int Count => Items.Count;

    public bool IsEmpty => Items.IsEmpty;

    public IEnumerable<TKey> Keys => Items.Keys;

    public IEnumerable<TValue> Values => Items.Values;

    private ImmutableSortedDictionary<TKey, TValue> Items => _items ?? None;

    /// <exception cref="KeyNotFoundException">The map has no such key.</exception>
    public TValue this[TKey key] => Items[key];

    public bool ContainsKey(TKey key) => Items.ContainsKey(key);

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => Items.TryGetValue(key, out value);

    public TValue? Find(TKey key) => Items.TryGetValue(key, out var value) ? value : default;

    public TValue FindOr(TKey key, TValue otherwise) => Items.TryGetValue(key, out var value) ? value : otherwise;

    public Map<TKey, TValue> Set(TKey key, TValue value) => new(Items.SetItem(key, value));

    public Map<TKey, TValue> SetAll(IEnumerable<KeyValuePair<TKey, TValue>> pairs) => new(Items.SetItems(pairs));

    public Map<TKey, TValue> Remove(TKey key) => new(Items.Remove(key));

    public Map<TKey, TValue> RemoveAll(IEnumerable<TKey> keys) => new(Items.RemoveRange(keys));

    public bool Equals(Map<TKey, TValue> other) =>
        ReferenceEquals(_items, other._items) || (Count == other.Count && SameItems(other));

    /// <summary>Whether an equal key is in the map: an order may put keys at one place that are not equal.</summary>
    internal bool Holds(TKey key) =>
        Items.TryGetKey(key, out var actual) && EqualityComparer<TKey>.Default.Equals(actual, key);

    /// <summary>Pair by pair: the pairs themselves compare by reflection, which is slow.</summary>
    private bool SameItems(Map<TKey, TValue> other)
    {
        using var theirs = other.Items.GetEnumerator();
        foreach (var (key, value) in Items)
        {
            if (!theirs.MoveNext()
                || !EqualityComparer<TKey>.Default.Equals(key, theirs.Current.Key)
                || !EqualityComparer<TValue>.Default.Equals(value, theirs.Current.Value))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is Map<TKey, TValue> other && Equals(other);

    public override int GetHashCode() => Items.Aggregate(Count, (hash, pair) => HashCode.Combine(hash, pair.Key, pair.Value));

    public override string ToString() => $"{{{string.Join(", ", Items.Select(pair => $"{pair.Key}: {pair.Value}"))}}}";

    public ImmutableSortedDictionary<TKey, TValue>.Enumerator GetEnumerator() => Items.GetEnumerator();

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => Items.GetEnumerator();

    static void IMemoryPackFormatterRegister.RegisterFormatter() =>
        MemoryPackFormatterProvider.Register(new MapFormatter<TKey, TValue>());

    public static bool operator ==(Map<TKey, TValue> left, Map<TKey, TValue> right) => left.Equals(right);

    public static bool operator !=(Map<TKey, TValue> left, Map<TKey, TValue> right) => !left.Equals(right);
}

/// <summary>Builders of maps.</summary>
public static class Map
{
    public static Map<TKey, TValue> Of<TKey, TValue>(params ReadOnlySpan<(TKey Key, TValue Value)> pairs)
        where TKey : notnull => pairs.ToArray().ToMap(pair => pair.Key, pair => pair.Value);

    public static Map<TKey, TValue> ToMap<TItem, TKey, TValue>(
        this IEnumerable<TItem> items, Func<TItem, TKey> key, Func<TItem, TValue> value)
        where TKey : notnull =>
        Map<TKey, TValue>.Empty.SetAll(items.Select(item => KeyValuePair.Create(key(item), value(item))));
}

internal sealed class MapFormatter<TKey, TValue> : MemoryPackFormatter<Map<TKey, TValue>>
    where TKey : notnull
{
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref Map<TKey, TValue> value)
    {
        writer.WriteArray(value.Keys.ToArray()!);
        writer.WriteArray(value.Values.ToArray()!);
    }

    public override void Deserialize(ref MemoryPackReader reader, scoped ref Map<TKey, TValue> value)
    {
        var keys = reader.ReadArray<TKey>();
        var values = reader.ReadArray<TValue>();
        if (keys is null || values is null || keys.Length != values.Length)
        {
            MemoryPackSerializationException.ThrowMessage("The bytes of a map have not as many values as keys.");
        }

        value = keys.Zip(values).ToMap(pair => pair.First!, pair => pair.Second!);
    }
}
