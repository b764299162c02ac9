using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>The folds of the observers, each computed once for a value and an outcome.</summary>
internal sealed class Observing(Scenario scenario, Turns turns)
{
    private readonly Interner<object> _values = new();
    private readonly Dictionary<(int Observer, int Value, int Outcome), int> _folds = [];

    public object this[int value] => _values[value];

    public int InitialOf(int observer) => _values.Of(scenario.Observers[observer].Initial);

    public int After(int observer, int value, Outcome outcome)
    {
        if (!_folds.TryGetValue((observer, value, outcome.Number), out var after))
        {
            var before = outcome.Before < 0 ? null : turns.States[outcome.Before];
            var happening = new Happening(
                turns.AddressOf(outcome.Place), outcome.Input, before, turns.States[outcome.After], outcome.Effects);
            var folded = scenario.Observers[observer].After(_values[value], happening);
            after = ReferenceEquals(folded, _values[value]) ? value : _values.Of(folded);
            _folds.Add((observer, value, outcome.Number), after);
        }

        return after;
    }
}
