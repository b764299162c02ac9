using System.Collections;
using System.Runtime.CompilerServices;
using MemoryPack;

namespace ActorLab.Core;

/// <summary>
/// An immutable sequence with value equality. Appending at the end and slicing take no copy of what is there: versions
/// are windows on a shared buffer, and the version that ends where the buffer's used part ends may grow into the free
/// part. Any other version copies its window on its first append. Safe for use by several threads.
/// </summary>
[MemoryPackable(GenerateType.NoGenerate)]
[CollectionBuilder(typeof(Seq), nameof(Seq.Of))]
public readonly partial struct Seq<T> : IReadOnlyList<T>, IEquatable<Seq<T>>, IMemoryPackFormatterRegister
{
    private readonly Buffer? _buffer;
    private readonly int _start;

    /// <summary>Takes over the array: the caller may not change it later.</summary>
    internal Seq(T[] items)
        : this(new Buffer(items, items.Length), 0, items.Length)
    {
    }

    private Seq(Buffer? buffer, int start, int count)
    {
        _buffer = count == 0 ? null : buffer;
        _start = count == 0 ? 0 : start;
        Count = count;
    }

    public static Seq<T> Empty => default;

    public int Count { get; }

    public bool IsEmpty => Count == 0;

    public T Last => this[^1];

    public T this[int index] => (uint)index < (uint)Count
        ? _buffer!.Items[_start + index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"The sequence has {Count} items.");

    /// <summary>The items as they lie in memory, without a copy.</summary>
    public ReadOnlySpan<T> Span => _buffer is null ? [] : _buffer.Items.AsSpan(_start, Count);

    /// <summary>The items from <paramref name="start"/> on, <paramref name="count"/> of them; no copy.</summary>
    public Seq<T> Slice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Count - count);
        return new Seq<T>(_buffer, _start + start, count);
    }

    public Seq<T> Take(int count) => Slice(0, Math.Min(count, Count));

    public Seq<T> Skip(int count) => Slice(Math.Min(count, Count), Count - Math.Min(count, Count));

    public Seq<T> Add(T item) => AddRange(new ReadOnlySpan<T>(in item));

    public Seq<T> AddRange(Seq<T> items) => IsEmpty ? items : AddRange(items.Span);

    [OverloadResolutionPriority(1)]
    public Seq<T> AddRange(ReadOnlySpan<T> items)
    {
        if (items.IsEmpty)
        {
            return this;
        }

        var end = _start + Count;
        if (_buffer is not null && _buffer.Claim(end, items.Length))
        {
            items.CopyTo(_buffer.Items.AsSpan(end));
            return new Seq<T>(_buffer, _start, Count + items.Length);
        }

        var copy = new T[Math.Max(4, Count + items.Length + (Count / 2))];
        Span.CopyTo(copy);
        items.CopyTo(copy.AsSpan(Count));
        return new Seq<T>(new Buffer(copy, Count + items.Length), 0, Count + items.Length);
    }

    /// <summary>The sequence with one item replaced; copies the whole.</summary>
    public Seq<T> SetItem(int index, T item)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var copy = Span.ToArray();
        copy[index] = item;
        return new Seq<T>(copy);
    }

    /// <summary>
    /// Whether it is the other one with something behind it, and is known to be: two windows on one buffer. False says nothing.
    /// </summary>
    internal bool Extends(Seq<T> other) =>
        other.IsEmpty || (other.Count <= Count && ReferenceEquals(_buffer, other._buffer) && _start == other._start);

    public bool Equals(Seq<T> other)
    {
        if (Count != other.Count)
        {
            return false;
        }

        if (ReferenceEquals(_buffer, other._buffer) && _start == other._start)
        {
            return true;
        }

        for (var i = 0; i < Count; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(this[i], other[i]))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is Seq<T> other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in Span)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", this)}]";

    /// <summary>For <c>foreach</c>, without garbage.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public static bool operator ==(Seq<T> left, Seq<T> right) => left.Equals(right);

    public static bool operator !=(Seq<T> left, Seq<T> right) => !left.Equals(right);

    static void IMemoryPackFormatterRegister.RegisterFormatter() =>
        MemoryPackFormatterProvider.Register(new SeqFormatter<T>());

    /// <summary>Walks through a sequence.</summary>
    public struct Enumerator : IEnumerator<T>
    {
        private readonly Seq<T> _items;
        private int _index;

        internal Enumerator(Seq<T> items) => (_items, _index) = (items, -1);

        public readonly T Current => _items[_index];

        readonly object? IEnumerator.Current => Current;

        public bool MoveNext() => ++_index < _items.Count;

        public void Reset() => _index = -1;

        public readonly void Dispose()
        {
            // It holds nothing.
        }
    }

    private sealed class Buffer(T[] items, int used)
    {
        private int _used = used;

        public T[] Items { get; } = items;

        /// <summary>Reserves room behind <paramref name="end"/>, unless another version has, or there is none.</summary>
        public bool Claim(int end, int count) =>
            Items.Length - end >= count && Interlocked.CompareExchange(ref _used, end + count, end) == end;
    }
}

/// <summary>Builders of sequences.</summary>
public static class Seq
{
    public static Seq<T> Of<T>(params ReadOnlySpan<T> items) => new(items.ToArray());

    public static Seq<T> ToSeq<T>(this IEnumerable<T> items) => items is Seq<T> seq ? seq : new Seq<T>(items.ToArray());
}

internal sealed class SeqFormatter<T> : MemoryPackFormatter<Seq<T>>
{
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref Seq<T> value)
    {
        writer.WriteSpan(value.Span!);
    }

    public override void Deserialize(ref MemoryPackReader reader, scoped ref Seq<T> value)
    {
        value = reader.ReadArray<T>() is { } items ? new Seq<T>(items!) : default;
    }
}
