using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// The steps out of a world, always in one order: operations, deliveries, drops, duplicates, timers, crashes, restarts.
/// </summary>
internal sealed partial class Expansion
{
    private readonly Scenario _scenario;
    private readonly Layout _layout;
    private readonly Turns _turns;
    private readonly Observing _observing;
    private readonly TimerSets _timers = new();
    private readonly Dictionary<(int Timers, int Outcome), int> _timersAfter = [];
    private readonly WorldBuilder _next;
    private readonly int[][] _operations;

    /// <exception cref="ArgumentException">The scenario contradicts itself.</exception>
    public Expansion(Scenario scenario, Layout layout, Turns turns, Observing observing)
    {
        if (scenario is { Timing: Timing.SynchronousRounds, Network: { Duplicating: true, FifoPerLink: false } })
        {
            throw new ArgumentException(
                $"{scenario.Name} has synchronous rounds on a duplicating network: a message stays in flight for ever there, "
                + "so that no round would ever end. Give it a network that does not duplicate, or asynchronous timing.");
        }

        _scenario = scenario;
        _layout = layout;
        _turns = turns;
        _observing = observing;
        _next = new WorldBuilder(layout, scenario.Network, turns.Envelopes);
        _operations =
        [
            .. layout.Workload.Select(entry => entry.Messages.Select(message => turns.Envelopes.Of(new Envelope(
                Envelope.Outside, turns.PlaceOf(entry.Target), turns.Messages.Of(message)))).ToArray()),
        ];
    }

    /// <summary>The worlds after all roles booted for the first time, one for each way their choices may fall.</summary>
    public void Starts(StepVisitor visit)
    {
        var empty = new int[_layout.Network];
        for (var observer = 0; observer < _scenario.Observers.Count; observer++)
        {
            empty[_layout.Observers + observer] = _observing.InitialOf(observer);
        }

        empty[_layout.Faults + Layout.Crashes] = _scenario.Faults.Crashes;
        empty[_layout.Faults + Layout.Drops] = _scenario.Faults.Drops;
        empty[_layout.Faults + Layout.Duplicates] = _scenario.Faults.Duplicates;
        foreach (var boots in Product(Enumerable.Range(0, _layout.Places).Select(_turns.FirstBoot)))
        {
            if (!Take(empty, new Transition(StepKind.Boot, 0, Boots: boots), visit))
            {
                return;
            }
        }
    }

    /// <summary>All steps out of a world. The order is fixed: an ordinal names a step for ever.</summary>
    public void Steps(ReadOnlySpan<int> world, StepVisitor visit)
    {
        var inFlight = world.Length > _layout.Network;
        _ = Operations(world, visit)
            && Deliveries(world, visit)
            && NetworkFaults(world, StepKind.Drop, visit)
            && NetworkFaults(world, StepKind.Duplicate, visit)
            && ((inFlight && _scenario.Timing == Timing.SynchronousRounds) || Expiries(world, visit))
            && Crashes(world, visit)
            && Restarts(world, visit);
    }

    private bool Operations(ReadOnlySpan<int> world, StepVisitor visit)
    {
        for (var target = 0; target < _operations.Length; target++)
        {
            var done = world[_layout.Operations + target];
            if (done == _operations[target].Length)
            {
                continue;
            }

            var envelope = _operations[target][done];
            var state = world[_turns.Envelopes[envelope].To];
            var count = _layout.Operations + target;
            if (Layout.IsUp(state)
                && !Turn(world, StepKind.Operation, envelope, count, _turns.Deliver(state, envelope), visit))
            {
                return false;
            }
        }

        return true;
    }

    private bool Deliveries(ReadOnlySpan<int> world, StepVisitor visit)
    {
        for (var index = _layout.Network; index < world.Length; index++)
        {
            if (!IsDeliverable(world, index))
            {
                continue;
            }

            var envelope = world[index];
            var state = world[_turns.Envelopes[envelope].To];
            if (Layout.IsUp(state))
            {
                if (!Turn(world, StepKind.Deliver, envelope, index, _turns.Deliver(state, envelope), visit))
                {
                    return false;
                }

                continue;
            }

            _next.StartFrom(world);
            _next.Remove(index);
            if (!visit(new Transition(StepKind.Lost, envelope), _next.World))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Of several copies of one message only the first counts, on a FIFO link only the head.</summary>
    private bool IsDeliverable(ReadOnlySpan<int> world, int index) =>
        index == _layout.Network || (_scenario.Network.FifoPerLink
            ? _turns.Envelopes[world[index]].Link != _turns.Envelopes[world[index - 1]].Link
            : world[index] != world[index - 1]);

    private bool Expiries(ReadOnlySpan<int> world, StepVisitor visit)
    {
        for (var place = 0; place < _layout.Places; place++)
        {
            var armed = world[_layout.Timers + place];
            foreach (var timer in armed == TimerSets.None ? [] : _timers[armed].Values)
            {
                if (!Turn(world, StepKind.Expire, 0, -1, _turns.Expire(place, world[place], timer), visit))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static IEnumerable<Outcome[]> Product(IEnumerable<Outcome[]> choices) => choices.Aggregate(
        (IEnumerable<Outcome[]>)[[]],
        (all, outcomes) => all.SelectMany(_ => outcomes, (left, one) => (Outcome[])[.. left, one]));
}
