namespace ActorLab.Cluster;

/// <summary>The roles whose turns a vector counts, in the order of its entries: the same on all nodes, since their plan is.</summary>
/// <param name="Start">Which start of the scenario.</param>
/// <param name="Roles">In the order of its placements.</param>
internal sealed record ClockRoles(string Start, IReadOnlyList<string> Roles)
{
    public static ClockRoles Of(ScenarioSetup setup) =>
        new(setup.Plan.Label, [.. setup.Scenario.Placements.Select(placement => placement.Address.ToString())]);
}

/// <summary>What the clocks of a role showed at a turn: immutable, in a form that costs little to carry.</summary>
/// <param name="Time">Of the Lamport clock.</param>
/// <param name="Ticks">Of the vector clock; nobody writes into it.</param>
/// <param name="Of">Whose; null for what came in a message.</param>
internal sealed record ClockReading(LamportClock Time, long[] Ticks, ClockRoles? Of = null)
{
    /// <summary>More than any role ever counts, and far from where a long ends.</summary>
    private const long Most = long.MaxValue / 4;

    /// <summary>What came as numbers: the Lamport clock, then the vector's entries; null where they are none that a clock has.</summary>
    public static ClockReading? From(ReadOnlySpan<long> numbers) =>
        numbers.IsEmpty || numbers.ContainsAnyExceptInRange(0, Most) ? null : new ClockReading(new LamportClock(numbers[0]), [.. numbers[1..]]);

    /// <summary>As numbers.</summary>
    public long[] Numbers => [Time.Time, .. Ticks];

    /// <summary>The Core value, once somebody asks.</summary>
    public EventClock? ToEvent() => Of is null ? null : new EventClock(
        Of.Start, Time, new VectorClock(Of.Roles.Zip(Ticks).ToMap(entry => entry.Item1, entry => entry.Item2)));
}

/// <summary>
/// The Lamport clock and the vector clock of one role. A turn is an event, and so is the end of a life; messages carry the
/// reading of the turn that sent them. What the clocks knew outlives the role's memory, and its process where they have a file:
/// else a role that comes back would count turns of its own for the second time, and not know what its disk came of.
/// </summary>
internal sealed class RoleClock : IDisposable
{
    private readonly ClockRoles _roles;
    private readonly int _self;
    private readonly long[] _ticks;
    private readonly ClockFile? _file;
    private LamportClock _time;

    /// <param name="roles">Of its scenario.</param>
    /// <param name="self">Which of them it is.</param>
    /// <param name="path">Of its file; null for none.</param>
    /// <exception cref="NodeRefusal">The file cannot be used.</exception>
    public RoleClock(ClockRoles roles, Address self, string? path = null)
    {
        _roles = roles;
        _self = roles.Roles.ToList().IndexOf(self.ToString());
        _ticks = new long[roles.Roles.Count];
        if (path is not null)
        {
            _file = ClockFile.Open(path, roles);
            _time = _file.Read(_ticks);
        }
    }

    /// <summary>One more event of the role.</summary>
    /// <param name="received">What came with the message that it takes; null for anything else.</param>
    public ClockReading Tick(ClockReading? received = null)
    {
        // One of another length is no clock of these roles: whoever made it up, nothing is learned from it.
        if (received is not null && received.Ticks.Length == _ticks.Length)
        {
            for (var i = 0; i < _ticks.Length; i++)
            {
                _ticks[i] = Math.Max(_ticks[i], received.Ticks[i]);
            }

            _time = _time.Receive(received.Time);
        }
        else
        {
            _time = _time.Tick();
        }

        _ticks[_self]++;
        return new ClockReading(_time, [.. _ticks], _roles);
    }

    /// <summary>Before anybody learns of the turn: its reading outlives the process.</summary>
    public void Keep() => _file?.Write(_time, _ticks);

    public void Dispose() => _file?.Dispose();
}
