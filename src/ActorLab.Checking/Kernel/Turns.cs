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

    private readonly Dictionary<ulong, Outcome[]> _deliveries = [];
    private readonly Dictionary<(int Place, int State, string Timer), Outcome[]> _expiries = [];
    private readonly Dictionary<(int Place, int State), Outcome[]> _boots = [];
    private readonly Dictionary<int, Outcome[]> _torn = [];
    private readonly Map<Address, int> _places =
        Enumerable.Range(0, scenario.Placements.Count).ToMap(place => scenario.Placements[place].Address, place => place);

    private int _outcomes;

    public Interner<object> States { get; } = new();

    public Interner<object> Messages { get; } = new();

    public Envelopes Envelopes { get; } = new();

    /// <summary>How often a role was called.</summary>
    public int Calls { get; private set; }

    public int PlaceOf(Address address) => _places.TryGetValue(address, out var place)
        ? place
        : throw new ArgumentException($"The scenario {scenario.Name} has no role at {address}.");

    public Address AddressOf(int place) =>
        place == Envelope.Outside ? Address.Outside : scenario.Placements[place].Address;

    public Input.Deliver InputOf(Envelope envelope) => new(AddressOf(envelope.From), Messages[envelope.Message]);

    /// <summary>The first boot of a place, from an empty disk.</summary>
    public Outcome[] FirstBoot(int place) => Boot(place, scenario.Placements[place].Role.EmptyDisk);

    /// <summary>A later boot, from the disk of the last state before the crash.</summary>
    public Outcome[] Reboot(int place, int lastState)
    {
        if (!_boots.TryGetValue((place, lastState), out var outcomes))
        {
            outcomes = Boot(place, scenario.Placements[place].Role.DiskOf(States[lastState]));
            _boots.Add((place, lastState), outcomes);
        }

        return outcomes;
    }

    public Outcome[] Deliver(int state, int envelopeNumber)
    {
        var key = ((ulong)(uint)state << 32) | (uint)envelopeNumber;
        if (!_deliveries.TryGetValue(key, out var outcomes))
        {
            var envelope = Envelopes[envelopeNumber];
            var input = InputOf(envelope);
            outcomes = Enumerate(envelope.To, input, state, context =>
                scenario.Placements[envelope.To].Role.Receive(States[state], input.Sender, input.Message, context));
            _deliveries.Add(key, outcomes);
        }

        return outcomes;
    }

    public Outcome[] Expire(int place, int state, Core.Timer timer)
    {
        if (!_expiries.TryGetValue((place, state, timer.Name), out var outcomes))
        {
            outcomes = Enumerate(place, new Input.Expire(timer), state, context =>
                scenario.Placements[place].Role.Expire(States[state], timer, context));
            _expiries.Add((place, state, timer.Name), outcomes);
        }

        return outcomes;
    }

    /// <summary>The ways in which the node may crash within the turn.</summary>
    public Outcome[] TornOf(Outcome whole)
    {
        if (!_torn.TryGetValue(whole.Number, out var torn))
        {
            torn = [.. Tearing.Of(whole, AddressOf(whole.Place)).Select(one => one with
            {
                Number = _outcomes++,
                Sends = Numbers(whole.Place, one.Effects),
            })];
            _torn.Add(whole.Number, torn);
        }

        return torn;
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
            outcomes.Add(Take(place, input, before, turn, choices));
        }
        while (choices.Advance());
        return [.. outcomes];
    }

    private Outcome Take(int place, Input input, int before, Func<TurnContext, Step> turn, IChoices choices)
    {
        var outcome = new Outcome
        {
            Number = _outcomes++,
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
        return outcome with
        {
            After = after,
            DiskChanged = step.DiskChanged,
            Effects = step.Effects,
            Sends = Numbers(place, step.Effects),
            TouchesTimers = step.Effects.Any(effect => effect is Effect.StartTimer or Effect.CancelTimer),
            IsNoOp = after == before && step.Effects.All(effect => effect is Effect.Note),
        };
    }

    private bool IsNowhere(Address to) => to != Address.Outside && !_places.ContainsKey(to);

    /// <summary>The envelopes among the effects. What is told to the outside leaves the scenario.</summary>
    private int[] Numbers(int place, IReadOnlyList<Effect> effects) =>
    [
        .. effects.OfType<Effect.Send>().Where(send => send.To != Address.Outside).Select(send =>
            Envelopes.Of(new Envelope(place, PlaceOf(send.To), Messages.Of(send.Message)))),
    ];
}

/// <summary>Enumerates the ways in which the choices of a turn may fall, the first option first.</summary>
internal sealed class ChoicePath : IChoices
{
    private readonly List<(int Taken, int Options)> _path = [];
    private int _next;

    public int Next(int options)
    {
        if (_next == _path.Count)
        {
            _path.Add((0, options));
        }

        return _path[_next++].Taken;
    }

    public void Restart() => _next = 0;

    /// <summary>Moves on to the next way; false when all were seen.</summary>
    public bool Advance()
    {
        while (_path.Count > 0)
        {
            var (taken, options) = _path[^1];
            if (taken + 1 < options)
            {
                _path[^1] = (taken + 1, options);
                return true;
            }

            _path.RemoveAt(_path.Count - 1);
        }

        return false;
    }
}
