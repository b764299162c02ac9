using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using MemoryPack;

namespace ActorLab.Core;

/// <summary>An immutable sorted set with value equality: the same items compare, print and enumerate the same.</summary>
[MemoryPackable(GenerateType.NoGenerate)]
[CollectionBuilder(typeof(Set), nameof(Set.Of))]
public readonly partial struct Set<T> : IReadOnlyCollection<T>, IEquatable<Set<T>>, IMemoryPackFormatterRegister
{
    private static readonly ImmutableSortedSet<T> None = ImmutableSortedSet.Create(Order<T>.Ordinal);
    private readonly ImmutableSortedSet<T>? _items;

    private Set(ImmutableSortedSet<T> items) => _items = items;

    public static Set<T> Empty => default;

    public int Count => Items.Count;

    public bool IsEmpty => Items.IsEmpty;

    private ImmutableSortedSet<T> Items => _items ?? None;

    /// <summary>The item at a place in the order, the least at 0.</summary>
    public T this[int index] => Items[index];

    /// <summary>How many items come before this one, whether or not it is in the set.</summary>
    public int CountBefore(T item) => Items.IndexOf(item) is var at && at >= 0 ? at : ~at;

    public bool Contains(T item) => Items.Contains(item);

    public Set<T> Add(T item) => new(Items.Add(item));

    public Set<T> Remove(T item) => new(Items.Remove(item));

    public Set<T> Union(IEnumerable<T> items) => new(Items.Union(items));

    public Set<T> Except(IEnumerable<T> items) => new(Items.Except(items));

    public Set<T> Intersect(IEnumerable<T> items) => new(Items.Intersect(items));

    public bool IsSubsetOf(Set<T> other) => Items.IsSubsetOf(other.Items);

    public bool Equals(Set<T> other) =>
        ReferenceEquals(_items, other._items) || (Count == other.Count && Items.SequenceEqual(other.Items));

    /// <summary>Whether an equal item is in the set: an order may put items at one place that are not equal.</summary>
    internal bool Holds(T item) =>
        Items.TryGetValue(item, out var actual) && EqualityComparer<T>.Default.Equals(actual, item);

    public override bool Equals(object? obj) => obj is Set<T> other && Equals(other);

    public override int GetHashCode() => Items.Aggregate(Count, HashCode.Combine);

    public override string ToString() => $"{{{string.Join(", ", Items)}}}";

    public ImmutableSortedSet<T>.Enumerator GetEnumerator() => Items.GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => Items.GetEnumerator();

    static void IMemoryPackFormatterRegister.RegisterFormatter() =>
        MemoryPackFormatterProvider.Register(new SetFormatter<T>());

    public static bool operator ==(Set<T> left, Set<T> right) => left.Equals(right);

    public static bool operator !=(Set<T> left, Set<T> right) => !left.Equals(right);
}

/// <summary>Builders of sets.</summary>
public static class Set
{
    public static Set<T> Of<T>(params ReadOnlySpan<T> items) => Of((IEnumerable<T>)items.ToArray());

    public static Set<T> Of<T>(IEnumerable<T> items) => Set<T>.Empty.Union(items);

    public static Set<T> ToSet<T>(this IEnumerable<T> items) => Of(items);
}

internal sealed class SetFormatter<T> : MemoryPackFormatter<Set<T>>
{
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref Set<T> value)
    {
        writer.WriteArray(value.ToArray()!);
    }

    public override void Deserialize(ref MemoryPackReader reader, scoped ref Set<T> value)
    {
        value = reader.ReadArray<T>() is { } items ? Set.Of((IEnumerable<T>)items!) : default;
    }
}
