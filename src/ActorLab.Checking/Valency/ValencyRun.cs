using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>One computation of valencies, from scenario to result.</summary>
internal sealed class ValencyRun
{
    private readonly Scenario _scenario;
    private readonly CheckOptions _options;
    private readonly RoleSpace _space;

    /// <exception cref="ArgumentException">The scenario decides nothing, or the options do not go with valency.</exception>
    public ValencyRun(Scenario scenario, CheckOptions options)
    {
        if (scenario.Decision is null)
        {
            throw new ArgumentException(
                $"{scenario.Name} has no Decision: valency is for consensus scenarios, which say what a state decided.");
        }

        if (options.Symmetry)
        {
            throw new ArgumentException("Valency tells worlds apart that differ in names only: ask for it without symmetry.");
        }

        _scenario = scenario with { Properties = [], RoundsCommute = false }; // Its events are single deliveries, in any order.
        _options = options with { Properties = [], StopAtViolation = true };
        _space = new RoleSpace(_scenario);
    }

    public ValencyResult Run()
    {
        if (_space.HasNormalForm)
        {
            CommuteCheck.Run(new RoleSpace(_scenario), symmetry: false, _options.Cancellation);
        }

        using var explorer = new Explorer(_space, _options, keepsWorlds: true);
        explorer.Run();
        var result = new ValencyResult(
            explorer.Distinct, explorer.Generated, explorer.Depth, explorer.StoppedBecause is null, explorer.Elapsed)
        {
            HasFailed = explorer.Failed is not null,
            StoppedBecause = explorer.Failed is null ? explorer.StoppedBecause : "a step of a role failed: check it without --valency",
            Remarks = [.. explorer.Warnings],
        };
        // Of each step the way back and whose event it is; of each world its decisions, and what was looked at.
        if (result.Complete && explorer.WhyNoRoom(40, 200, "valency needs") is { } reason)
        {
            return result with { Complete = false, StoppedBecause = reason };
        }

        return result.Complete ? Judge(result, explorer) : result;
    }

    private ValencyResult Judge(ValencyResult result, Explorer explorer)
    {
        try
        {
            var judged = Judge(result, new StateGraph(_space, explorer.AllShards, _options.Cancellation));
            return _space.Recheck(_options.Recheck) is { } difference
                ? result with { Complete = false, HasFailed = true, StoppedBecause = difference.TrimEnd('.') }
                : judged;
        }
        catch (OperationCanceledException)
        {
            return result with { Complete = false, StoppedBecause = "it was interrupted while valencies were computed" };
        }
    }

    private ValencyResult Judge(ValencyResult result, StateGraph graph)
    {
        var stepsInto = new StepsInto(graph);
        var decisions = new ReachableDecisions(graph, stepsInto, _space, _scenario.Decision!);
        var distances = new Distances(graph);
        var runs = new UndecidedRuns(graph, decisions);
        var (choosing, choosingOut) = runs.Choices();
        return result with
        {
            Decisions = [.. decisions.Decisions.Order(StringComparer.Ordinal)],
            Worlds = decisions.Classes(Enumerable.Range(0, graph.Count)),
            Starts = decisions.Classes(graph.Starts.Select(start => start.World)),
            Open = decisions.Open,
            Choosing = choosing,
            ChoosingOut = choosingOut,
            Lemma2 = Lemma2(graph, decisions),
            Lemma3 = HasFaults ? null : new LastEvents(graph, stepsInto, decisions, distances).Judge(path => Tell(path)),
            Undecided = runs.Find(_scenario, Tell),
            Remarks = [.. result.Remarks, .. Remarks(decisions)],
        };
    }

    private bool HasFaults => _scenario.Faults != new FaultBudget() || _scenario.Network is { Lossy: true } or { Duplicating: true };

    private Lemma2 Lemma2(StateGraph graph, ReachableDecisions decisions)
    {
        foreach (var (world, ordinal) in graph.Starts)
        {
            if (decisions.IsBivalent(world))
            {
                return new Lemma2(Tell([ordinal]), null);
            }
        }

        var states = StatesOf(graph);
        foreach (var (one, oneOrdinal) in graph.Starts)
        {
            foreach (var (other, otherOrdinal) in graph.Starts)
            {
                var differs = states[one].Keys.Where(place => !ReferenceEquals(states[one][place], states[other][place])).ToList();
                if (differs.Count == 1 && decisions.AreOpposed(one, other))
                {
                    return new Lemma2(null, new AdjacentStarts(
                        differs[0], decisions.NameOf(one), Tell([oneOrdinal]), decisions.NameOf(other), Tell([otherOrdinal])));
                }
            }
        }

        return new Lemma2(null, null);
    }

    /// <summary>The states of the starts, by address.</summary>
    private Dictionary<int, Dictionary<Address, object>> StatesOf(StateGraph graph)
    {
        var starts = graph.Starts.Select(start => start.World).ToHashSet();
        var states = new Dictionary<int, Dictionary<Address, object>>();
        var view = _space.CreateView();
        graph.ForEachWorld((number, world) =>
        {
            if (starts.Contains(number))
            {
                view.Show(world);
                states[number] = view.Addresses.ToDictionary(address => address, view.StateAt);
            }
        });
        return states;
    }

    private IEnumerable<string> Remarks(ReachableDecisions decisions)
    {
        if (_scenario.Bounds is not null)
        {
            yield return decisions.Open == 0
                ? "A constraint bounds the worlds, and no world with fewer than two decisions leads out of it: the valencies are exact."
                : $"A constraint bounds the worlds: {decisions.Open} with fewer than two decisions lead out of it, and may have more.";
        }

        if (_scenario.Normalisation is not null)
        {
            yield return "Worlds are counted modulo a shift of numbers that grow for ever, after a spot check that it commutes with the steps.";
        }

        if (HasFaults)
        {
            yield return "Lemma 3 is left out: its events are turns of processes, and this scenario has faults that are steps of their own.";
        }
    }

    private Story Tell(List<int> path, int? loopsTo = null) => Storyteller.Tell(
        _space, new RoleSpace(_scenario), symmetry: false, path, loopsTo);
}
