using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Core;

namespace ActorLab.Algorithms.Termination;

/// <summary>What whoever detects the end of a computation promises.</summary>
public static class TerminationProperties
{
    public const string NoFalseDetection = "No False Detection";

    public const string EndIsDetected = "The End Is Detected";

    public static Seq<Property> All { get; } =
    [
        new Property.Always(
            NoFalseDetection,
            "When work is found, or a user is told, to be done, no process has any, then or later, but for what users bring since.",
            world => !world.Observed(WorkRecord.Observer).Claimed
                || SnapshotProperties.States(world).All(worker => worker.State.Disk.Balance == 0)),
        new Property.Temporal(
            EndIsDetected, "Who is asked for the end of the work finds it in the end, unless a node stays down.",
            Formula.AlwaysEventually(new Formula.Now(
                "nobody watches, or a node is down",
                world => world.Addresses.Any(address => !world.IsUp(address))
                    || SnapshotProperties.States(world).All(worker =>
                        worker.State is { Watchers.IsEmpty: true, Disk.Watch: not { Found: null } })))),
        new Property.Sometimes(
            "Work Is Found On Its Way", "A snapshot finds all processes passive, and work in a channel.",
            world => SnapshotProperties.States(world).Any(worker => worker.State.Disk.Collected.Values.Any(one =>
                one.Parts.Count == world.Addresses.Count && one is { InAccounts: 0, InFlight: > 0 }))),
        new Property.Sometimes(
            "The End Is Found", "Somebody finds that the work is done.",
            world => SnapshotProperties.States(world).Any(worker => worker.State.Disk.Watch is { Found: not null })),
    ];
}
