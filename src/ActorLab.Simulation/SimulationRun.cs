using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>
/// A scenario in virtual time, one step at a time. Tests of single situations drive it: run until a leader is there, cut
/// its links, run on. <see cref="Simulator.Run"/> drives it to its end. Not for use by several threads at once.
/// </summary>
public sealed partial class SimulationRun
{
    private readonly Scenario _scenario;
    private readonly SimulationOptions _options;
    private readonly Timeline _timeline = new();
    private readonly Places _places;
    private readonly Recorder _recorder;
    private readonly SimulatedNetwork _network;
    private readonly SimulatedWorld _world;
    private readonly Judge _judge;
    private readonly Nemesis _nemesis;
    private readonly ClientDriver? _clients;
    private readonly HistoryBuilder _history = new();
    private readonly SimulationCounts _counts = new();
    private readonly RandomStream _syncs;
    private readonly RandomStream _tornWrites;
    private readonly bool _observes;
    private long _turns;
    private ulong _changed; // bits of roles and observers since properties were last judged
    private Violation? _violation;
    private bool _conditionReached;

    /// <summary>Boots every role at time 0.</summary>
    /// <exception cref="ArgumentException">The options ask for what the scenario rules out or has not.</exception>
    public SimulationRun(Scenario scenario, SimulationOptions options)
    {
        if (scenario.Network.FifoPerLink && options.Network.Reorder)
        {
            throw new ArgumentException($"{scenario.Name} needs links that keep order: turn Network.Reorder off.");
        }

        (_scenario, _options) = (scenario, options);
        _places = new Places(scenario, options, () => _timeline.Now);
        _recorder = new Recorder(options.Record);
        _network = new SimulatedNetwork(options, _timeline, _recorder, _places, _counts)
        {
            Loss = options.Faults.Loss,
            Duplication = options.Faults.Duplication,
        };
        _world = new SimulatedWorld(_places.Roles, scenario.Observers);
        _judge = new Judge(scenario, _world);
        _observes = !scenario.Observers.IsEmpty;
        _syncs = RandomStream.Named(options.Seed, "syncs");
        _tornWrites = RandomStream.Named(options.Seed, "faults/writes");
        foreach (var node in _places.Nodes)
        {
            node.IsUp = true;
            BootRoles(node, -1);
        }

        _nemesis = new Nemesis(options, _timeline, _places, action => Strike(action));
        _clients = options.Clients is { } load ? new ClientDriver(load, options, _timeline, _places) : null;
        Plan();
        Judge(-1, null);
    }

    public TimeSpan Now => Durations.FromMicros(_timeline.Now);

    /// <summary>
    /// The present, as observers and properties see it: a turn has happened once its disk is safe. After a crash a
    /// role's state is the last that was.
    /// </summary>
    public IWorld World => _world;

    public History History => _history.ToHistory();

    /// <summary>The claim that this run broke; it takes no further step then.</summary>
    public Violation? Violation => _violation;

    /// <summary>Does what comes due next.</summary>
    /// <returns>False when the run has ended.</returns>
    public bool Step() => Step(_options.VirtualTime.Micros());

    /// <summary>Runs on for a while.</summary>
    public void RunFor(TimeSpan duration)
    {
        var limit = _timeline.Now + duration.Micros();
        while (Step(limit))
        {
        }
    }

    /// <summary>Runs until a condition holds.</summary>
    /// <returns>Whether it held within the limit, counted from now.</returns>
    public bool RunUntil(Func<IWorld, bool> condition, TimeSpan limit)
    {
        var latest = _timeline.Now + limit.Micros();
        while (!condition(_world))
        {
            if (!Step(latest))
            {
                return condition(_world);
            }
        }

        return true;
    }

    /// <summary>Lets a fault strike now.</summary>
    public void Strike(FaultAction action) => Apply(action, _recorder.IsKeeping ? action.ToString() : null);

    /// <summary>Hands an operation to a role, as a user would.</summary>
    /// <exception cref="InvalidOperationException">Its node is down.</exception>
    public void Operate(Address target, object message)
    {
        var role = _places.RoleAt(target);
        if (!role.Node.IsUp)
        {
            throw new InvalidOperationException($"{target} takes no operation: its node is down.");
        }

        TakeOperation(role, message);
    }

    /// <summary>What came of the run so far.</summary>
    public SimulationResult Result() => new()
    {
        Scenario = _scenario.Name,
        Seed = _options.Seed,
        Turns = _turns,
        VirtualTime = Now,
        TraceHash = _recorder.Hash(_places.Roles.Select(role => role.State)),
        Trace = _recorder.Events,
        History = History,
        Verdicts = _judge.Verdicts(_violation),
        Violation = _violation,
        Ending = _violation is not null ? Ending.Violation
            : _conditionReached ? Ending.ConditionReached
            : _turns >= _options.MaxTurns ? Ending.TurnsAreUp
            : Ending.TimeIsUp,
        Counts = _counts,
        World = _world,
    };

    private bool Step(long limit)
    {
        if (_violation is not null || _conditionReached || _turns >= _options.MaxTurns
            || !_timeline.TryNext(limit, out var due))
        {
            return false;
        }

        Do(due);
        _conditionReached = _options.Until is { } until && until(_world);
        return true;
    }

    private void Plan()
    {
        for (var i = 0; i < _options.Script.Count; i++)
        {
            _timeline.At(_options.Script[i].At.Micros(), new Occurrence(Due.Scripted, i));
        }

        if (_options.Quiet > TimeSpan.Zero)
        {
            _timeline.At(_options.QuietFrom, new Occurrence(Due.Quiet, 0));
        }

        var random = RandomStream.Named(_options.Seed, "workload/planned");
        var times = _scenario.Workload.Select(_ => random.Between(0, _options.QuietFrom)).Order().ToArray();
        for (var i = 0; i < times.Length; i++)
        {
            _timeline.At(times[i], new Occurrence(Due.Planned, i));
        }
    }

    private void Do(Occurrence due)
    {
        switch (due.What)
        {
            case Due.Delivery:
                Deliver((Envelope)due.Subject!);
                break;
            case Due.Expiry:
                ComeDue(_places.Roles[due.Index], (ArmedTimer)due.Subject!, due.Stamp);
                break;
            case Due.Sync:
                Synced(_places.Roles[due.Index], due.Stamp);
                break;
            case Due.User:
                AskAsUser(due.Index);
                break;
            case Due.Planned:
                AskAsPlanned(due);
                break;
            case Due.Fault:
                _nemesis.Strike(due);
                break;
            case Due.Crash when _places.Nodes[due.Index] is { IsUp: true } node && node.Incarnation == due.Stamp:
                Strike(new FaultAction.Crash(node.Id));
                _nemesis.RestartLater(node);
                break;
            case Due.Restart when _places.Nodes[due.Index] is { IsUp: false } node && node.Incarnation == due.Stamp:
                Strike(new FaultAction.Restart(node.Id));
                break;
            case Due.Scripted:
                Strike(_options.Script[due.Index].Action);
                break;
            case Due.Quiet:
                CalmDown();
                break;
            default: // a crash or restart of an earlier life of its node
                break;
        }
    }

    private void AskAsUser(int desk)
    {
        if (_clients!.TryNext(desk, out var client, out var message))
        {
            TakeOperation(client, message);
        }
    }

    private void AskAsPlanned(Occurrence due)
    {
        var planned = _scenario.Workload[due.Index];
        var role = _places.RoleAt(planned.Target);
        if (role.Node.IsUp)
        {
            TakeOperation(role, planned.Message);
        }
        else
        {
            _timeline.In(PlannedRetry, due);
        }
    }
}
