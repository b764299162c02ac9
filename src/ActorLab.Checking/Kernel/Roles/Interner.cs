using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>Numbers for values, from 0 in the order in which they turn up: equal values get one number.</summary>
internal sealed class Interner<T>
    where T : class
{
    private readonly Dictionary<UInt128, int> _numbers = [];
    private readonly List<T> _values = [];

    public int Count => _values.Count;

    /// <summary>What the values take, by a rough estimate: they share much.</summary>
    public long Bytes => Count * 256L;

    public T this[int number] => _values[number];

    public int Of(T value)
    {
        var fingerprint = Canonical.Fingerprint(value);
        if (!_numbers.TryGetValue(fingerprint, out var number))
        {
            number = _values.Count;
            _numbers.Add(fingerprint, number);
            _values.Add(value);
        }

        return number;
    }
}

/// <summary>A message on its way, in numbers. The places are those of the scenario; <see cref="Outside"/> for users.</summary>
internal readonly record struct Envelope(int From, int To, int Message)
{
    public const int Outside = -1;

    /// <summary>Orders the links of a network with FIFO links.</summary>
    public long Link => ((long)(From + 1) << 32) | (uint)To;
}

/// <summary>All envelopes ever sent, by number.</summary>
internal sealed class Envelopes
{
    private readonly Dictionary<Envelope, int> _numbers = [];
    private readonly List<Envelope> _envelopes = [];

    public int Count => _envelopes.Count;

    public Envelope this[int number] => _envelopes[number];

    public int Of(Envelope envelope)
    {
        if (!_numbers.TryGetValue(envelope, out var number))
        {
            number = _envelopes.Count;
            _numbers.Add(envelope, number);
            _envelopes.Add(envelope);
        }

        return number;
    }
}

/// <summary>Sets of armed timers, by number.</summary>
internal sealed class TimerSets
{
    /// <summary>The number of the empty set.</summary>
    public const int None = 0;

    private readonly Interner<Set> _sets = new();

    public TimerSets() => _sets.Of(new Set(Map<string, Core.Timer>.Empty));

    public Map<string, Core.Timer> this[int number] => _sets[number].Timers;

    /// <summary>The number of the set after one timer went off, and effects armed and cancelled others.</summary>
    public int After(int number, Core.Timer? expired, IReadOnlyList<Effect> effects)
    {
        var timers = expired is null ? this[number] : this[number].Remove(expired.Name);
        foreach (var effect in effects)
        {
            timers = effect switch
            {
                Effect.StartTimer start => timers.Set(start.Timer.Name, start.Timer),
                Effect.CancelTimer cancel => timers.Remove(cancel.Name),
                _ => timers,
            };
        }

        return _sets.Of(new Set(timers));
    }

    private sealed record Set(Map<string, Core.Timer> Timers);
}

/// <summary>The timers of places, by number.</summary>
internal sealed class PlacedTimers
{
    private readonly Dictionary<(int Place, Core.Timer Timer), int> _numbers = [];
    private readonly List<(int Place, Core.Timer Timer)> _timers = [];

    public (int Place, Core.Timer Timer) this[int number] => _timers[number];

    public int Of(int place, Core.Timer timer)
    {
        if (!_numbers.TryGetValue((place, timer), out var number))
        {
            number = _timers.Count;
            _numbers.Add((place, timer), number);
            _timers.Add((place, timer));
        }

        return number;
    }
}
