using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Tests.Clocks;

/// <summary>The clocks of traced events say what a search over turns and messages finds.</summary>
public sealed class TraceClockTests
{
    private static readonly Seq<TraceEvent> Trace = Simulator.Run(
        SnapshotScenario.Family.With(("nodes", 3), ("money", 9), ("rate", 40), ("snapshots", 2), ("transfers", 3), ("lossy", 1)),
        new SimulationOptions
        {
            Seed = 7,
            VirtualTime = TimeSpan.FromMilliseconds(400),
            Record = true,
            Faults = new FaultOptions { Loss = 0.1, Duplication = 0.1, CrashEvery = TimeSpan.FromMilliseconds(150), Downtime = Wait.Millis(5, 20) },
        }).Trace;

    [Fact]
    public void Of_every_two_events_the_clocks_say_which_may_have_caused_which()
    {
        var clocks = new TraceClocks(Trace);
        var before = Before();
        var compared = 0;
        for (var i = 0; i < Trace.Count; i += 9)
        {
            for (var k = 0; k < Trace.Count; k++)
            {
                if (clocks.VectorOf(i) is null || clocks.VectorOf(k) is null || TurnOf(i) == TurnOf(k) || IsOfNode(i) || IsOfNode(k))
                {
                    continue;
                }

                compared++;
                var expected = before[TurnOf(k)].Contains(TurnOf(i)) ? Causality.Before
                    : before[TurnOf(i)].Contains(TurnOf(k)) ? Causality.After
                    : Causality.Concurrent;
                Assert.True(expected == clocks.Compare(i, k), $"{Trace[i]} and {Trace[k]}: {clocks.Compare(i, k)}");
                Assert.True(expected != Causality.Before || clocks.TimeOf(i) < clocks.TimeOf(k));
            }
        }

        Assert.True(compared > 10_000, $"{compared}");
    }

    [Fact]
    public void A_path_leads_from_cause_to_effect_step_by_step()
    {
        var clocks = new TraceClocks(Trace);
        var (found, far) = (0, 0);
        for (var i = 0; i < Trace.Count; i += 7)
        {
            for (var k = i + 1; k < Trace.Count; k += 13)
            {
                if (clocks.VectorOf(i) is null || clocks.VectorOf(k) is null || TurnOf(i) == TurnOf(k) || IsOfNode(i) || IsOfNode(k))
                {
                    continue;
                }

                var path = clocks.Path(i, k);
                Assert.Equal(clocks.Compare(i, k) == Causality.Before, !path.IsEmpty);
                if (path.IsEmpty)
                {
                    continue;
                }

                found++;
                far += path.Select(at => Trace[at].Where).Distinct().Count() == 3 ? 1 : 0;
                Assert.Equal((TurnOf(i), TurnOf(k)), (path[0], path.Last));
                for (var step = 1; step < path.Count; step++)
                {
                    var (from, to) = (Trace[path[step - 1]], Trace[path[step]]);
                    Assert.True(
                        from.Where == to.Where ? from.Index <= to.Index : to.Kind == TraceKind.Deliver && to.Cause == from.Index,
                        $"{from} and then {to}");
                }
            }
        }

        Assert.True(found > 100 && far > 10, $"{found} paths, {far} over three roles");
    }

    [Fact]
    public void What_happened_to_no_role_has_no_clock()
    {
        var clocks = new TraceClocks(Trace);
        var drop = Trace.Select((one, i) => (one, i)).First(at => at.one.Kind == TraceKind.Drop).i;
        Assert.Null(clocks.VectorOf(drop));
        Assert.Contains("happened to no role", Assert.Throws<ArgumentException>(() => clocks.Compare(0, drop)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new TraceClocks(Trace.Skip(1)));
    }

    /// <summary>What a send, note or report belongs to.</summary>
    private static int TurnOf(int i) => Trace[i] is { Kind: TraceKind.Send or TraceKind.Note or TraceKind.Report, Cause: >= 0 and var cause } ? (int)cause : i;

    private static bool IsOfNode(int i) => Trace[TurnOf(i)].Where.Role is null or "";

    /// <summary>Of each turn all those before it, by program order and messages.</summary>
    private static List<HashSet<int>> Before()
    {
        var before = new List<HashSet<int>>();
        var last = new Dictionary<Address, int>();
        for (var i = 0; i < Trace.Count; i++)
        {
            var known = new HashSet<int>();
            before.Add(known);
            if (TurnOf(i) != i || Trace[i].Kind is TraceKind.Drop or TraceKind.Duplicate or TraceKind.Fault)
            {
                continue;
            }

            List<int> direct = last.TryGetValue(Trace[i].Where, out var previous) ? [previous] : [];
            if (Trace[i].Kind == TraceKind.Deliver && Trace[i].Cause >= 0)
            {
                direct.Add(TurnOf((int)Trace[i].Cause));
            }

            direct.ForEach(one => known.UnionWith(before[one].Append(one)));
            last[Trace[i].Where] = i;
        }

        return before;
    }
}
