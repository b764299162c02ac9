using ActorLab.Core;

namespace ActorLab.Algorithms.ChandyLamport;

/// <summary>What a recorded global state promises (sections 4 and 5), whoever recorded it and how.</summary>
/// <param name="Members">All accounts.</param>
/// <param name="Money">All there is at the start.</param>
/// <param name="Spends">Whether users use money up, as work that is done.</param>
public sealed record SnapshotProperties(Set<NodeId> Members, long Money, bool Spends)
{
    public const string RecordedTotal = "Recorded Total";

    public const string StableProperty = "Stable Property";

    public const string SnapshotsComplete = "Snapshots Complete";

    public const string MoneyInFlight = "Money In Flight Recorded";

    public const string SnapshotsOverlap = "Snapshots Overlap";

    public const string TerminationDetected = "Termination Detected";

    /// <summary>Whether two snapshots may be under way at once.</summary>
    public bool MayOverlap { get; init; } = true;

    /// <summary>Whether money moves.</summary>
    public bool Moves { get; init; } = true;

    public Seq<Property> All =>
    [
        Spends
            ? new Property.Always(
                StableProperty,
                "If a recorded state has no work left, in no process and no channel, then no process has any, now and later.",
                world => Complete(world).All(one => one.Total <= Money && (one.Total > 0 || IsIdle(world))))
            : new Property.Always(
                RecordedTotal,
                "Every complete snapshot has all the money there is, in accounts and in channels, and no more.",
                world => Complete(world).All(one => one.Total == Money)),
        new Property.Temporal(
            SnapshotsComplete, "Every snapshot that is begun is complete in the end, unless a node stays down.",
            Formula.AlwaysEventually(new Formula.Now(
                "no snapshot is under way, or a node is down",
                world => world.Addresses.Any(address => !world.IsUp(address)) || IsQuiet(world)))),
        .. Witnesses.Where(one => one.Name switch
        {
            MoneyInFlight => Moves,
            SnapshotsOverlap => MayOverlap,
            _ => Spends,
        }),
    ];

    private Seq<Property> Witnesses =>
    [
        new Property.Sometimes(
            MoneyInFlight, "A complete snapshot has money in a channel.",
            world => Complete(world).Any(one => one.InFlight > 0)),
        new Property.Sometimes(
            SnapshotsOverlap, "A process records two snapshots at once.",
            world => States(world).Any(account => account.State.Disk.Parts.Values.Count(part => !part.IsComplete) > 1)),
        new Property.Sometimes(
            TerminationDetected, "A snapshot finds that the work is done.",
            world => Complete(world).Any(one => one.Total == 0)),
    ];

    /// <summary>The accounts of a world, whatever they wear.</summary>
    public static IEnumerable<(NodeId Node, AccountState State)> States(IWorld world)
    {
        foreach (var address in world.Addresses)
        {
            if (AccountIn(world.StateAt(address)) is { } state)
            {
                yield return (address.Node, state);
            }
        }
    }

    /// <summary>The account in a state of a role; null where there is none.</summary>
    public static AccountState? AccountIn(object? state) =>
        (state is IWrapped wrapped ? wrapped.Within : state) as AccountState;

    /// <summary>The snapshots of which all parts are complete, with their initiators or where they were recorded.</summary>
    public IEnumerable<GlobalSnapshot> Complete(IWorld world)
    {
        var known = Map<SnapshotId, GlobalSnapshot>.Empty;
        foreach (var (node, state) in States(world))
        {
            foreach (var (id, global) in state.Disk.Collected)
            {
                known = known.Set(id, With(known, id, global.Parts));
            }

            foreach (var (id, part) in state.Disk.Parts)
            {
                if (part.IsComplete)
                {
                    known = known.Set(id, With(known, id, Map.Of((node, part))));
                }
            }
        }

        return known.Values.Where(one => one.Parts.Count == Members.Count);
    }

    private static GlobalSnapshot With(
        Map<SnapshotId, GlobalSnapshot> known, SnapshotId id, Map<NodeId, LocalSnapshot> parts) =>
        new(id, known.Find(id)?.Parts.SetAll(parts) ?? parts);

    private static bool IsIdle(IWorld world) => States(world).All(account => account.State.Disk.Balance == 0);

    /// <summary>
    /// Where initiators collect, all is collected; else no channel is still being recorded, and all took part.
    /// </summary>
    private bool IsQuiet(IWorld world)
    {
        var states = States(world).ToList();
        var begun = states.Where(account => account.State.Disk.Taken > 0).ToList();
        return states.All(account => account.State.Disk.Parts.Values.All(part => part.IsComplete))
            && begun.All(account => Enumerable.Range(1, account.State.Disk.Taken).All(number =>
                IsWhole(states, new SnapshotId(account.Node, number), account.State)));
    }

    private bool IsWhole(List<(NodeId Node, AccountState State)> states, SnapshotId id, AccountState initiator) =>
        initiator.Disk.Collected.TryGetValue(id, out var collected)
            ? collected.Parts.Count == Members.Count
            : states.All(account => account.State.Disk.Parts.ContainsKey(id))
                || (!initiator.Disk.Collected.IsEmpty // kept no longer
                    && id.Number < initiator.Disk.Collected.Keys.First().Number);
}
