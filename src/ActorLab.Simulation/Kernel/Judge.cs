using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>Evaluates the properties of a scenario, each only when something that it read last time has changed.</summary>
internal sealed class Judge
{
    private readonly Seq<Property> _properties;
    private readonly SimulatedWorld _world;
    private readonly Func<long> _now;
    private readonly ulong[] _reads;
    private readonly bool[] _reached;
    private readonly bool[] _held; // at the end, of those that are judged then only
    private readonly bool[] _broken;
    private readonly Promise?[] _promises;
    private readonly Assumption? _assumption;
    private ulong _assumed = ulong.MaxValue; // what the assumption read
    private ulong _readByAny = ulong.MaxValue;

    public Judge(Scenario scenario, SimulatedWorld world, SimulationOptions options, Func<long> now)
    {
        (_properties, _world, _now) = (options.Properties ?? scenario.Properties, world, now);
        _assumption = scenario.Assumption;
        var isQuietAtTheEnd = options.Quiet > TimeSpan.Zero;
        _promises = [.. _properties.Select(property => isQuietAtTheEnd && property is Property.Temporal temporal
            ? Promise.Of(temporal.Formula, options.QuietMiddle)
            : null)];
        _reads = [.. _promises.Select((promise, i) =>
            _properties[i] is Property.OfHistory || (_properties[i] is Property.Temporal && promise is null or { StartsInTheMiddle: true })
                ? 0
                : ulong.MaxValue)];
        _reached = new bool[_properties.Count];
        _held = new bool[_properties.Count];
        _broken = new bool[_properties.Count];
    }

    /// <summary>Whether what the properties take for granted has been false: nothing is judged then.</summary>
    public bool IsOutside { get; private set; }

    public Seq<Verdict> Verdicts(Violation? violation) =>
        _properties.Select((property, i) => new Verdict(property.Name, property switch
        {
            Property.Sometimes => _reached[i] ? Finding.Reached : Finding.NotReached,
            _ when _broken[i] || violation?.Property == property.Name => Finding.Violated,
            Property.Temporal or Property.OfHistory when !_held[i] => Finding.NotJudged,
            _ when IsOutside => Finding.NotJudged,
            _ => Finding.Held,
        })).ToSeq();

    /// <summary>The first property that is broken now, with the reason; null where all hold. The others are judged too.</summary>
    /// <param name="changed">Bits of the world's roles and observers that changed.</param>
    public (string Property, string Reason)? Evaluate(ulong changed)
    {
        if (_assumption is not null && (_assumed & changed) != 0)
        {
            _world.Read = 0;
            IsOutside |= !_assumption.Holds(_world);
            _assumed = _world.Read;
        }

        if (IsOutside || (_readByAny & changed) == 0)
        {
            return null;
        }

        var (all, first) = (0UL, ((string, string)?)null);
        for (var i = 0; i < _reads.Length; i++)
        {
            if ((_reads[i] & changed) != 0 && Broken(i) is { } reason)
            {
                _broken[i] = true;
                first ??= (_properties[i].Name, reason);
            }

            all |= _reads[i];
        }

        _readByAny = all;
        return first;
    }

    /// <summary>The middle of the quiet part is reached: from now on all promises are looked at.</summary>
    public void BeginMiddle()
    {
        for (var i = 0; i < _promises.Length; i++)
        {
            if (_promises[i] is { StartsInTheMiddle: true })
            {
                _reads[i] = _readByAny = ulong.MaxValue;
            }
        }
    }

    /// <summary>What is wrong with the history, by the first property that it breaks; null where nothing is known to be.</summary>
    public (string Property, HistoryFault Fault)? OfHistory(History history)
    {
        (string, HistoryFault)? first = null;
        for (var i = 0; i < _properties.Count; i++)
        {
            if (_properties[i] is not Property.OfHistory claim)
            {
                continue;
            }

            var judged = claim.Judge(history);
            _held[i] = judged.Doubt is null;
            if (judged.Fault is { } fault)
            {
                _broken[i] = true;
                first ??= (claim.Name, fault);
            }
        }

        return first;
    }

    /// <summary>The first promise that was not kept when the time was up; null where all were.</summary>
    public (string Property, string Reason)? AtTheEnd()
    {
        (string, string)? first = null;
        for (var i = 0; i < _promises.Length; i++)
        {
            _held[i] |= _promises[i] is not null;
            if (_promises[i]?.Broken(_now()) is { } reason)
            {
                _broken[i] = true;
                first ??= (_properties[i].Name, $"{_properties[i].Claim} {reason}");
            }
        }

        return first;
    }

    private string? Broken(int index)
    {
        _world.Read = 0;
        try
        {
            switch (_properties[index])
            {
                case Property.Always always when !always.Holds(_world):
                    return always.Claim;
                case Property.Sometimes sometimes when sometimes.Reached(_world):
                    _reached[index] = true;
                    _reads[index] = 0;
                    return null;
                case Property.Temporal:
                    _promises[index]!.See(_world, _now());
                    _reads[index] = _promises[index]!.IsSettled ? 0 : _world.Read;
                    return null;
                default:
                    break;
            }

            _reads[index] = _world.Read;
            return null;
        }
        catch (Exception error)
        {
            return $"the property itself threw: {error.GetType().Name}: {error.Message}";
        }
    }
}
