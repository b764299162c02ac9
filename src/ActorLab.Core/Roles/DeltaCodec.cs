using MemoryPack;

namespace ActorLab.Core;

/// <summary>Writes what changed on a disk: a delta where <typeparamref name="TDisk"/> has one, else the whole disk.</summary>
internal abstract class DeltaCodec<TDisk>
    where TDisk : class
{
    public abstract byte[] Write(TDisk earlier, TDisk later);

    public abstract TDisk Apply(TDisk earlier, ReadOnlySpan<byte> delta);

    public static DeltaCodec<TDisk> Create()
    {
        var form = typeof(TDisk).GetInterfaces().SingleOrDefault(type =>
            type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDeltaDisk<,>));
        return form is null
            ? new WholeDisk<TDisk>()
            : (DeltaCodec<TDisk>)Activator.CreateInstance(typeof(DiskChange<,>).MakeGenericType(form.GetGenericArguments()))!;
    }

    protected static T Read<T>(ReadOnlySpan<byte> bytes) => MemoryPackSerializer.Deserialize<T>(bytes)
        ?? throw new MemoryPackSerializationException($"The bytes hold no {typeof(T).Name}.");
}

/// <inheritdoc />
internal sealed class WholeDisk<TDisk> : DeltaCodec<TDisk>
    where TDisk : class
{
    public override byte[] Write(TDisk earlier, TDisk later) => MemoryPackSerializer.Serialize(later);

    public override TDisk Apply(TDisk earlier, ReadOnlySpan<byte> delta) => Read<TDisk>(delta);
}

/// <inheritdoc />
internal sealed class DiskChange<TDisk, TDelta> : DeltaCodec<TDisk>
    where TDisk : class, IDeltaDisk<TDisk, TDelta>
{
    public override byte[] Write(TDisk earlier, TDisk later) => MemoryPackSerializer.Serialize(later.DeltaSince(earlier));

    public override TDisk Apply(TDisk earlier, ReadOnlySpan<byte> delta) => earlier.Apply(Read<TDelta>(delta));
}
