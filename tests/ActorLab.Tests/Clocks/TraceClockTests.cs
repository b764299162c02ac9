using ActorLab.Algorithms.AtomicCommit;
using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Tests.Clocks;

/// <summary>The clocks of traced events say what a search over turns and messages finds.</summary>
public sealed class TraceClockTests
{
    private static readonly SimulationOptions Options = new()
    {
        Seed = 7,
        VirtualTime = TimeSpan.FromMilliseconds(400),
        Record = true,
        Faults = new FaultOptions { Loss = 0.1, Duplication = 0.1, CrashEvery = TimeSpan.FromMilliseconds(150), Downtime = Wait.Millis(5, 20) },
    };

    /// <summary>One role on each node, and several.</summary>
    private static readonly Map<string, Seq<TraceEvent>> Traces = Map.Of<string, Seq<TraceEvent>>(
        ("snapshots", Simulator.Run(
            SnapshotScenario.Family.With(("nodes", 3), ("money", 9), ("rate", 40), ("snapshots", 2), ("transfers", 3), ("lossy", 1)),
            Options).Trace),
        ("commit", Simulator.Run(
            CommitScenario.Family.With(("participants", 3), ("coordinators", 3), ("apart", 0), ("transfers", 12), ("legs", 3), ("hurry", 1)),
            Options with { VirtualTime = TimeSpan.FromMilliseconds(600) }).Trace));

    public static TheoryData<string> Names => [.. Traces.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Of_every_two_events_the_clocks_say_which_may_have_caused_which(string name)
    {
        var trace = Traces[name];
        var clocks = new TraceClocks(trace);
        var before = BeforeIn(trace);
        var (compared, ofNodes) = (0, 0);
        for (var i = 0; i < trace.Count; i += 9)
        {
            for (var k = 0; k < trace.Count; k++)
            {
                var (first, second) = (TurnOf(trace, i), TurnOf(trace, k));
                if (clocks.VectorOf(i) is null || clocks.VectorOf(k) is null || first == second)
                {
                    continue;
                }

                compared++;
                ofNodes += IsOfNode(trace, first) || IsOfNode(trace, second) ? 1 : 0;
                var expected = before[second].Contains(first) ? Causality.Before
                    : before[first].Contains(second) ? Causality.After
                    : Causality.Concurrent;
                Assert.True(expected == clocks.Compare(i, k), $"{trace[i]} and {trace[k]}: {clocks.Compare(i, k)}");
                Assert.True(expected != Causality.Before || clocks.TimeOf(i) < clocks.TimeOf(k));
            }
        }

        Assert.True(compared > 10_000 && ofNodes > 100, $"{compared}, {ofNodes} with whole nodes");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_path_leads_from_cause_to_effect_step_by_step(string name)
    {
        var trace = Traces[name];
        var clocks = new TraceClocks(trace);
        var lanes = LanesOf(trace);
        var (found, far) = (0, 0);
        for (var i = 0; i < trace.Count; i += 7)
        {
            for (var k = i + 1; k < trace.Count; k += 13)
            {
                var (first, second) = (TurnOf(trace, i), TurnOf(trace, k));
                if (clocks.VectorOf(i) is null || clocks.VectorOf(k) is null || first == second)
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
                far += path.Select(at => trace[at].Where).Distinct().Count() == 3 ? 1 : 0;
                Assert.Equal((first, second), (path[0], path.Last));
                for (var step = 1; step < path.Count; step++)
                {
                    var (from, to) = (trace[path[step - 1]], trace[path[step]]);
                    Assert.True(
                        to.Kind == TraceKind.Deliver && to.Cause == from.Index
                            || (from.Index <= to.Index && lanes(from.Where).Intersect(lanes(to.Where)).Any()),
                        $"{from} and then {to}");
                }
            }
        }

        Assert.True(found > 100 && far > 10, $"{found} paths, {far} over three roles");
    }

    /// <summary>A node crashes as a whole: what it did in one role comes before what it does in another when it is up again.</summary>
    [Fact]
    public void A_crash_is_of_all_roles_of_its_node()
    {
        var node = new NodeId("n1");
        Address[] where = [new(node, "acceptor"), new(node, "learner"), new(node, ""), new(node, ""), new(node, "acceptor"), new(node, "learner")];
        TraceKind[] kinds = [TraceKind.Boot, TraceKind.Boot, TraceKind.Crash, TraceKind.Restart, TraceKind.Boot, TraceKind.Boot];
        var clocks = new TraceClocks([.. kinds.Select((kind, i) => new TraceEvent(i, i, kind, where[i], null, 0, -1, "", default))]);
        Assert.Equal(Causality.Concurrent, clocks.Compare(0, 1));
        Assert.Equal(Causality.Before, clocks.Compare(2, 4));
        Assert.Equal(Causality.Before, clocks.Compare(2, 5));
        Assert.Equal(Causality.Before, clocks.Compare(1, 4));
        Assert.Equal(Causality.Concurrent, clocks.Compare(4, 5));
        Assert.Equal((Seq<int>)[2, 4], clocks.Path(2, 4));
        Assert.Equal((Seq<int>)[1, 2, 4], clocks.Path(1, 4));
    }

    [Fact]
    public void What_happened_to_no_role_has_no_clock()
    {
        var trace = Traces["snapshots"];
        var clocks = new TraceClocks(trace);
        var drop = trace.Select((one, i) => (one, i)).First(at => at.one.Kind == TraceKind.Drop).i;
        Assert.Null(clocks.VectorOf(drop));
        Assert.Contains("happened to no role", Assert.Throws<ArgumentException>(() => clocks.Compare(0, drop)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new TraceClocks(trace.Skip(1)));
    }

    /// <summary>What a send, note or report belongs to.</summary>
    private static int TurnOf(Seq<TraceEvent> trace, int i) =>
        trace[i] is { Kind: TraceKind.Send or TraceKind.Note or TraceKind.Report, Cause: >= 0 and var cause } ? (int)cause : i;

    private static bool IsOfNode(Seq<TraceEvent> trace, int turn) => trace[turn].Where.Role is null or "";

    /// <summary>The roles to which an event at an address happened: those of the node, where that is all there is.</summary>
    private static Func<Address, List<Address>> LanesOf(Seq<TraceEvent> trace)
    {
        var all = trace.Select(one => one.Where).Where(where => where.Role is not (null or "")).Distinct().ToList();
        return where => where.Role is null or "" ? all.FindAll(lane => lane.Node == where.Node) : [where];
    }

    /// <summary>Of each turn all those before it, by program order and messages.</summary>
    private static List<HashSet<int>> BeforeIn(Seq<TraceEvent> trace)
    {
        var before = new List<HashSet<int>>();
        var lanes = LanesOf(trace);
        var last = new Dictionary<Address, int>();
        for (var i = 0; i < trace.Count; i++)
        {
            var known = new HashSet<int>();
            before.Add(known);
            if (TurnOf(trace, i) != i || trace[i].Kind is TraceKind.Drop or TraceKind.Duplicate or TraceKind.Fault)
            {
                continue;
            }

            var own = lanes(trace[i].Where);
            List<int> direct = [.. own.Where(last.ContainsKey).Select(lane => last[lane])];
            if (trace[i].Kind == TraceKind.Deliver && trace[i].Cause >= 0)
            {
                direct.Add(TurnOf(trace, (int)trace[i].Cause));
            }

            direct.ForEach(one => known.UnionWith(before[one].Append(one)));
            own.ForEach(lane => last[lane] = i);
        }

        return before;
    }
}
