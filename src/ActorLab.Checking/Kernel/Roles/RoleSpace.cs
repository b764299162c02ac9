using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// The worlds of a scenario of roles. The steps out of a world, always in one order: operations, deliveries, drops,
/// duplicates, timers, crashes, restarts.
/// </summary>
internal sealed partial class RoleSpace : StateSpace
{
    private static readonly int Kinds = Enum.GetValues<StepKind>().Length;

    private readonly Scenario _scenario;
    private readonly Layout _layout;
    private readonly Turns _turns;
    private readonly Memory _memory;
    private readonly int[][] _operations;

    /// <exception cref="ArgumentException">The scenario contradicts itself.</exception>
    public RoleSpace(Scenario scenario)
    {
        if (scenario is { Timing: Timing.SynchronousRounds, Network: { Duplicating: true, FifoPerLink: false } })
        {
            throw new ArgumentException(
                $"{scenario.Name} has synchronous rounds on a duplicating network: a message stays in flight for ever there, "
                + "so that no round would ever end. Give it a network that does not duplicate, or asynchronous timing.");
        }

        if (scenario.Network is { FifoPerLink: true, OneCopy: true })
        {
            throw new ArgumentException(
                $"{scenario.Name} has one copy of each message and FIFO links: what is lost at once there has no place in the line. "
                + "Give it an unordered network.");
        }

        if (scenario.Network is { NoOpDeliversVanish: true } and ({ FifoPerLink: true } or { Duplicating: true }))
        {
            throw new ArgumentException(
                $"{scenario.Name} lets ignored messages vanish, and has FIFO links or a network that duplicates: what vanishes there "
                + "would come again, or leave its line. Give it an unordered network that does not duplicate.");
        }

        RefuseRounds(scenario);
        _scenario = scenario;
        _layout = new Layout(scenario);
        _turns = new Turns(scenario);
        _memory = new Memory(scenario, _turns);
        _operations =
        [
            .. _layout.Workload.Select(entry => entry.Messages.Select(message => _turns.Envelopes.Of(new Envelope(
                Envelope.Outside, _turns.PlaceOf(entry.Target), _turns.Messages.Of(message)))).ToArray()),
        ];
        _renamings = new(() => RenamingsOf(scenario));
    }

    /// <inheritdoc />
    public override string Name => _scenario.Name;

    /// <inheritdoc />
    public override int Slots => _layout.Network;

    /// <inheritdoc />
    public override TailKind Tail => _scenario.Network switch
    {
        { FifoPerLink: true } => TailKind.Lines,
        { Duplicating: true } or { OneCopy: true } => TailKind.Set,
        _ => TailKind.Multiset,
    };

    /// <inheritdoc />
    public override Seq<Property> Properties => _scenario.Properties;

    /// <inheritdoc />
    public override Func<IWorld, bool>? Constraint => _scenario.Bounds;

    /// <inheritdoc />
    public override Seq<Fairness> Fairness => _scenario.Fairness;

    /// <inheritdoc />
    public override int Calls => _turns.Calls;

    /// <inheritdoc />
    public override long MemoryBytes => _turns.Bytes + _memory.Bytes;

    /// <inheritdoc />
    public override long LineOf(int token) => _turns.Envelopes[token].Link;

    /// <inheritdoc />
    public override WorldView CreateView() => new RoleView(_scenario, _layout, _turns, _memory);

    /// <inheritdoc />
    public override string? Recheck(int sample) => _turns.Recheck(sample);

    /// <summary>The worlds after all roles booted for the first time, one for each way their choices may fall.</summary>
    public override void Starts(Successors into)
    {
        var places = Enumerable.Range(0, _layout.Places).Select(_turns.FirstBoot).ToArray();
        for (var combination = 0; combination < Combinations(places); combination++)
        {
            into.Begin(LabelNumber(StepKind.Boot, 0), combination);
            for (var observer = 0; observer < _scenario.Observers.Count; observer++)
            {
                into.Write(_layout.Observers + observer, _memory.InitialOf(observer));
            }

            into.Write(_layout.Faults + Layout.Crashes, _scenario.Faults.Crashes);
            into.Write(_layout.Faults + Layout.Drops, _scenario.Faults.Drops);
            into.Write(_layout.Faults + Layout.Duplicates, _scenario.Faults.Duplicates);
            Boot(into, places, combination, learn: true);
        }
    }

    /// <inheritdoc />
    public override bool Steps(ReadOnlySpan<int> world, Successors into, bool learn)
    {
        if (_layout.IsBetweenRounds(world))
        {
            return Expiries(world, into, learn) && Crashes(world, into, learn) && Restarts(world, into, learn);
        }

        var inFlight = world.Length > _layout.Network;
        return Operations(world, into, learn)
            && Deliveries(world, into, _scenario.RoundsCommute, learn)
            && NetworkFaults(world, into, StepKind.Drop)
            && NetworkFaults(world, into, StepKind.Duplicate)
            && ((inFlight && _layout.HasRounds) || Expiries(world, into, learn))
            && Crashes(world, into, learn)
            && Restarts(world, into, learn);
    }

    private static int LabelNumber(StepKind kind, int subject) => (subject * Kinds) + (int)kind;

    private bool Operations(ReadOnlySpan<int> world, Successors into, bool learn)
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
            if (Layout.IsUp(state) && !Turn(
                world, into, LabelNumber(StepKind.Operation, envelope), _layout.Operations + target,
                _turns.Deliver(state, envelope, learn), learn))
            {
                return false;
            }
        }

        return true;
    }

    private bool Deliveries(ReadOnlySpan<int> world, Successors into, bool onlyFirst, bool learn)
    {
        for (var index = _layout.Network; index < world.Length; index++)
        {
            if (!IsDeliverable(world, index))
            {
                continue;
            }

            var envelope = world[index];
            var state = world[_turns.Envelopes[envelope].To];
            if (!Layout.IsUp(state))
            {
                into.Begin(LabelNumber(StepKind.Lost, envelope), 0);
                into.Remove(index);
                into.End();
            }
            else if (!Turn(
                world, into, LabelNumber(StepKind.Deliver, envelope), index, _turns.Deliver(state, envelope, learn), learn))
            {
                return false;
            }

            if (onlyFirst)
            {
                break;
            }
        }

        return true;
    }

    /// <summary>Of several copies of one message only the first counts, on a FIFO link only the head.</summary>
    private bool IsDeliverable(ReadOnlySpan<int> world, int index) =>
        index == _layout.Network || (_scenario.Network.FifoPerLink
            ? LineOf(world[index]) != LineOf(world[index - 1])
            : world[index] != world[index - 1]);

    private bool Expiries(ReadOnlySpan<int> world, Successors into, bool learn)
    {
        var isBetweenRounds = _layout.IsBetweenRounds(world);
        for (var place = 0; place < _layout.Places; place++)
        {
            var armed = world[_layout.Timers + place];
            if (armed == TimerSets.None || (isBetweenRounds && world[_layout.Pending + place] == 0))
            {
                continue;
            }

            if (_memory.ArmedAt(place, armed, learn) is not { } timers)
            {
                return false;
            }

            foreach (var timer in timers)
            {
                if (!Turn(
                    world, into, LabelNumber(StepKind.Expire, timer), -1, _turns.Expire(timer, world[place], learn), learn))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
