using ActorLab.Core;
using ActorLab.Simulation;
using MemoryPack;
using Timer = ActorLab.Core.Timer;

namespace ActorLab.Tests.Simulation;

/// <summary>Numbers from one node to another, one per tick.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Say))]
public abstract partial record Chat
{
    [MemoryPackable]
    public sealed partial record Say(long Number) : Chat;
}

public sealed record ChatState(Seq<long> Heard, long Said) : IOnDisk<NoDisk>
{
    public NoDisk Disk => NoDisk.Instance;
}

/// <summary>Says 1, 2, 3 and so on to a peer, and remembers what it hears.</summary>
public sealed class Chatter(Address? peer, Timer tick) : IRole<ChatState, NoDisk, Chat>
{
    public NoDisk EmptyDisk => NoDisk.Instance;

    public ChatState Boot(NoDisk disk, Turn<Chat> turn)
    {
        if (peer is not null)
        {
            turn.Start(tick);
        }

        return new ChatState([], 0);
    }

    public ChatState Receive(ChatState state, Address sender, Chat message, Turn<Chat> turn) =>
        state with { Heard = state.Heard.Add(((Chat.Say)message).Number) };

    public ChatState Expire(ChatState state, Timer timer, Turn<Chat> turn)
    {
        turn.Start(timer);
        turn.Tell(peer!.Value, new Chat.Say(state.Said + 1));
        return state with { Said = state.Said + 1 };
    }
}

/// <summary>Sums that a server keeps for clients.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Ask))]
[MemoryPackUnion(1, typeof(Keep))]
[MemoryPackUnion(2, typeof(Kept))]
public abstract partial record Ledger
{
    /// <summary>A user's operation.</summary>
    [MemoryPackable]
    public sealed partial record Ask(long Number) : Ledger;

    [MemoryPackable]
    public sealed partial record Keep(long Number) : Ledger;

    [MemoryPackable]
    public sealed partial record Kept(long Number) : Ledger;
}

[MemoryPackable]
public sealed partial record LedgerDisk(int Boots, Set<long> Numbers);

public sealed record LedgerState(LedgerDisk Disk) : IOnDisk<LedgerDisk>;

/// <summary>Keeps numbers on its disk and says so.</summary>
/// <param name="forgets">A mutant that confirms what it never writes.</param>
public sealed class LedgerServer(bool forgets = false) : IRole<LedgerState, LedgerDisk, Ledger>
{
    public LedgerDisk EmptyDisk { get; } = new(0, []);

    public LedgerState Boot(LedgerDisk disk, Turn<Ledger> turn) => new(disk with { Boots = disk.Boots + 1 });

    public LedgerState Receive(LedgerState state, Address sender, Ledger message, Turn<Ledger> turn)
    {
        var number = ((Ledger.Keep)message).Number;
        turn.Tell(sender, new Ledger.Kept(number));
        return forgets || state.Disk.Numbers.Contains(number)
            ? state
            : new LedgerState(state.Disk with { Numbers = state.Disk.Numbers.Add(number) });
    }
}

public sealed record LedgerClientState(Set<long> Open) : IOnDisk<NoDisk>
{
    public NoDisk Disk => NoDisk.Instance;
}

/// <summary>Asks the server again until it confirms.</summary>
public sealed class LedgerClient(Address server) : IRole<LedgerClientState, NoDisk, Ledger>
{
    private static readonly Timer Retry = Timer.Fixed("retry", TimeSpan.FromMilliseconds(20));

    public NoDisk EmptyDisk => NoDisk.Instance;

    public LedgerClientState Boot(NoDisk disk, Turn<Ledger> turn)
    {
        turn.Start(Retry);
        return new LedgerClientState([]);
    }

    public LedgerClientState Receive(LedgerClientState state, Address sender, Ledger message, Turn<Ledger> turn)
    {
        switch (message)
        {
            case Ledger.Ask ask:
                turn.Report(new HistoryEvent.Invoked(ask.Number, ask));
                turn.Tell(server, new Ledger.Keep(ask.Number));
                return new LedgerClientState(state.Open.Add(ask.Number));
            case Ledger.Kept kept when state.Open.Contains(kept.Number):
                turn.Report(new HistoryEvent.Completed(kept.Number, Outcome.Ok, null, ""));
                return new LedgerClientState(state.Open.Remove(kept.Number));
            default: // a second answer to a question that was asked twice
                return state;
        }
    }

    public LedgerClientState Expire(LedgerClientState state, Timer timer, Turn<Ledger> turn)
    {
        turn.Start(Retry);
        foreach (var number in state.Open)
        {
            turn.Tell(server, new Ledger.Keep(number));
        }

        return state;
    }
}

internal static class Toys
{
    public static readonly NodeId N1 = new("n1");
    public static readonly NodeId N2 = new("n2");
    public static readonly Address Speaker = new(N1, "speaker");
    public static readonly Address Listener = new(N2, "listener");
    public static readonly Address Server = new(N1, "server");
    public static readonly Address Client = new(N2, "client");

    public static readonly Observer<Set<long>> Confirmed = new("confirmed", [], (numbers, happening) =>
        happening.Effects.OfType<Effect.Report>().Select(report => report.Event).OfType<HistoryEvent.Completed>().ToArray()
            is { Length: > 0 } ended
            ? numbers.Union(ended.Select(completed => completed.Operation))
            : numbers);

    /// <summary>n1 says a number to n2 every millisecond.</summary>
    public static Scenario Conversation(bool sameNode = false, Timer? tick = null)
    {
        var listener = sameNode ? new Address(N1, "listener") : Listener;
        tick ??= Timer.Fixed("tick", TimeSpan.FromMilliseconds(1));
        return new Scenario
        {
            Name = "conversation",
            Placements =
            [
                new Placement(Speaker, RoleBinding.Of(new Chatter(listener, tick))),
                new Placement(listener, RoleBinding.Of(new Chatter(null, tick))),
            ],
        };
    }

    /// <summary>A client on n2 whose numbers a server on n1 keeps.</summary>
    public static Scenario Bookkeeping(bool forgets = false) => new()
    {
        Name = "bookkeeping",
        Placements =
        [
            new Placement(Server, RoleBinding.Of(new LedgerServer(forgets))),
            new Placement(Client, RoleBinding.Of(new LedgerClient(Server))),
        ],
        Observers = [Confirmed],
        Properties =
        [
            new Property.Always("Durability", "What was confirmed is kept.", world =>
                !world.IsUp(Server) || world.Observed(Confirmed).IsSubsetOf(world.DiskOfServer().Numbers)),
            new Property.Sometimes("Progress", "Ten numbers are confirmed.", world => world.Observed(Confirmed).Count >= 10),
        ],
    };

    public static ClientLoad Questions => new([Client], (_, _, number) => new Ledger.Ask(number));

    public static Seq<long> Heard(this SimulationResult result) =>
        result.World.All<ChatState>().Single(role => role.Address.Role == "listener").State.Heard;

    public static LedgerDisk DiskOfServer(this IWorld world) => ((LedgerState)world.StateAt(Server)).Disk;
}
