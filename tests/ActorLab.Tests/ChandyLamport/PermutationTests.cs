using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Algorithms.LaiYang;
using ActorLab.Core;
using ActorLab.Simulation;
using Xunit.Abstractions;

namespace ActorLab.Tests.ChandyLamport;

/// <summary>
/// Section 4, Theorem 1, on simulated runs: what was recorded lies on a run from the same start to the same end, which has the
/// same turns in another order.
/// </summary>
public sealed class PermutationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(5, false)]
    [InlineData(3, true)]
    public void The_recorded_state_is_reachable_from_the_start_and_reaches_the_end(int nodes, bool lossy) =>
        Hold(Runs.Bank(nodes) with { IsLossy = lossy }, laiYang: false, lossy ? Lossy : Runs.Short);

    [Fact]
    public void So_is_what_Lai_and_Yang_record_where_channels_reorder() => Hold(
        Runs.Bank(3), laiYang: true, Runs.Short with { Network = Runs.Short.Network with { Reorder = true } });

    /// <summary>A cut that is not where the recordings were is found inconsistent, and cannot be reordered into a run.</summary>
    [Fact]
    public void A_cut_through_a_message_is_not_consistent()
    {
        var (run, snapshots) = Runs.Of(Runs.Bank(3), Runs.Short with { Seed = 3 });
        var cut = run.CutOf(snapshots[0].Id);
        Assert.True(run.IsConsistent(cut));

        // One process goes on until it knows of something beyond the cut of another.
        var (inconsistent, failed) = (0, 0);
        foreach (var (node, turns) in cut.Turns)
        {
            for (var more = 1; more < 60; more++)
            {
                var other = new Cut(cut.Turns.Set(node, turns + more));
                if (!run.IsConsistent(other))
                {
                    inconsistent++;
                    failed += Record.Exception(() => run.Reordered(other)) is ArgumentException ? 1 : 0;
                }
            }
        }

        Assert.True(inconsistent > 0);
        Assert.Equal(inconsistent, failed);
    }

    private static SimulationOptions Lossy => Runs.Short with
    {
        VirtualTime = TimeSpan.FromSeconds(4),
        Quiet = TimeSpan.FromSeconds(3),
        Faults = new FaultOptions { Loss = 0.1, Duplication = 0.1, Messages = new MessageFaults { Reorder = 0.2 } },
    };

    private void Hold(SnapshotOptions bank, bool laiYang, SimulationOptions options)
    {
        var plain = bank with { IsLossy = false };
        var (recorded, never, misplaced) = (0, 0, 0);
        for (var seed = 1; seed <= (bank.IsLossy ? 3 : 10); seed++)
        {
            var (run, snapshots) = Runs.Of(bank, options with { Seed = seed }, laiYang);
            var computation = new Computation(laiYang ? LaiYangScenario.Of(plain) : SnapshotScenario.Of(plain), run.IsFifo);
            var states = computation.StatesOf(run);
            foreach (var snapshot in snapshots)
            {
                var cut = run.CutOf(snapshot.Id);
                Assert.True(run.IsConsistent(cut), $"seed {seed}, {snapshot.Id}");
                var other = computation.StatesOf(run.Reordered(cut));
                var between = BankState.Of(snapshot, run.IsFifo);
                Assert.Equal(states[0], other[0]);
                Assert.Equal(between, other[cut.Turns.Values.Sum()]);
                Assert.Equal(states.Last, other.Last);
                Assert.True(snapshot.InFlight + snapshot.InAccounts == bank.Money);
                recorded++;
                misplaced += run.Misplaced(cut) > 0 ? 1 : 0;
                never += states.Contains(between) ? 0 : 1;
            }
        }

        output.WriteLine($"{recorded} states recorded, {misplaced} by a cut that the run does not pass at once, {never} of which never were");
        Assert.True(never > 0 && misplaced > 0, "the theorem says nothing of runs in which every recorded state occurred");
    }
}
