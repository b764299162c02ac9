using Akka.Cluster;
using Akka.DistributedData;
using MemoryPack;

namespace ActorLab.Cluster.Crdt;

/// <summary>What a user changes at one replica.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Grow))]
[MemoryPackUnion(1, typeof(Count))]
[MemoryPackUnion(2, typeof(Add))]
[MemoryPackUnion(3, typeof(Remove))]
[MemoryPackUnion(4, typeof(Write))]
[MemoryPackUnion(5, typeof(AddTo))]
[MemoryPackUnion(6, typeof(RemoveKey))]
[MemoryPackUnion(7, typeof(Put))]
[MemoryPackUnion(8, typeof(Delete))]
public abstract partial record CrdtUpdate
{
    /// <summary>Of the GCounter.</summary>
    [MemoryPackable]
    public sealed partial record Grow(long By) : CrdtUpdate;

    /// <summary>Of the PNCounter; less than 0 to take away.</summary>
    [MemoryPackable]
    public sealed partial record Count(long By) : CrdtUpdate;

    /// <summary>Of the ORSet.</summary>
    [MemoryPackable]
    public sealed partial record Add(string Element) : CrdtUpdate;

    /// <inheritdoc cref="Add"/>
    [MemoryPackable]
    public sealed partial record Remove(string Element) : CrdtUpdate;

    /// <summary>Of the LWWRegister.</summary>
    [MemoryPackable]
    public sealed partial record Write(string Value) : CrdtUpdate;

    /// <summary>Of the ORMultiValueDictionary.</summary>
    [MemoryPackable]
    public sealed partial record AddTo(string Key, string Element) : CrdtUpdate;

    /// <inheritdoc cref="AddTo"/>
    [MemoryPackable]
    public sealed partial record RemoveKey(string Key) : CrdtUpdate;

    /// <summary>Of the LWWDictionary.</summary>
    [MemoryPackable]
    public sealed partial record Put(string Key, string Value) : CrdtUpdate;

    /// <inheritdoc cref="Put"/>
    [MemoryPackable]
    public sealed partial record Delete(string Key) : CrdtUpdate;

    /// <summary>The replica after the update, by Akka's own methods.</summary>
    /// <param name="replica">Before it.</param>
    /// <param name="node">Who counts.</param>
    /// <param name="latest">
    /// Of all timestamps that the node has seen. Who has seen a write writes later, and two who have not seen each other may
    /// write at the same time, where only the tie-break is left. Akka's default takes the wall clock.
    /// </param>
    public Replica At(Replica replica, UniqueAddress node, long latest) => this switch
    {
        Grow grow => replica with { Grows = replica.Grows.Increment(node, (ulong)grow.By).ResetDelta() },
        Count count => replica with { Counter = replica.Counter.Increment(node, count.By).ResetDelta() },
        Add add => replica with { Set = replica.Set.Add(Writers.Scratch, add.Element).ResetDelta() },
        Remove remove => replica with { Set = replica.Set.Remove(Writers.Scratch, remove.Element).ResetDelta() },
        Write write => replica with
        {
            Register = replica.Register?.WithValue(Writers.Scratch, write.Value, (_, _) => latest + 1)
                ?? new LWWRegister<string>(Writers.Scratch, write.Value, latest + 1),
        },
        AddTo add =>
            replica with { MultiMap = replica.MultiMap.AddItem(Writers.Scratch, add.Key, add.Element).ResetDelta() },
        RemoveKey remove => replica with { MultiMap = replica.MultiMap.Remove(Writers.Scratch, remove.Key).ResetDelta() },
        Put put => replica with
        {
            Map = replica.Map.SetItem(Writers.Scratch, put.Key, put.Value, (_, _) => latest + 1).ResetDelta(),
        },
        Delete delete => replica with { Map = replica.Map.Remove(Writers.Scratch, delete.Key).ResetDelta() },
        _ => throw new ArgumentException($"{GetType().Name} is no update."),
    };
}
