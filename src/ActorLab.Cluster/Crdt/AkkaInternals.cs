using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Akka.DistributedData;

namespace ActorLab.Cluster.Crdt;

/// <summary>
/// What Akka's sets hold and do not show. Public methods tell what a set contains, but not which additions are in force:
/// two sets of equal elements may go on differently.
/// </summary>
internal static class SetInternals<T>
    where T : notnull
{
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "ElementsMap")]
    public static extern ref ImmutableDictionary<T, VersionVector> Dots(ORSet<T> set);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "VersionVector")]
    public static extern ref VersionVector Seen(ORSet<T> set);
}

/// <inheritdoc cref="SetInternals{T}"/>
internal static class DictionaryInternals<TKey, TValue>
    where TValue : IReplicatedData<TValue>
{
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "KeySet")]
    public static extern ref ORSet<TKey> Keys(ORDictionary<TKey, TValue> map);
}

/// <inheritdoc cref="SetInternals{T}"/>
internal static class MultiMapInternals<TKey, TValue>
{
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "Underlying")]
    public static extern ref ORDictionary<TKey, ORSet<TValue>> Underlying(ORMultiValueDictionary<TKey, TValue> map);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    public static extern ORMultiValueDictionary<TKey, TValue> Create(
        ORDictionary<TKey, ORSet<TValue>> underlying, bool withValueDeltas);
}

/// <inheritdoc cref="SetInternals{T}"/>
internal static class MapInternals<TKey, TValue>
{
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "Underlying")]
    public static extern ref ORDictionary<TKey, LWWRegister<TValue>> Underlying(LWWDictionary<TKey, TValue> map);
}

/// <summary>The same for the types of a <see cref="Replica"/>.</summary>
internal static class AkkaInternals
{
    public static ImmutableDictionary<string, VersionVector> Dots(ORSet<string> set) => SetInternals<string>.Dots(set);

    public static VersionVector Seen(ORSet<string> set) => SetInternals<string>.Seen(set);

    public static ORSet<string> Keys<TValue>(ORDictionary<string, TValue> map)
        where TValue : IReplicatedData<TValue> => DictionaryInternals<string, TValue>.Keys(map);

    public static ORDictionary<string, ORSet<string>> Underlying(ORMultiValueDictionary<string, string> map) =>
        MultiMapInternals<string, string>.Underlying(map);

    public static ORDictionary<string, LWWRegister<string>> Underlying(LWWDictionary<string, string> map) =>
        MapInternals<string, string>.Underlying(map);

    public static ORMultiValueDictionary<string, string> MultiMap(ORDictionary<string, ORSet<string>> underlying) =>
        MultiMapInternals<string, string>.Create(underlying, withValueDeltas: true);
}
