namespace ActorLab.Cluster.Crdt;

/// <summary>An update as it was taken.</summary>
/// <param name="What">What changed.</param>
/// <param name="Sees">The updates that the replica knew then: they happened before.</param>
/// <param name="Timestamp">Of the register after it; 0 while nothing is written.</param>
public sealed record UpdateEvent(CrdtUpdate What, Set<UpdateId> Sees, long Timestamp);

/// <summary>Remembers what properties need to know of the past.</summary>
public static class CrdtObserver
{
    /// <summary>All updates there were.</summary>
    public static readonly Observer<Map<UpdateId, UpdateEvent>> Updates = new("updates", default, Fold);

    private static Map<UpdateId, UpdateEvent> Fold(Map<UpdateId, UpdateEvent> updates, Happening happening) =>
        happening.Input is Input.Deliver { Message: GossipMessage.Update update }
        && happening is { Before: GossiperState before, After: GossiperState after }
            ? updates.Set(
                new UpdateId(happening.Where.Node, after.Disk.Taken),
                new UpdateEvent(update.What, before.Known, after.Replica.Register?.Timestamp ?? 0))
            : updates;
}
