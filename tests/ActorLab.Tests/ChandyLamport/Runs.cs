using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Algorithms.LaiYang;
using ActorLab.Core;
using ActorLab.Simulation;
using ActorLab.Tests.Links;

namespace ActorLab.Tests.ChandyLamport;

/// <summary>Simulated banks, and their runs as the paper speaks of them: without the links around the roles.</summary>
internal static class Runs
{
    /// <summary>Money for a while, sent round by users and by the accounts themselves.</summary>
    public static SnapshotOptions Bank(int nodes, int snapshots = 4) => new()
    {
        Balances = Seq.ToSeq(Enumerable.Repeat(100L, nodes)),
        Transfers = 5,
        Snapshots = snapshots,
        Rate = 100,
    };

    public static SimulationOptions Short { get; } = new()
    {
        VirtualTime = TimeSpan.FromSeconds(1.5),
        Quiet = TimeSpan.FromSeconds(1),
        Network = new NetworkOptions { Delay = Wait.Micros(200, 30_000) },
    };

    /// <summary>A run, taken apart into turns of accounts. All snapshots are complete in its end.</summary>
    public static (BankRun Run, Seq<GlobalSnapshot> Snapshots) Of(SnapshotOptions bank, SimulationOptions options, bool laiYang = false)
    {
        var scenario = laiYang ? LaiYangScenario.Of(bank) : SnapshotScenario.Of(bank);
        var turns = new List<Happening>();
        var result = Simulator.Run(scenario, options with { Watch = turn => turns.AddRange(Within(bank, turn.AsHappening())) });
        Assert.Null(result.Violation);
        var properties = new SnapshotProperties(bank.Nodes, bank.Money, Spends: false);
        var snapshots = Seq.ToSeq(properties.Complete(result.World));
        Assert.Equal(bank.Snapshots, snapshots.Count);
        return (new BankRun(Seq.ToSeq(turns), isFifo: !laiYang), snapshots);
    }

    private static Seq<Happening> Within(SnapshotOptions bank, Happening turn)
    {
        if (!bank.IsLossy)
        {
            return [turn];
        }

        var others = bank.Nodes.Remove(turn.Where.Node);
        return LinkTurns.Within(
            new ChandyLamportProcess(new AccountOptions(
                bank.Balances[bank.Nodes.CountBefore(turn.Where.Node)], others, others, bank.Nodes, bank.Rate)),
            turn);
    }
}
