using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Tests.Checking;

public abstract record GuestMessage
{
    /// <summary>From users.</summary>
    public sealed record Come : GuestMessage;

    public sealed record Hello : GuestMessage;

    /// <summary>The host says who came first.</summary>
    public sealed record Welcome(NodeId First) : GuestMessage;

    public sealed record Wave : GuestMessage;
}

public sealed record HostState(Seq<NodeId> Arrived) : IOnDisk<NoDisk>
{
    public NoDisk Disk => NoDisk.Instance;
}

[MemoryPackable]
public sealed partial record GuestDisk(NodeId? Met);

/// <param name="Disk">Whom the guest met.</param>
/// <param name="Waved">Who waved to it.</param>
/// <param name="IsTired">Whether its timer expired.</param>
public sealed record GuestState(GuestDisk Disk, Set<Address> Waved, bool IsTired) : IOnDisk<GuestDisk>;

/// <summary>Tells each guest who was the first.</summary>
/// <param name="favourite">Who is never kept waiting: the first in any case; null where there is none.</param>
internal sealed class Host(NodeId? favourite) : IRole<HostState, NoDisk, GuestMessage>
{
    public NoDisk EmptyDisk => NoDisk.Instance;

    public HostState Boot(NoDisk disk, Turn<GuestMessage> turn) => new(Seq<NodeId>.Empty);

    public HostState Receive(HostState state, Address sender, GuestMessage message, Turn<GuestMessage> turn)
    {
        if (message is not GuestMessage.Hello || state.Arrived.Contains(sender.Node))
        {
            return state;
        }

        var arrived = sender.Node == favourite ? [sender.Node, .. state.Arrived] : state.Arrived.Add(sender.Node);
        turn.Tell(sender, new GuestMessage.Welcome(arrived[0]));
        return new HostState(arrived);
    }
}

/// <summary>Comes when asked, and waves to who came first.</summary>
internal sealed class Guest(Address host, bool hasTimer, NodeId? tiredFromTheStart) : IRole<GuestState, GuestDisk, GuestMessage>
{
    private static readonly ActorLab.Core.Timer Nap = ActorLab.Core.Timer.Fixed("nap", TimeSpan.FromSeconds(1));

    public GuestDisk EmptyDisk => new((NodeId?)null);

    public GuestState Boot(GuestDisk disk, Turn<GuestMessage> turn)
    {
        if (hasTimer)
        {
            turn.Start(Nap);
        }

        return new GuestState(disk, [], turn.Self.Node == tiredFromTheStart);
    }

    public GuestState Receive(GuestState state, Address sender, GuestMessage message, Turn<GuestMessage> turn)
    {
        switch (message)
        {
            case GuestMessage.Come:
                turn.Tell(host, new GuestMessage.Hello());
                return state;
            case GuestMessage.Welcome(var first):
                if (first != turn.Self.Node)
                {
                    turn.Tell(turn.Self with { Node = first }, new GuestMessage.Wave());
                }

                return state with { Disk = new GuestDisk(first) };
            case GuestMessage.Wave:
                return state with { Waved = state.Waved.Add(sender) };
            default: // Nobody says hello to a guest.
                return state;
        }
    }

    public GuestState Expire(GuestState state, ActorLab.Core.Timer timer, Turn<GuestMessage> turn) =>
        state with { IsTired = true };
}

/// <summary>Guests that are the same to all, with names in states, messages and an observer's value.</summary>
internal static class Guests
{
    /// <summary>Who was welcomed, and with whom as the first.</summary>
    public static readonly Observer<Map<NodeId, NodeId>> Welcomed = new(
        "welcomed", default, (welcomed, happening) =>
            happening.Input is Input.Deliver { Message: GuestMessage.Welcome(var first) }
                ? welcomed.Set(happening.Where.Node, first)
                : welcomed);

    public static readonly Property OneFirst = new Property.Always(
        "One First", "All guests that were welcomed know the same first one.",
        world => world.Observed(Welcomed).Values.Distinct().Count() <= 1);

    public static readonly Property NobodyIsWavedToTwice = new Property.Always(
        "Nobody Is Waved To Twice", "Of a guest with two waves: there is none.",
        world => world.All<GuestState>().All(guest => guest.State.Waved.Count < 2));

    public static Scenario Of(
        int count, Network network, bool hasTimers = false, int crashes = 0, NodeId? favourite = null, NodeId? tired = null)
    {
        var host = Address.Parse("n0/host");
        var guests = NodeId.Range(count).Select(node => new Address(node, "guest")).ToSeq();
        return new Scenario
        {
            Name = "guests",
            Placements =
            [
                new Placement(host, RoleBinding.Of(new Host(favourite))),
                .. guests.Select(guest => new Placement(guest, RoleBinding.Of(new Guest(host, hasTimers, tired)))),
            ],
            Workload = guests.Select(guest => new PlannedOperation(guest, new GuestMessage.Come())).ToSeq(),
            Observers = [Welcomed],
            Properties = [OneFirst],
            Network = network,
            Faults = new FaultBudget(Crashes: crashes),
            Interchangeable = NodeId.Range(count),
        };
    }
}
