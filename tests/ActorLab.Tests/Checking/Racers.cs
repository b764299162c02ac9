using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Tests.Checking;

public abstract record RacerMessage
{
    public sealed record Lap(int Number) : RacerMessage;
}

[MemoryPackable]
public sealed partial record RacerDisk(int Lap);

/// <param name="Disk">How many laps it ran.</param>
/// <param name="Heard">The other one's last lap, as far as heard.</param>
public sealed record RacerState(RacerDisk Disk, int Heard) : IOnDisk<RacerDisk>;

/// <summary>Runs lap after lap, never more than one ahead of what it heard of the other, and tells the other each.</summary>
/// <param name="other">The other one.</param>
/// <param name="last">After which lap it stops; never, as it should be, or a number that no shift may change.</param>
internal sealed class Racer(Address other, int last = int.MaxValue) : IRole<RacerState, RacerDisk, RacerMessage>
{
    private static readonly ActorLab.Core.Timer Stride = ActorLab.Core.Timer.Fixed("stride", TimeSpan.FromSeconds(1));

    public RacerDisk EmptyDisk => new(0);

    /// <summary>After a crash it takes the other to be where it is itself.</summary>
    public RacerState Boot(RacerDisk disk, Turn<RacerMessage> turn)
    {
        turn.Start(Stride);
        return new RacerState(disk, disk.Lap);
    }

    public RacerState Receive(RacerState state, Address sender, RacerMessage message, Turn<RacerMessage> turn) =>
        message is RacerMessage.Lap(var lap) && lap > state.Heard ? state with { Heard = lap } : state;

    public RacerState Expire(RacerState state, ActorLab.Core.Timer timer, Turn<RacerMessage> turn)
    {
        turn.Start(Stride);
        if (state.Disk.Lap > state.Heard || state.Disk.Lap == last)
        {
            return state;
        }

        turn.Tell(other, new RacerMessage.Lap(state.Disk.Lap + 1));
        return state with { Disk = new RacerDisk(state.Disk.Lap + 1) };
    }
}

internal static class Racers
{
    /// <summary>The highest lap that anybody was told of.</summary>
    public sealed record Highest(int Lap);

    public static readonly Observer<Highest> Told = new(
        "told", new Highest(0), (highest, happening) =>
            happening.Input is Input.Deliver { Message: RacerMessage.Lap(var lap) } && lap > highest.Lap
                ? new Highest(lap)
                : highest);

    public static readonly Normalisation Laps = new(
        value => value switch
        {
            RacerState(var disk, var heard) => Math.Min(disk.Lap, heard),
            RacerMessage.Lap(var lap) => lap,
            Highest(var lap) => lap,
            _ => null,
        },
        (value, by) => value switch
        {
            RacerState(var disk, var heard) => new RacerState(new RacerDisk(disk.Lap - by), heard - by),
            RacerMessage.Lap(var lap) => new RacerMessage.Lap(lap - by),
            Highest(var lap) => new Highest(lap - by),
            _ => value,
        });

    public static readonly Property WithinOne = new Property.Always(
        "Within One", "Nobody is more than a lap ahead.", world => Difference(world) <= 1);

    public static Scenario Of(Network network, int crashes = 0, int last = int.MaxValue)
    {
        var (one, two) = (Address.Parse("n1/racer"), Address.Parse("n2/racer"));
        return new Scenario
        {
            Name = "racers",
            Placements =
            [
                new Placement(one, RoleBinding.Of(new Racer(two, last))), new Placement(two, RoleBinding.Of(new Racer(one, last))),
            ],
            Observers = [Told],
            Network = network,
            Faults = new FaultBudget(Crashes: crashes),
            Fairness = [Fairness.EveryDelivery, Fairness.EveryTimer],
            Normalisation = Laps,
        };
    }

    public static int Difference(IWorld world)
    {
        int[] laps = [.. world.All<RacerState>().Select(racer => racer.State.Disk.Lap)];
        return laps.Max() - laps.Min();
    }
}
