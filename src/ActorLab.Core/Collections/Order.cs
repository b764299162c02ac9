namespace ActorLab.Core;

/// <summary>The order of sorted collections: ordinal for strings, natural for what compares itself.</summary>
internal static class Order<T>
{
    public static readonly IComparer<T> Ordinal =
        typeof(T) == typeof(string) ? (IComparer<T>)StringComparer.Ordinal
        : typeof(IComparable<T>).IsAssignableFrom(typeof(T)) || typeof(T).IsEnum || IsTuple ? Comparer<T>.Default
        : throw new NotSupportedException(
            $"{typeof(T)} has no order, so it can be in no Set and no key of a Map: let it implement IComparable<{typeof(T).Name}>.");

    private static bool IsTuple => typeof(System.Runtime.CompilerServices.ITuple).IsAssignableFrom(typeof(T));
}
