using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace ActorLab.Core;

/// <summary>What is in a map, in the order of the keys. Immutable.</summary>
internal abstract class MapItems<TKey, TValue>
    where TKey : notnull
{
    public abstract int Count { get; }

    public abstract IEnumerable<TKey> Keys { get; }

    public abstract IEnumerable<TValue> Values { get; }

    /// <param name="key">What is looked for.</param>
    /// <param name="actual">The key at its place, which may be another one of the same order.</param>
    /// <param name="value">The value there.</param>
    public abstract bool TryGet(TKey key, [MaybeNullWhen(false)] out TKey actual, [MaybeNullWhen(false)] out TValue value);

    /// <summary>The same object where the key has an equal value already.</summary>
    public abstract MapItems<TKey, TValue> Set(TKey key, TValue value);

    /// <summary>The same object where there is no such key.</summary>
    public abstract MapItems<TKey, TValue> Remove(TKey key);

    public abstract MapEnumerator<TKey, TValue> GetEnumerator();
}

/// <summary>The items of a small map, in arrays that are never changed: versions with the same keys share them.</summary>
internal sealed class FewItems<TKey, TValue>(TKey[] keys, TValue[] values) : MapItems<TKey, TValue>
    where TKey : notnull
{
    /// <summary>So many items at most: a copy of them costs less than the path to a leaf of a tree.</summary>
    public const int Most = 16;

    public static readonly FewItems<TKey, TValue> None = new([], []);

    public override int Count => keys.Length;

    public override IEnumerable<TKey> Keys => keys.AsEnumerable();

    public override IEnumerable<TValue> Values => values.AsEnumerable();

    public KeyValuePair<TKey, TValue> this[int place] => new(keys[place], values[place]);

    public override bool TryGet(TKey key, [MaybeNullWhen(false)] out TKey actual, [MaybeNullWhen(false)] out TValue value)
    {
        var place = PlaceOf(key);
        (actual, value) = place < 0 ? (default, default) : (keys[place], values[place]);
        return place >= 0;
    }

    public override MapItems<TKey, TValue> Set(TKey key, TValue value)
    {
        var place = PlaceOf(key);
        if (place < 0)
        {
            return keys.Length < Most
                ? new FewItems<TKey, TValue>(With(keys, ~place, key), With(values, ~place, value))
                : ManyItems<TKey, TValue>.Of(keys, values).Set(key, value);
        }

        if (EqualityComparer<TValue>.Default.Equals(values[place], value))
        {
            return this;
        }

        var changed = values.AsSpan().ToArray();
        changed[place] = value;
        return new FewItems<TKey, TValue>(
            EqualityComparer<TKey>.Default.Equals(keys[place], key) ? keys : With(Without(keys, place), place, key), changed);
    }

    public override MapItems<TKey, TValue> Remove(TKey key)
    {
        var place = PlaceOf(key);
        return place < 0 ? this
            : keys.Length == 1 ? None
            : new FewItems<TKey, TValue>(Without(keys, place), Without(values, place));
    }

    public override MapEnumerator<TKey, TValue> GetEnumerator() => new(this);

    /// <summary>The place of a key; where there is none, the complement of the place that it would have.</summary>
    private int PlaceOf(TKey key)
    {
        var (low, high) = (0, keys.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var order = Order<TKey>.Compare(keys[middle], key);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle);
        }

        return ~low;
    }

    private static T[] With<T>(T[] items, int place, T item)
    {
        var more = new T[items.Length + 1];
        items.AsSpan(0, place).CopyTo(more);
        more[place] = item;
        items.AsSpan(place).CopyTo(more.AsSpan(place + 1));
        return more;
    }

    private static T[] Without<T>(T[] items, int place)
    {
        var fewer = new T[items.Length - 1];
        items.AsSpan(0, place).CopyTo(fewer);
        items.AsSpan(place + 1).CopyTo(fewer.AsSpan(place));
        return fewer;
    }
}

/// <summary>The items of a larger map, in a balanced tree.</summary>
internal sealed class ManyItems<TKey, TValue>(ImmutableSortedDictionary<TKey, TValue> tree) : MapItems<TKey, TValue>
    where TKey : notnull
{
    /// <summary>With so many it goes back into arrays: well below where it left them, so that it does not go to and fro.</summary>
    private const int Least = FewItems<TKey, TValue>.Most / 2;

    public override int Count => tree.Count;

    public override IEnumerable<TKey> Keys => tree.Keys;

    public override IEnumerable<TValue> Values => tree.Values;

    public static ManyItems<TKey, TValue> Of(TKey[] keys, TValue[] values) => new(
        ImmutableSortedDictionary.CreateRange(Order<TKey>.Ordinal, keys.Zip(values, KeyValuePair.Create)));

    public override bool TryGet(TKey key, [MaybeNullWhen(false)] out TKey actual, [MaybeNullWhen(false)] out TValue value)
    {
        actual = key;
        return tree.TryGetValue(key, out value) && tree.TryGetKey(key, out actual);
    }

    public override MapItems<TKey, TValue> Set(TKey key, TValue value) => Version(tree.SetItem(key, value));

    public override MapItems<TKey, TValue> Remove(TKey key)
    {
        var rest = tree.Remove(key);
        return rest.Count > Least ? Version(rest) : new FewItems<TKey, TValue>([.. rest.Keys], [.. rest.Values]);
    }

    public override MapEnumerator<TKey, TValue> GetEnumerator() => new(tree.GetEnumerator());

    private ManyItems<TKey, TValue> Version(ImmutableSortedDictionary<TKey, TValue> changed) =>
        ReferenceEquals(changed, tree) ? this : new ManyItems<TKey, TValue>(changed);
}

/// <summary>Goes through a map in the order of its keys.</summary>
public struct MapEnumerator<TKey, TValue> : IEnumerator<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    private readonly FewItems<TKey, TValue>? _few;
    private int _place = -1;
    private ImmutableSortedDictionary<TKey, TValue>.Enumerator _many;

    internal MapEnumerator(FewItems<TKey, TValue> few) => _few = few;

    internal MapEnumerator(ImmutableSortedDictionary<TKey, TValue>.Enumerator many) => _many = many;

    public readonly KeyValuePair<TKey, TValue> Current => _few is { } few ? few[_place] : _many.Current;

    readonly object IEnumerator.Current => Current;

    public bool MoveNext() => _few is { } few ? ++_place < few.Count : _many.MoveNext();

    public void Reset()
    {
        _place = -1;
        if (_few is null)
        {
            _many.Reset();
        }
    }

    public void Dispose()
    {
        if (_few is null)
        {
            _many.Dispose();
        }
    }
}
