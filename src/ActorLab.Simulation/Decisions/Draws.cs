using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>Where the waits of timers, the times of syncs, the first errors of clocks and the choices of roles come from: streams, or decisions.</summary>
internal sealed class Draws
{
    private readonly RandomStream _syncs;
    private readonly RandomStream _clocks;
    private readonly long _clockError;
    private readonly Wait _sync;
    private readonly int _draw;
    private readonly DecidedRun? _decided;
    private readonly DecisionLog? _log;
    private readonly Timeline _timeline;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long At, int Count)> _atOnce = new(StringComparer.Ordinal);

    /// <param name="options">Of the run.</param>
    /// <param name="draw">How often the choices of roles were drawn in vain.</param>
    /// <param name="timeline">The run's.</param>
    /// <param name="decided">Decisions to take again; null for new ones.</param>
    /// <param name="log">Where to keep them; null for nowhere.</param>
    public Draws(SimulationOptions options, int draw, Timeline timeline, DecidedRun? decided, DecisionLog? log)
    {
        (_timeline, _decided, _log, _sync, _draw) = (timeline, decided, log, options.Disk.Sync, draw);
        _syncs = RandomStream.Named(options.Seed, "syncs");
        _clocks = RandomStream.Named(options.Seed, "clocks");
        _clockError = options.ClockError.Micros();
    }

    private bool IsPlain => _decided is null && _log is null;

    public long Timer(RoleSlot role, ArmedTimer armed, Timer timer)
    {
        var range = Wait.Of(timer);
        return range.Least == range.Most ? range.Least
            : IsPlain ? range.Draw(role.TimerDraws)
            : Named(armed.DrawName ??= $"timer {role.Address} {armed.Name}", range, role.TimerDraws);
    }

    public long Sync(RoleSlot role) => IsPlain || _sync.Least == _sync.Most ? _sync.Draw(_syncs) : Named(role.SyncName, _sync, _syncs);

    /// <summary>How far the clock of a node is off at first.</summary>
    public long Clock(NodeId node)
    {
        var offset = _decided?.ClockOf(node) ?? _clocks.Between(-_clockError, _clockError);
        _log?.Clock(node, offset);
        return offset;
    }

    /// <summary>The dice of a role.</summary>
    public IChoices ChoicesOf(Address address, long seed)
    {
        var stream = RandomStream.Named(seed, _draw == 0 ? $"choices/{address}" : $"choices/{address}/{_draw}");
        return IsPlain ? stream : new NamedChoices(this, $"choice {address}", stream);
    }

    private long Named(string name, Wait range, RandomStream stream)
    {
        var value = _decided is { Loose: not null } ? AtThisMoment(name, range)
            : _decided?.Draw(name, NumberOf(name), range) ?? range.Draw(stream);
        _log?.Draw(_timeline.Now, name, value);
        return value;
    }

    private int NumberOf(string name)
    {
        var number = _numbers.GetValueOrDefault(name);
        _numbers[name] = number + 1;
        return number;
    }

    private long AtThisMoment(string name, Wait range)
    {
        var now = _timeline.Now;
        var nth = _atOnce.TryGetValue(name, out var last) && last.At == now ? last.Count : 0;
        _atOnce[name] = (now, nth + 1);
        return _decided!.DrawAt(name, now, nth, range);
    }

    private sealed class NamedChoices(Draws draws, string name, RandomStream stream) : IChoices
    {
        public int Next(int options) => (int)draws.Named(name, Wait.Micros(0, options - 1), stream);
    }
}
