using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>
/// A scenario in virtual time, one step at a time. Tests of single situations drive it: run until a leader is there, cut
/// its links, run on. <see cref="Simulator"/> drives it to its end. Not for use by several threads at once.
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
    private readonly Draws _draws;
    private readonly DecidedRun? _decided;
    private readonly DecisionLog? _log;
    private readonly CrashChances _crashes;
    private readonly bool _observes;
    private long _turns;
    private ulong _changed; // bits of roles and observers since properties were last judged
    private readonly Seq<ScriptedFault> _script;
    private bool _isQuieting;
    private Violation? _violation;
    private bool _conditionReached;

    /// <summary>Boots every role at time 0.</summary>
    /// <exception cref="ArgumentException">The options ask for what the scenario rules out or has not.</exception>
    public SimulationRun(Scenario scenario, SimulationOptions options)
        : this(scenario, options, DrawOfStart(scenario, options))
    {
    }

    private SimulationRun(Scenario scenario, SimulationOptions options, int draw)
    {
        if (scenario.Network.FifoPerLink && (options.Network.Reorder || options.Faults.Messages.Reorder > 0))
        {
            throw new ArgumentException($"{scenario.Name} needs links that keep order: turn Reorder off.");
        }

        (_scenario, _options) = (scenario, options);
        _decided = options.Replay is { } decisions ? new DecidedRun(decisions, options.Seed, options.Loosely) : null;
        _log = options.RecordDecisions ? new DecisionLog() : null;
        _draws = new Draws(options, draw, _timeline, _decided, _log);
        _places = new Places(scenario, options, _draws, () => _timeline.Now);
        _recorder = new Recorder(options.Record, !options.IsTrial);
        _network = new SimulatedNetwork(options, scenario.Name, _timeline, _recorder, _places, _counts, _decided, _log);
        _network.Chances.Set(options.Faults.Loss, options.Faults.Duplication);
        _network.Chances.Obey(options.Faults.Messages == MessageFaults.None ? [] : [new LinkFaults(null, null, options.Faults.Messages)]);
        _world = new SimulatedWorld(_places.Roles, scenario.Observers);
        _judge = new Judge(scenario, _world, options, () => _timeline.Now);
        _observes = !scenario.Observers.IsEmpty;
        _crashes = new CrashChances(options);
        foreach (var node in _places.Nodes)
        {
            node.IsUp = true;
            BootRoles(node, -1);
        }

        _nemesis = new Nemesis(
            _decided is null ? options : options with { Faults = FaultOptions.None }, _timeline, _places, action => Strike(action));
        _clients = _decided is null && options.Clients is { } load ? new ClientDriver(load, options, _timeline, _places) : null;
        _script = _decided?.Decisions.Faults ?? options.Script;
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
    public bool Step()
    {
        if (Step(_options.VirtualTime.Micros()))
        {
            return true;
        }

        JudgeTheEnd();
        return false;
    }

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
    public void Strike(FaultAction action)
    {
        var struck = Apply(action);
        if (!_isQuieting) // What begins the quiet part strikes in a replay by itself.
        {
            _log?.Fault(_timeline.Now, struck);
        }
    }

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
            : _judge.IsOutside ? Ending.OutsideAssumption
            : _conditionReached ? Ending.ConditionReached
            : _turns >= _options.MaxTurns ? Ending.TurnsAreUp
            : Ending.TimeIsUp,
        Counts = _counts,
        World = _world,
        Decisions = _log?.ToDecisions(),
        Moments = _log?.Moments,
    };

    /// <summary>
    /// How often the first choices of the roles are drawn again so that the run starts under the scenario's assumption; 0 where
    /// they are given, or where none of many draws is of use.
    /// </summary>
    private static int DrawOfStart(Scenario scenario, SimulationOptions options)
    {
        const int Most = 1_000;
        return scenario.Assumption is null || options.Replay is not null ? 0 : Math.Max(0, Enumerable.Range(0, Most).FirstOrDefault(IsWithin, -1));

        bool IsWithin(int draw) => !new SimulationRun(
            scenario, options with { Record = false, RecordDecisions = false, Watch = null }, draw)._judge.IsOutside;
    }

    private bool Step(long limit)
    {
        if (_violation is not null || _judge.IsOutside || _conditionReached || _turns >= _options.MaxTurns
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
        for (var i = 0; i < _script.Count; i++)
        {
            _timeline.At(_script[i].At.Micros(), new Occurrence(Due.Scripted, i));
        }

        if (_options.Quiet > TimeSpan.Zero)
        {
            _timeline.At(_options.QuietFrom, new Occurrence(Due.Quiet, 0));
            _timeline.At(_options.QuietMiddle, new Occurrence(Due.Quiet, 1));
        }

        if (_decided is not null)
        {
            for (var i = 0; i < _decided.Decisions.Operations.Count; i++)
            {
                _timeline.At(_decided.Decisions.Operations[i].At.Micros(), new Occurrence(Due.Decided, i));
            }

            return;
        }

        var random = RandomStream.Named(_options.Seed, "workload/planned");
        var times = _scenario.Workload.Select(_ => random.Between(0, _options.QuietFrom)).Order().ToArray();
        for (var i = 0; i < times.Length; i++)
        {
            _timeline.At(times[i], new Occurrence(Due.Planned, i));
        }
    }
}
