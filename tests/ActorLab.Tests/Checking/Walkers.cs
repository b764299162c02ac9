using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Tests.Checking;

[MemoryPackable]
[MemoryPackUnion(0, typeof(Go))]
[MemoryPackUnion(1, typeof(Step))]
[MemoryPackUnion(2, typeof(Hint))]
public abstract partial record WalkerMessage
{
    /// <summary>From users.</summary>
    [MemoryPackable]
    public sealed partial record Go(int Distance) : WalkerMessage;

    [MemoryPackable]
    public sealed partial record Step(int Number) : WalkerMessage;

    /// <summary>Leaves before the disk is written.</summary>
    [MemoryPackable]
    public sealed partial record Hint : WalkerMessage;
}

[MemoryPackable]
public sealed partial record WalkerDisk(int Kept);

public sealed record WalkerState(WalkerDisk Disk, int Steps) : IOnDisk<WalkerDisk>;

/// <summary>Uses all that a role may use: disk, timers, choices, early messages, notes, reports.</summary>
internal sealed class Walker(Address[] others, int last) : IRole<WalkerState, WalkerDisk, WalkerMessage>
{
    private static readonly ActorLab.Core.Timer Rest =
        ActorLab.Core.Timer.Between("rest", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

    public WalkerDisk EmptyDisk => new(0);

    public WalkerState Boot(WalkerDisk disk, Turn<WalkerMessage> turn)
    {
        turn.Start(Rest);
        return new WalkerState(disk, 0);
    }

    public WalkerState Receive(WalkerState state, Address sender, WalkerMessage message, Turn<WalkerMessage> turn)
    {
        switch (message)
        {
            case WalkerMessage.Go(var distance):
                turn.Report(new HistoryEvent.Invoked(1, distance));
                foreach (var other in others)
                {
                    turn.TellBeforeDisk(other, new WalkerMessage.Hint());
                    turn.Tell(other, new WalkerMessage.Step(turn.Choose([1, distance])));
                }

                return state with { Disk = new WalkerDisk(state.Disk.Kept + 1) };
            case WalkerMessage.Step(var number) when state.Steps < last:
                turn.Note($"step {number}");
                turn.Cancel(Rest);
                return state with { Steps = state.Steps + number };
            default:
                return state;
        }
    }

    public WalkerState Expire(WalkerState state, ActorLab.Core.Timer timer, Turn<WalkerMessage> turn)
    {
        if (turn.Choose([true, false]) && others.Length > 0)
        {
            turn.Tell(others[0], new WalkerMessage.Step(1));
        }

        return state with { Disk = new WalkerDisk(state.Disk.Kept) };
    }
}

internal static class Walkers
{
    /// <summary>Counts the turns that kept something, and saw more than one step.</summary>
    public static readonly Observer<int> Kept = new(
        "kept",
        0,
        (count, happening) =>
            happening.After is WalkerState { Disk.Kept: > 0, Steps: > 0 } ? Math.Min(count + 1, 2) : count);

    public static Scenario Of(int count, Network network, FaultBudget? faults = null, Timing timing = Timing.Asynchronous)
    {
        var places = NodeId.Range(count).Select(node => new Address(node, "walker")).ToArray();
        return new Scenario
        {
            Name = "walkers",
            Placements =
            [
                .. places.Select(place => new Placement(
                    place, RoleBinding.Of(new Walker([.. places.Where(other => other != place)], 2)))),
            ],
            Workload =
            [
                new PlannedOperation(places[0], new WalkerMessage.Go(2)),
                new PlannedOperation(places[0], new WalkerMessage.Go(3)),
            ],
            Observers = [Kept],
            Network = network,
            Faults = faults ?? new FaultBudget(),
            Timing = timing,
        };
    }
}
