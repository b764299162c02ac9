namespace ActorLab.Cluster;

/// <content>How messages come in. With gates on, they and timers wait for a word of the controller.</content>
internal sealed partial class RoleActor
{
    /// <summary>Commands whose turn ran and is not durable yet.</summary>
    private readonly List<GateCommand> _unsettled = [];

    private void OnEnvelope(RoleEnvelope envelope)
    {
        if (envelope.Target != _setup.Self)
        {
            _dropped.Warning("A message was dropped", $"{_setup.Self} got one for {envelope.Target}");
        }
        else if (_gate is null)
        {
            OnAdmitted(envelope);
        }
        else if (!_gate.Hold(envelope))
        {
            _dropped.Warning("A message was dropped", $"the gate of {_setup.Self} is full");
        }
    }

    private void OnAdmitted(RoleEnvelope envelope)
    {
        if (envelope.Sender == _setup.Self && envelope.Incarnation != _setup.Hosted.Incarnation)
        {
            // What a role tells itself is a part of its memory: it is gone with the life that said it.
        }
        else if (_running && !(envelope.FromAfar && _engine.Full))
        {
            Guarded(static (actor, given) => actor._engine.Deliver(given), envelope);
        }
    }

    private void OnGate(GateCommand command, RoleGate gate)
    {
        switch (command)
        {
            case GateCommand.Look look:
                (look.Held, look.Timers, look.Lost) = ([.. gate.Held], _engine.Timers.Armed, gate.Lost);
                look.Answer(null);
                break;
            case GateCommand.Hold hold:
                hold.Answer(gate.Hold(hold.Envelope) ? null : $"The gate of {_setup.Self} is full.");
                break;
            case GateCommand.Drop drop:
                drop.Answer(gate.Take(drop.Sender, drop.Number) is null ? NotHeld(drop.Sender, drop.Number) : null);
                break;
            case var _ when !_running:
                command.Answer($"{_setup.Self} is not running.");
                break;
            case GateCommand.Deliver deliver:
                if (gate.Take(deliver.Sender, deliver.Number) is { } envelope)
                {
                    Do(command, () => OnAdmitted(envelope));
                }
                else
                {
                    command.Answer(NotHeld(deliver.Sender, deliver.Number));
                }

                break;
            case GateCommand.Operate operate:
                Do(command, () => Guarded(() => _engine.Operate(operate.Message)));
                break;
            case GateCommand.Expire expire:
                if (_engine.Timers.Armed.Contains(expire.Timer))
                {
                    Do(command, () => Guarded(() => _engine.Expire(expire.Timer)));
                }
                else
                {
                    command.Answer($"{_setup.Self} has no armed timer '{expire.Timer}'. Armed: {string.Join(", ", _engine.Timers.Armed)}.");
                }

                break;
            default:
                command.Answer($"{_setup.Self} does not know what to do with {command.GetType().Name}.");
                break;
        }
    }

    private string NotHeld(Address sender, long number) => $"The gate of {_setup.Self} holds no message {number} from {sender}.";

    private void Do(GateCommand command, Action turn)
    {
        _unsettled.Add(command);
        turn();
        Settle();
    }

    /// <summary>Answers those whose turns others can see by now.</summary>
    private void Settle()
    {
        if (_unsettled.Count > 0 && _running && _engine.Settled)
        {
            _unsettled.ForEach(command => command.Answer(null));
            _unsettled.Clear();
        }
    }

    private void Unsettle(string reason)
    {
        _unsettled.ForEach(command => command.Answer($"{_setup.Self} crashed: {reason}"));
        _unsettled.Clear();
    }
}
