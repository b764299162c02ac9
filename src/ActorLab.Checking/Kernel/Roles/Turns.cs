using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// The turns of the roles, each computed once: a role is pure, so state and input decide all its outcomes, one for each
/// way its choices may fall.
/// </summary>
internal sealed class Turns(Scenario scenario)
{
    /// <summary>Nobody knows the time in an asynchronous world: the widest interval is the only honest one.</summary>
    private static readonly ClockInterval AnyTime = new(0, long.MaxValue);

    private readonly LongMap _deliveries = new();
    private readonly LongMap _expiries = new();
    private readonly LongMap _boots = new();
    private readonly Outcome[]?[] _firstBoots = new Outcome[]?[scenario.Placements.Count];
    private readonly List<Outcome[]> _known = [];
    private readonly List<Outcome[]?> _torn = [];
    private readonly List<Outcome> _outcomes = [];
    private readonly Map<Address, int> _places =
        Enumerable.Range(0, scenario.Placements.Count).ToMap(place => scenario.Placements[place].Address, place => place);

    public Interner<object> States { get; } = new();

    public Interner<object> Messages { get; } = new();

    public Envelopes Envelopes { get; } = new();

    public PlacedTimers Timers { get; } = new();

    /// <summary>What all this takes, by a rough estimate.</summary>
    public long Bytes => _deliveries.Bytes + _expiries.Bytes + _boots.Bytes + States.Bytes + Messages.Bytes
        + (Envelopes.Count * 64L) + (_outcomes.Count * 400L);

    /// <summary>How often a role was called.</summary>
    public int Calls { get; private set; }

    public int PlaceOf(Address address) => _places.TryGetValue(address, out var place)
        ? place
        : throw new ArgumentException($"The scenario {scenario.Name} has no role at {address}.");

    public Address AddressOf(int place) =>
        place == Envelope.Outside ? Address.Outside : scenario.Placements[place].Address;

    public Input.Deliver InputOf(Envelope envelope) => new(AddressOf(envelope.From), Messages[envelope.Message]);

    /// <summary>The first boot of a place, from an empty disk.</summary>
    public Outcome[] FirstBoot(int place) => _firstBoots[place] ??= Boot(place, scenario.Placements[place].Role.EmptyDisk);

    /// <summary>An outcome by its number.</summary>
    public Outcome this[int number] => _outcomes[number];

    /// <summary>A later boot, from the disk of the last state before the crash; null if it is to be learned.</summary>
    public Outcome[]? Reboot(int place, int lastState, bool learn) =>
        Known(_boots, LongMap.Key(place, lastState)) ?? (!learn ? null : Learn(
            _boots, LongMap.Key(place, lastState), Boot(place, scenario.Placements[place].Role.DiskOf(States[lastState]))));

    /// <summary>What a state does with an envelope; null if it is to be learned.</summary>
    public Outcome[]? Deliver(int state, int envelope, bool learn) =>
        Known(_deliveries, LongMap.Key(state, envelope))
        ?? (learn ? Learn(_deliveries, LongMap.Key(state, envelope), CallDeliver(state, envelope)) : null);

    /// <summary>Whether a state ignores an envelope; null if that is to be learned.</summary>
    public bool? Ignores(int state, int envelope, bool learn) =>
        Deliver(state, envelope, learn) is { } outcomes ? outcomes is [{ IsNoOp: true }] : null;

    /// <summary>What a state does when a timer expires; null if it is to be learned.</summary>
    /// <param name="timer">Its number in <see cref="Timers"/>.</param>
    /// <param name="state">Before.</param>
    /// <param name="learn">Whether it may be learned.</param>
    public Outcome[]? Expire(int timer, int state, bool learn) =>
        Known(_expiries, LongMap.Key(timer, state))
        ?? (learn ? Learn(_expiries, LongMap.Key(timer, state), CallExpire(timer, state)) : null);

    /// <summary>The ways in which the node may crash within the turn; null if they are to be learned.</summary>
    public Outcome[]? TornOf(Outcome whole, bool learn) => TornOf(whole, whole.Before, learn);

    /// <summary>The same of a later boot.</summary>
    /// <param name="whole">The boot.</param>
    /// <param name="before">The last state before the crash, whose disk it read: what is there if it writes nothing.</param>
    /// <param name="learn">Whether they may be learned.</param>
    public Outcome[]? TornOf(Outcome whole, int before, bool learn)
    {
        if (_torn[whole.Number] is null && learn)
        {
            _torn[whole.Number] = [.. Tearing.Of(whole with { Before = before }, AddressOf(whole.Place)).Select(one => Number(one with
            {
                Before = whole.Before,
                Sends = Numbers(whole.Place, one.Effects),
                Shift = null,
            }))];
        }

        return _torn[whole.Number];
    }

    /// <summary>Calls roles again for a sample of what is remembered; the first difference in a sentence, or null.</summary>
    public string? Recheck(int sample)
    {
        var all = _firstBoots.OfType<Outcome[]>().Concat(
            new[] { _deliveries, _expiries, _boots }.SelectMany(map => map.Entries()).Select(entry => _known[entry.Value])).ToList();
        var stride = Math.Max(1, all.Count / Math.Max(1, sample));
        for (var i = 0; i < all.Count; i += stride)
        {
            var first = all[i][0];
            if (Difference(all[i], CallAgain(first)) is { } difference)
            {
                var given = first.Input switch
                {
                    Input.Boot boot => $"booted from the disk {Canonical.Text(boot.Disk)}",
                    Input.Expire expire => $"given {expire.Timer.Name} in the state {Canonical.Text(States[first.Before])}",
                    Input.Deliver deliver =>
                        $"given {Canonical.Text(deliver.Message)} in the state {Canonical.Text(States[first.Before])}",
                    _ => throw new InvalidOperationException($"Nothing starts a turn by {first.Input}."),
                };
                return $"{AddressOf(first.Place)} is not deterministic: {given} a second time, {difference}. A role may read its "
                    + "arguments and its turn, nothing else.";
            }
        }

        return null;
    }

    private Outcome[] CallAgain(Outcome first)
    {
        var role = scenario.Placements[first.Place].Role;
        return Enumerate(first.Place, first.Input, first.Before, context => first.Input switch
        {
            Input.Boot boot => role.Boot(boot.Disk, context),
            Input.Expire expire => role.Expire(States[first.Before], expire.Timer, context),
            Input.Deliver deliver => role.Receive(States[first.Before], deliver.Sender, deliver.Message, context),
            _ => throw new InvalidOperationException($"Nothing starts a turn by {first.Input}."),
        });
    }

    private static string? Difference(Outcome[] one, Outcome[] other)
    {
        if (one.Length != other.Length)
        {
            return $"it had {other.Length} ways to go on instead of {one.Length}";
        }

        for (var i = 0; i < one.Length; i++)
        {
            if (one[i].Error != other[i].Error)
            {
                return $"it said \"{other[i].Error ?? "nothing"}\" instead of \"{one[i].Error ?? "nothing"}\"";
            }

            if (one[i].After != other[i].After)
            {
                return "it came to another state";
            }

            if (!one[i].Sends.AsSpan().SequenceEqual(other[i].Sends)
                || one[i].Effects.Count != other[i].Effects.Count
                || !one[i].Effects.Select(TextOf).SequenceEqual(other[i].Effects.Select(TextOf)))
            {
                return "it asked for other things";
            }
        }

        return null;
    }

    private static string TextOf(Effect effect) => effect switch
    {
        Effect.Send send => $"{send.To} {Canonical.Text(send.Message)} {send.Early}",
        Effect.Report report => Canonical.Text(report.Event),
        _ => effect.ToString(),
    };

    private Outcome[]? Known(LongMap map, ulong key) => map[key] is var known and >= 0 ? _known[known] : null;

    private Outcome[] Learn(LongMap map, ulong key, Outcome[] outcomes)
    {
        map.Add(key, _known.Count);
        _known.Add(outcomes);
        return outcomes;
    }

    private Outcome Number(Outcome outcome)
    {
        var numbered = outcome with { Number = _outcomes.Count };
        _outcomes.Add(numbered);
        _torn.Add(null);
        return numbered;
    }

    private Outcome[] CallDeliver(int state, int envelopeNumber)
    {
        var envelope = Envelopes[envelopeNumber];
        var input = InputOf(envelope);
        return Enumerate(envelope.To, input, state, context =>
            scenario.Placements[envelope.To].Role.Receive(States[state], input.Sender, input.Message, context));
    }

    private Outcome[] CallExpire(int timerNumber, int state)
    {
        var (place, timer) = Timers[timerNumber];
        return Enumerate(place, new Input.Expire(timer), state, context =>
            scenario.Placements[place].Role.Expire(States[state], timer, context));
    }

    private Outcome[] Boot(int place, object disk) =>
        Enumerate(place, new Input.Boot(disk), -1, context => scenario.Placements[place].Role.Boot(disk, context));

    /// <summary>All outcomes of one turn: it is replayed with each prefix of choices until every branch was seen.</summary>
    private Outcome[] Enumerate(int place, Input input, int before, Func<TurnContext, Step> turn)
    {
        var outcomes = new List<Outcome>();
        var choices = new ChoicePath();
        do
        {
            choices.Restart();
            Calls++;
            outcomes.Add(Number(Take(place, input, before, turn, choices)));
        }
        while (choices.Advance());
        return [.. outcomes];
    }

    private Outcome Take(int place, Input input, int before, Func<TurnContext, Step> turn, IChoices choices)
    {
        var outcome = new Outcome
        {
            Number = -1,
            Place = place,
            Input = input,
            Before = before,
            After = before,
            DiskChanged = false,
            Effects = [],
            Sends = [],
            TouchesTimers = false,
        };
        Step step;
        try
        {
            step = turn(new TurnContext(AddressOf(place), choices, () => AnyTime));
        }
        catch (InvariantViolation violation)
        {
            return outcome with { Error = $"Invariant broken: {violation.Message}" };
        }
        catch (Exception error)
        {
            return outcome with { Error = $"{error.GetType().Name}: {error.Message}" };
        }

        if (step.Effects.OfType<Effect.Send>().FirstOrDefault(send => IsNowhere(send.To)) is { } astray)
        {
            return outcome with { Error = $"It sends to {astray.To}, where the scenario has no role." };
        }

        var after = States.Of(step.State);
        var sends = Numbers(place, step.Effects);
        return outcome with
        {
            After = after,
            DiskChanged = step.DiskChanged,
            Effects = step.Effects,
            Sends = sends,
            Shift = ShiftOf(place, before, after, sends),
            TouchesTimers = step.Effects.Any(effect => effect is Effect.StartTimer or Effect.CancelTimer),
            IsNoOp = after == before && step.Effects.All(effect => effect is Effect.Note),
        };
    }

    private Fingerprint? ShiftOf(int place, int before, int after, int[] sends)
    {
        if (before < 0 || scenario.Network is not { FifoPerLink: false, Duplicating: false, OneCopy: false, NoOpDeliversVanish: false })
        {
            return null;
        }

        var sum = Fingerprint.OfSlot(place, after) - Fingerprint.OfSlot(place, before);
        foreach (var envelope in sends)
        {
            sum += Fingerprint.OfToken(envelope);
        }

        return sum;
    }

    private bool IsNowhere(Address to) => to != Address.Outside && !_places.ContainsKey(to);

    /// <summary>The envelopes among the effects. What is told to the outside leaves the scenario.</summary>
    private int[] Numbers(int place, IReadOnlyList<Effect> effects) =>
    [
        .. effects.OfType<Effect.Send>().Where(send => send.To != Address.Outside).Select(send =>
            Envelopes.Of(new Envelope(place, PlaceOf(send.To), Messages.Of(send.Message)))),
    ];
}
