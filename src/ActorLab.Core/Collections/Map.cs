using System.Collections;
using System.Diagnostics.CodeAnalysis;
using MemoryPack;

namespace ActorLab.Core;

/// <summary>
/// An immutable map sorted by key, with value equality over keys and values. Steps cost O(log n); a map of a few items lies
/// in arrays, so that its steps cost one small copy.
/// </summary>
[MemoryPackable(GenerateType.NoGenerate)]
public readonly partial struct Map<TKey, TValue>
    : IReadOnlyCollection<KeyValuePair<TKey, TValue>>, IEquatable<Map<TKey, TValue>>, IMemoryPackFormatterRegister
    where TKey : notnull
{
    private readonly MapItems<TKey, TValue>? _items;

    private Map(MapItems<TKey, TValue> items) => _items = items;

    public static Map<TKey, TValue> Empty => default;

    public int Count => _items?.Count ?? 0;

    public bool IsEmpty => Count == 0;

    public IEnumerable<TKey> Keys => Items.Keys;

    public IEnumerable<TValue> Values => Items.Values;

    private MapItems<TKey, TValue> Items => _items ?? FewItems<TKey, TValue>.None;

    /// <exception cref="KeyNotFoundException">The map has no such key.</exception>
    public TValue this[TKey key] => Items.TryGet(key, out _, out var value) ? value
        : throw new KeyNotFoundException($"The map has no key {key}.");

    public bool ContainsKey(TKey key) => Items.TryGet(key, out _, out _);

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => Items.TryGet(key, out _, out value);

    public TValue? Find(TKey key) => Items.TryGet(key, out _, out var value) ? value : default;

    public TValue FindOr(TKey key, TValue otherwise) => Items.TryGet(key, out _, out var value) ? value : otherwise;

    public Map<TKey, TValue> Set(TKey key, TValue value) => new(Items.Set(key, value));

    public Map<TKey, TValue> SetAll(IEnumerable<KeyValuePair<TKey, TValue>> pairs)
    {
        var items = Items;
        foreach (var (key, value) in pairs)
        {
            items = items.Set(key, value);
        }

        return new(items);
    }

    public Map<TKey, TValue> Remove(TKey key) => new(Items.Remove(key));

    public Map<TKey, TValue> RemoveAll(IEnumerable<TKey> keys)
    {
        var items = Items;
        foreach (var key in keys)
        {
            items = items.Remove(key);
        }

        return new(items);
    }

    public bool Equals(Map<TKey, TValue> other) =>
        ReferenceEquals(_items, other._items) || (Count == other.Count && SameItems(other));

    /// <summary>Whether an equal key is in the map: an order may put keys at one place that are not equal.</summary>
    internal bool Holds(TKey key) =>
        Items.TryGet(key, out var actual, out _) && EqualityComparer<TKey>.Default.Equals(actual, key);

    /// <summary>Pair by pair: the pairs themselves compare by reflection, which is slow.</summary>
    private bool SameItems(Map<TKey, TValue> other)
    {
        using var theirs = other.GetEnumerator();
        foreach (var (key, value) in this)
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

    public override int GetHashCode()
    {
        var hash = Count;
        foreach (var (key, value) in this)
        {
            hash = HashCode.Combine(hash, key, value);
        }

        return hash;
    }

    public override string ToString() => $"{{{string.Join(", ", this.Select(pair => $"{pair.Key}: {pair.Value}"))}}}";

    public MapEnumerator<TKey, TValue> GetEnumerator() => Items.GetEnumerator();

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

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
