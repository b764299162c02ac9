using System.Collections;
using System.Runtime.CompilerServices;

namespace ActorLab.Core;

/// <summary>
/// The order of sorted collections: ordinal for strings, natural for what compares itself, item by item for tuples.
/// </summary>
internal static class Order<T>
{
    public static readonly IComparer<T> Ordinal =
        typeof(T) == typeof(string) ? (IComparer<T>)StringComparer.Ordinal
        : typeof(T).IsValueType && typeof(ITuple).IsAssignableFrom(typeof(T)) ? new TupleOrder<T>()
        : typeof(IComparable<T>).IsAssignableFrom(typeof(T)) || typeof(T).IsEnum ? Comparer<T>.Default
        : throw new NotSupportedException(
            $"{typeof(T)} has no order, so it can be in no Set and no key of a Map: "
            + $"let it implement IComparable<{typeof(T).Name}>.");

    private static readonly bool IsNatural = typeof(T).IsValueType && Ordinal is not TupleOrder<T>;

    /// <summary>The same order, where the compiler at run time can see through to what compares.</summary>
    public static int Compare(T left, T right) =>
        typeof(T) == typeof(string) ? string.CompareOrdinal((string)(object)left!, (string)(object)right!)
        : IsNatural ? Comparer<T>.Default.Compare(left, right)
        : Ordinal.Compare(left, right);
}

/// <summary>Tuples by their items. Their own order follows the culture of the process where an item is a string.</summary>
internal sealed class TupleOrder<T> : IComparer<T>
{
    private readonly IComparer[] _items = [.. typeof(T).GetGenericArguments().Select(item =>
        (IComparer)typeof(Order<>).MakeGenericType(item).GetField(nameof(Order<int>.Ordinal))!.GetValue(null)!)];

    public int Compare(T? x, T? y)
    {
        var (left, right) = ((ITuple)x!, (ITuple)y!);
        for (var i = 0; i < _items.Length; i++)
        {
            if (_items[i].Compare(left[i], right[i]) is var order and not 0)
            {
                return order;
            }
        }

        return 0;
    }
}
