using ActorLab.Core;
using Timer = ActorLab.Core.Timer;

namespace ActorLab.Checking;

/// <summary>
/// The pure roles of a scenario behind gates, as the cluster has them: each turn is durable at once, and a message is under
/// way until a step names it, whether or not its receiver is up meanwhile.
/// </summary>
public sealed class PureStage
{
    private readonly Scenario _scenario;
    private readonly RecordedWorld _world;
    private readonly RunJudge _judge;
    private readonly List<HeldEnvelope> _held = [];
    private readonly Dictionary<Address, Dictionary<string, Timer>> _timers = [];
    private readonly Dictionary<Address, object> _disks = [];
    private readonly List<GateStep> _steps = [];
    private readonly List<StoryStep> _boots = [];
    private readonly List<StoryStep> _told = [];
    private readonly Dictionary<long, int> _stepOf = []; // of each turn
    private readonly bool _isBuilt;
    private long _turns;

    /// <exception cref="StagingFailed">A role throws dice as it boots.</exception>
    public PureStage(Scenario scenario)
    {
        _scenario = scenario;
        _world = new RecordedWorld(scenario);
        _judge = new RunJudge(scenario, _world);
        foreach (var placement in scenario.Placements)
        {
            _disks[placement.Address] = placement.Role.EmptyDisk;
        }

        foreach (var node in scenario.Nodes)
        {
            _boots.AddRange(Boot(node));
        }

        _isBuilt = true;
    }

    /// <summary>The world as it is now.</summary>
    public IWorld World => _world;

    /// <summary>The properties of the scenario, judged after every turn.</summary>
    public Seq<RecordedVerdict> Verdicts => _judge.Verdicts;

    /// <summary>What a step threw; null while none did.</summary>
    public string? Failure { get; private set; }

    /// <summary>All steps so far.</summary>
    public GateScript Script => new(_steps.ToSeq());

    /// <summary>What happened so far, as the checker tells its own stories.</summary>
    public Story Story => new(_boots.ToSeq(), _told.ToSeq());

    /// <summary>After how many steps a property was violated first; 0 for the boots, null where it was not.</summary>
    public int? BrokenAfter(string? property) =>
        Verdicts.FirstOrDefault(verdict => verdict.Property.Name == property) is { Kind: VerdictKind.Violated, Turn: { } turn }
            ? _stepOf.GetValueOrDefault(turn.Number)
            : null;

    /// <summary>The messages that wait at a role, oldest first.</summary>
    public IEnumerable<string> HeldAt(Address role) =>
        _held.Where(held => held.To == role).Select(held => $"{held.Text} from {held.From}");

    /// <summary>All messages that wait, oldest first.</summary>
    public IReadOnlyList<HeldEnvelope> Held => _held;

    /// <summary>Takes all steps; ends at one that throws, which is then the last.</summary>
    /// <param name="script">The steps.</param>
    /// <param name="show">Sees each before it is taken, with its number from 1.</param>
    /// <exception cref="StagingFailed">A step is not possible.</exception>
    public PureStage Run(GateScript script, Action<int, GateStep>? show = null)
    {
        for (var i = 0; i < script.Steps.Count && Failure is null; i++)
        {
            show?.Invoke(i + 1, script.Steps[i]);
            Do(script.Steps[i]);
        }

        return this;
    }

    /// <exception cref="StagingFailed">It is not possible.</exception>
    public void Do(GateStep step)
    {
        try
        {
            _told.Add(Take(step));
            _steps.Add(step);
        }
        catch (StagingFailed failed)
        {
            throw new StagingFailed($"Step {_steps.Count + 1}, {step}: {failed.Message}");
        }
    }

    private StoryStep Take(GateStep step)
    {
        switch (step)
        {
            case GateStep.Operate operate:
                RequireUp(operate.Where.Node);
                return Turn(operate.Where, StepKind.Operation, new Input.Deliver(Address.Outside, MessageOf(operate)));
            case GateStep.Deliver deliver:
                RequireUp(deliver.To.Node);
                return Turn(deliver.To, StepKind.Deliver, Letter(Taken(deliver.From, deliver.To, deliver.Text)));
            case GateStep.Drop drop:
                return Fate(StepKind.Drop, Taken(drop.From, drop.To, drop.Text));
            case GateStep.Duplicate twice:
                _held.Add(_held[Find(twice.From, twice.To, twice.Text)]);
                return Fate(StepKind.Duplicate, _held[^1]);
            case GateStep.Expire expire:
                RequireUp(expire.Where.Node);
                _ = RoleAt(expire.Where);
                return Turn(expire.Where, StepKind.Expire, new Input.Expire(_timers[expire.Where].Remove(expire.Timer, out var timer)
                    ? timer
                    : throw new StagingFailed($"no such timer is armed; armed are: {string.Join(", ", _timers[expire.Where].Keys)}.")));
            case GateStep.Crash crash:
                RequireUp(crash.Node);
                Crash(crash.Node);
                return OfNode(StepKind.Crash, crash.Node);
            case GateStep.Restart restart:
                if (IsUp(restart.Node))
                {
                    throw new StagingFailed($"{restart.Node} runs.");
                }

                return OfNode(StepKind.Restart, restart.Node) with { Boots = Boot(restart.Node).ToSeq() };
            default:
                throw new StagingFailed("nobody knows how to do that.");
        }
    }

    private static Input.Deliver Letter(HeldEnvelope held) => new(held.From, held.Message);

    private static StoryStep Fate(StepKind kind, HeldEnvelope held) => new(kind, held.To, Letter(held), null, null, []);

    private StoryStep OfNode(StepKind kind, NodeId node) => new(kind, PlacesOn(node)[0], null, null, null, []);

    /// <summary>A message that is under way no more.</summary>
    private HeldEnvelope Taken(Address from, Address to, string text)
    {
        var at = Find(from, to, text);
        var held = _held[at];
        _held.RemoveAt(at);
        return held;
    }

    private object MessageOf(GateStep.Operate operate)
    {
        var role = RoleAt(operate.Where);
        try
        {
            return role.ReadMessage((byte[])[.. operate.Payload]);
        }
        catch (Exception e)
        {
            // A codec may fail in any way on bytes that somebody made up.
            throw new StagingFailed($"the payload is no {role.MessageType.Name}: {e.Message}");
        }
    }

    private RoleBinding RoleAt(Address address) =>
        _scenario.Placements.FirstOrDefault(placement => placement.Address == address)?.Role
        ?? throw new StagingFailed($"{_scenario.Name} has no role at {address}.");

    private bool IsUp(NodeId node) => PlacesOn(node).Any(place => _world.IsUp(place));

    private void RequireUp(NodeId node)
    {
        if (!IsUp(node))
        {
            throw new StagingFailed($"{node} is down.");
        }
    }

    private List<Address> PlacesOn(NodeId node) =>
        _scenario.Placements.Select(placement => placement.Address).Where(place => place.Node == node).ToList() is { Count: > 0 } places
            ? places
            : throw new StagingFailed($"{_scenario.Name} has no node {node}.");

    private int Find(Address from, Address to, string text)
    {
        var at = _held.FindIndex(held => held.From == from && held.To == to && held.Text.StartsWith(text, StringComparison.Ordinal));
        return at >= 0
            ? at
            : throw new StagingFailed($"no such message is under way; for {to} there are: {string.Join("; ", HeldAt(to))}.");
    }

    private List<StoryStep> Boot(NodeId node)
    {
        foreach (var place in PlacesOn(node))
        {
            _timers[place] = [];
        }

        return [.. PlacesOn(node).Select(place => Turn(place, StepKind.Boot, new Input.Boot(_disks[place])))];
    }

    private void Crash(NodeId node)
    {
        foreach (var place in PlacesOn(node))
        {
            _world.Crashes(place);
            _timers[place] = [];
            _held.RemoveAll(held => held.From.Node == node && held.To.Node == node); // a part of the memory of its node
        }

        _stepOf[++_turns] = _told.Count + 1; // a crash may be what breaks a property
        _judge.Look(new TurnName(PlacesOn(node)[0], 0, _turns, 0));
    }

    private StoryStep Turn(Address place, StepKind kind, Input input)
    {
        var role = RoleAt(place);
        var before = input is Input.Boot ? null : _world.StateAt(place);
        var context = new TurnContext(
            place, new NoDice(place),
            () => throw new StagingFailed($"{place} reads its clock: a schedule does not say what it shows."));
        _turns++;
        _stepOf[_turns] = _isBuilt ? _told.Count + 1 : 0;
        Step step;
        try
        {
            step = input switch
            {
                Input.Boot boot => role.Boot(boot.Disk, context),
                Input.Deliver deliver => role.Receive(before!, deliver.Sender, deliver.Message, context),
                _ => role.Expire(before!, ((Input.Expire)input).Timer, context),
            };
        }
        catch (Exception error) when (error is not StagingFailed)
        {
            Failure = $"{error.GetType().Name}: {error.Message}";
            return new StoryStep(kind, place, input, before, null, [], Error: Failure);
        }

        _disks[place] = role.DiskOf(step.State);
        _world.Happens(new Happening(place, input, before, step.State, step.Effects));
        Do(place, step.Effects);
        _judge.Look(new TurnName(place, 0, _turns, 0));
        return new StoryStep(kind, place, input, before, step.State, Seq.ToSeq(step.Effects));
    }

    private void Do(Address place, IReadOnlyList<Effect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case Effect.StartTimer start:
                    _timers[place][start.Timer.Name] = start.Timer;
                    break;
                case Effect.CancelTimer cancel:
                    _timers[place].Remove(cancel.Name);
                    break;
                case Effect.Send send when _scenario.Placements.Any(placement => placement.Address == send.To):
                    _held.Add(new HeldEnvelope(place, send.To, send.Message, Canonical.Text(send.Message)));
                    break;
                default:
                    // For a role that is not there, or no matter of the schedule.
                    break;
            }
        }
    }

    private sealed class NoDice(Address place) : IChoices
    {
        public int Next(int options) =>
            throw new StagingFailed($"{place} throws a die of {options}: a schedule does not say what comes, so this cannot be staged.");
    }
}

/// <summary>A message on a stage.</summary>
/// <param name="From">Who sent it.</param>
/// <param name="To">Whom it is for.</param>
/// <param name="Message">What it says.</param>
/// <param name="Text">The same in canonical text.</param>
public sealed record HeldEnvelope(Address From, Address To, object Message, string Text);
