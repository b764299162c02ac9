using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Tests.Checking;

/// <param name="Value">0 or 1.</param>
/// <param name="Hops">How often what follows from it may be told on: so that runs end.</param>
public sealed record Word(int Value, int Hops);

[MemoryPackable]
public sealed partial record Kept(int Value);

/// <param name="Disk">What survives.</param>
/// <param name="Value">0 to 2.</param>
public sealed record Mind(Kept Disk, int Value) : IOnDisk<Kept>;

/// <summary>A role whose every turn was drawn: a table from state and input to state, disk, words and timer.</summary>
internal sealed class RandomRole(Seq<Address> all, RandomRole.Turnout[] table) : IRole<Mind, Kept, Word>
{
    private const int States = 3;
    private const int Inputs = 5; // boots with either disk, the two words, the timer
    private static readonly ActorLab.Core.Timer Alarm = ActorLab.Core.Timer.Fixed("alarm", TimeSpan.FromSeconds(1));

    public Kept EmptyDisk { get; } = new(0);

    public Mind Boot(Kept disk, Turn<Word> turn) => Take(new Mind(disk, 0), disk.Value, 2, turn);

    public Mind Receive(Mind state, Address sender, Word message, Turn<Word> turn) => Take(state, 2 + message.Value, message.Hops, turn);

    public Mind Expire(Mind state, ActorLab.Core.Timer timer, Turn<Word> turn) => Take(state, 4, 1, turn);

    /// <summary>A scenario of two nodes, drawn.</summary>
    public static Scenario Draw(Random random)
    {
        Seq<Address> all = [Address.Parse("n1/mind"), Address.Parse("n2/mind")];
        var network = random.Next(5) switch
        {
            0 => new Network(),
            1 => new Network(FifoPerLink: true),
            2 => new Network(Lossy: true, NoOpDeliversStay: true),
            3 => new Network(Duplicating: true),
            _ => new Network(OneCopy: true),
        };
        return new Scenario
        {
            Name = "random",
            Placements = [.. all.Select(at => new Placement(at, RoleBinding.Of(new RandomRole(all, Table(random)))))],
            Network = network,
            Timing = random.Next(4) == 0 && !network.Duplicating ? Timing.SynchronousRounds : Timing.Asynchronous,
            Faults = new FaultBudget(random.Next(2), random.Next(2), network.Duplicating ? 0 : random.Next(2)),
        };
    }

    private static Turnout[] Table(Random random) =>
    [
        .. Enumerable.Range(0, States * Inputs).Select(i => new Turnout(
            random.Next(States), random.Next(3) == 0 ? random.Next(2) : null,
            [.. Enumerable.Range(0, random.Next(i % Inputs < 2 ? 3 : 2)).Select(_ => (random.Next(2), random.Next(2)))],
            i % Inputs != 4 && random.Next(4) == 0, random.Next(4) == 0 ? random.Next(States) : null)),
    ];

    private Mind Take(Mind state, int input, int hops, Turn<Word> turn)
    {
        var turnout = table[(state.Value * Inputs) + input];
        foreach (var (to, value) in hops > 0 ? turnout.Words : [])
        {
            turn.Tell(all[to], new Word(value, hops - 1));
        }

        if (turnout.Sets)
        {
            turn.Start(Alarm);
        }

        var value2 = turnout.Or is { } other ? turn.Choose([turnout.State, other]) : turnout.State;
        return new Mind(turnout.Disk is { } kept ? new Kept(kept) : state.Disk, value2);
    }

    /// <param name="State">The next state.</param>
    /// <param name="Disk">What is written; null for nothing.</param>
    /// <param name="Words">To whom, and what.</param>
    /// <param name="Sets">Whether the timer is started.</param>
    /// <param name="Or">Another next state, by choice.</param>
    public sealed record Turnout(int State, int? Disk, (int To, int Value)[] Words, bool Sets, int? Or);
}
