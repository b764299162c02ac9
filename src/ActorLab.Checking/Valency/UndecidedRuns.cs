using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>A fair run that never decides, the valencies on its way, and the choices that lead out of it.</summary>
internal sealed class UndecidedRuns(StateGraph graph, ReachableDecisions decisions)
{
    /// <summary>What such a run breaks. That all are asked and every message is delivered is asked for in any case.</summary>
    /// <exception cref="ArgumentException">The scenario says of no state what it decided.</exception>
    public static (Property.Temporal Claim, Seq<Fairness> Fairness) Claim(Scenario scenario)
    {
        var decisionOf = scenario.Decision ?? throw new ArgumentException($"{scenario.Name} says of no state what it decided.");
        var decided = new Formula.Eventually(new Formula.Now("somebody has decided", world =>
            world.Addresses.Any(address => decisionOf(world.StateAt(address)) is not null)));
        Seq<Fairness> always = [Fairness.EveryDelivery, Fairness.EveryOperation];
        return (
            new Property.Temporal("Somebody decides in the end", "Every fair run decides.", decided),
            [.. scenario.Fairness, .. always.Where(demand => !scenario.Fairness.Contains(demand))]);
    }

    /// <param name="scenario">Whose runs they are.</param>
    /// <param name="tell">Tells a path.</param>
    public UndecidedRun? Find(Scenario scenario, Func<List<int>, int?, Story> tell)
    {
        var (claim, asked) = Claim(scenario);
        var decided = claim.Formula;

        // The run of the theorem stays bivalent for ever; where there is none, any other will do.
        if ((LassoFinder.Find(graph.Within(decisions.IsBivalent), decided, asked) ?? LassoFinder.Find(graph, decided, asked))
            is not { } lasso)
        {
            return null;
        }

        var world = graph.Starts.First(start => start.Ordinal == lasso.Start).World;
        foreach (var ordinal in lasso.Stem)
        {
            world = Follow(world, ordinal).Target;
        }

        var cycle = new List<(int World, int Label)>();
        foreach (var ordinal in lasso.Cycle)
        {
            var step = Follow(world, ordinal);
            cycle.Add((world, step.Label));
            world = step.Target;
        }

        var path = new List<int> { lasso.Start };
        path.AddRange(lasso.Stem);
        var story = tell([.. path, .. lasso.Cycle], lasso.Stem.Count);
        return new UndecidedRun(
            story, decisions.Classes(cycle.Select(step => step.World).Distinct()), WayOut(cycle, lasso, path, tell));
    }

    /// <summary>Worlds that are bivalent and have an event with several outcomes; of them, those where one is univalent.</summary>
    public (long Choosing, long ChoosingOut) Choices()
    {
        var (choosing, leaving) = (0L, 0L);
        for (var world = 0; world < graph.Count; world++)
        {
            if (!decisions.IsBivalent(world))
            {
                continue;
            }

            var outcomes = EdgesOf(world).GroupBy(edge => edge.Label).Where(outcome => outcome.Skip(1).Any()).ToList();
            choosing += outcomes.Count > 0 ? 1 : 0;
            leaving += outcomes.Any(outcome => outcome.Any(edge => decisions.IsUnivalent(edge.Target))) ? 1 : 0;
        }

        return (choosing, leaving);
    }

    /// <summary>The same events in the same order, from each world of the cycle: whether other outcomes end bivalence.</summary>
    private WayOut? WayOut(List<(int World, int Label)> cycle, Lasso lasso, List<int> path, Func<List<int>, int?, Story> tell)
    {
        var worlds = 0;
        (int At, List<int> Way, int World)? first = null;
        for (var at = 0; at < cycle.Count && cycle[at].Label >= 0; at++)
        {
            if (decisions.IsBivalent(cycle[at].World) && LeaveFrom(cycle, at) is var (way, world))
            {
                worlds++;
                if (first is null || way.Count < first.Value.Way.Count)
                {
                    first = (at, way, world);
                }
            }
        }

        return first is not { } best ? null : new WayOut(
            worlds, tell([.. path, .. lasso.Cycle.Take(best.At), .. best.Way], null), path.Count - 1 + best.At,
            decisions.NameOf(best.World));
    }

    private (List<int> Way, int World)? LeaveFrom(List<(int World, int Label)> cycle, int at)
    {
        var origins = new Dictionary<(int World, int At), (int World, int At, int Ordinal)> { [(cycle[at].World, at)] = default };
        var queue = new Queue<(int World, int At)>([(cycle[at].World, at)]);
        while (queue.TryDequeue(out var here))
        {
            if (decisions.IsUnivalent(here.World))
            {
                var way = new List<int>();
                for (var back = here; back != (cycle[at].World, at); back = (origins[back].World, origins[back].At))
                {
                    way.Add(origins[back].Ordinal);
                }

                way.Reverse();
                return (way, here.World);
            }

            foreach (var edge in EdgesOf(here.World).Where(edge => edge.Label == cycle[here.At].Label))
            {
                var next = (edge.Target, (here.At + 1) % cycle.Count);
                if (origins.TryAdd(next, (here.World, here.At, edge.Ordinal)))
                {
                    queue.Enqueue(next);
                }
            }
        }

        return null;
    }

    private Edge Follow(int world, int ordinal) =>
        ordinal < 0 ? new Edge(world, -1, -1) : EdgesOf(world).First(edge => edge.Ordinal == ordinal);

    private IEnumerable<Edge> EdgesOf(int world)
    {
        for (var (edge, last) = graph.EdgesOf(world); edge < last; edge++)
        {
            yield return graph[edge];
        }
    }
}
