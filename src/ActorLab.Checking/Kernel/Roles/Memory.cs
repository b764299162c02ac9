using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>What observers make of turns and what turns make of timers, each computed once.</summary>
internal sealed class Memory(Scenario scenario, Turns turns)
{
    private readonly Interner<object> _observed = new();
    private readonly LongMap[] _folds = [.. scenario.Observers.Select(_ => new LongMap())];
    private readonly TimerSets _timers = new();
    private readonly LongMap _timersAfter = new();
    private readonly LongMap _armed = new();
    private readonly List<int[]> _armedTimers = [];

    public long Bytes => _observed.Bytes + _folds.Sum(fold => fold.Bytes) + _timersAfter.Bytes + _armed.Bytes;

    /// <summary>The observers' values by number.</summary>
    public Interner<object> Observed => _observed;

    public int InitialOf(int observer) => _observed.Of(scenario.Observers[observer].Initial);

    /// <summary>The value of an observer after a turn; -1 if it is to be learned.</summary>
    public int Fold(int observer, int value, Outcome outcome, bool learn)
    {
        var key = LongMap.Key(value, outcome.Number);
        var after = _folds[observer][key];
        if (after >= 0 || !learn)
        {
            return after;
        }

        var before = outcome.Before < 0 ? null : turns.States[outcome.Before];
        var happening = new Happening(
            turns.AddressOf(outcome.Place), outcome.Input, before, turns.States[outcome.After], outcome.Effects);
        var folded = scenario.Observers[observer].After(_observed[value], happening);
        after = ReferenceEquals(folded, _observed[value]) ? value : _observed.Of(folded);
        _folds[observer].Add(key, after);
        return after;
    }

    /// <summary>The set of armed timers after a turn; -1 if it is to be learned.</summary>
    public int TimersAfter(int timers, Outcome outcome, bool learn)
    {
        var key = LongMap.Key(timers, outcome.Number);
        var after = _timersAfter[key];
        if (after < 0 && learn)
        {
            after = _timers.After(timers, outcome.Expired, outcome.Effects);
            _timersAfter.Add(key, after);
        }

        return after;
    }

    /// <summary>The numbers of the timers in a set, at a place; null if they are to be learned.</summary>
    public int[]? ArmedAt(int place, int timers, bool learn)
    {
        var key = LongMap.Key(place, timers);
        var known = _armed[key];
        if (known < 0)
        {
            if (!learn)
            {
                return null;
            }

            known = _armedTimers.Count;
            _armed.Add(key, known);
            _armedTimers.Add([.. _timers[timers].Values.Select(timer => turns.Timers.Of(place, timer))]);
        }

        return _armedTimers[known];
    }
}
