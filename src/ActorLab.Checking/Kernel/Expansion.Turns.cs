using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <content>How a turn changes the world.</content>
internal sealed partial class Expansion
{
    /// <summary>One turn, in every way it may end, and in every way the node may crash within it.</summary>
    /// <param name="world">The world before.</param>
    /// <param name="kind">Operation, Deliver or Expire.</param>
    /// <param name="envelope">What is delivered.</param>
    /// <param name="index">Where in the world the input is used up: its envelope, its count of operations, or -1.</param>
    /// <param name="outcomes">How the turn may end.</param>
    /// <param name="visit">Takes the steps.</param>
    private bool Turn(
        ReadOnlySpan<int> world, StepKind kind, int envelope, int index, Outcome[] outcomes, StepVisitor visit)
    {
        foreach (var outcome in outcomes)
        {
            if (kind == StepKind.Deliver && outcome.IsNoOp
                && _scenario.Network is { NoOpDeliversStay: true, FifoPerLink: false })
            {
                continue;
            }

            if (!UseUp(world, kind, envelope, index, outcome, visit))
            {
                return false;
            }

            if (world[_layout.Faults + Layout.Crashes] == 0 || outcome.Error is not null)
            {
                continue;
            }

            foreach (var torn in _turns.TornOf(outcome))
            {
                if (!UseUp(world, kind, envelope, index, torn, visit))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Takes a turn with its input used up, and where the network may deliver again, with the input left.</summary>
    private bool UseUp(
        ReadOnlySpan<int> world, StepKind kind, int envelope, int index, Outcome outcome, StepVisitor visit)
    {
        var transition = new Transition(kind, envelope, outcome);
        var network = _scenario.Network;
        if (kind == StepKind.Deliver && network.Duplicating)
        {
            var goOn = Take(world, transition, visit);
            if (!goOn || !network.FifoPerLink)
            {
                return goOn;
            }
        }

        return Take(world, transition, visit, index);
    }

    /// <summary>Builds the world after the turns of a step and shows it.</summary>
    private bool Take(ReadOnlySpan<int> world, in Transition transition, StepVisitor visit, int usedUp = -1)
    {
        if (transition.Failed is not null)
        {
            return visit(transition, []);
        }

        _next.StartFrom(world);
        if (usedUp >= _layout.Network)
        {
            _next.Remove(usedUp);
        }
        else if (usedUp >= 0)
        {
            _next[usedUp]++;
        }

        if (transition.Turn is not null)
        {
            Apply(transition.Turn);
        }

        foreach (var boot in transition.Boots ?? [])
        {
            Apply(boot);
        }

        return visit(transition, _next.World);
    }

    private void Apply(Outcome outcome)
    {
        _next[outcome.Place] = outcome.After;
        for (var observer = 0; observer < _scenario.Observers.Count && outcome.Counts; observer++)
        {
            ref var value = ref _next[_layout.Observers + observer];
            value = _observing.After(observer, value, outcome);
        }

        if (outcome.TouchesTimers || outcome.Input is Input.Expire)
        {
            ref var timers = ref _next[_layout.Timers + outcome.Place];
            timers = TimersAfter(timers, outcome);
        }

        foreach (var envelope in outcome.Sends)
        {
            _next.Insert(envelope);
        }

        if (outcome.Torn is not null)
        {
            _next[_layout.Faults + Layout.Crashes]--;
            _next.Crash(_layout.NodeOf[outcome.Place]);
        }
    }

    private int TimersAfter(int timers, Outcome outcome)
    {
        if (!_timersAfter.TryGetValue((timers, outcome.Number), out var after))
        {
            after = _timers.After(timers, (outcome.Input as Input.Expire)?.Timer, outcome.Effects);
            _timersAfter.Add((timers, outcome.Number), after);
        }

        return after;
    }
}
