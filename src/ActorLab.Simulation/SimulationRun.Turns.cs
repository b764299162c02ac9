using ActorLab.Core;

namespace ActorLab.Simulation;

/// <content>Turns, timers, reports and judgement.</content>
public sealed partial class SimulationRun
{
    /// <summary>How long a timer of a synchronous round waits before it looks again for messages under way.</summary>
    private const long RoundRetry = 100;

    private void Deliver(Envelope envelope)
    {
        if (_network.Admits(envelope))
        {
            _counts.Delivered++;
            Take(envelope.To, new TurnStart(TraceKind.Deliver, envelope.From.Address, envelope.Message, null)
            {
                Peer = _places.Of(envelope.From),
                Number = envelope.Number,
                Cause = envelope.SentAt,
            });
        }
    }

    private void TakeOperation(RoleSlot role, object message)
    {
        _counts.Operations++;
        _log?.Operation(_timeline.Now, role, message);
        Take(role, new TurnStart(TraceKind.Operation, Address.Outside, message, null)
        {
            Peer = _places.All,
            Detail = _recorder.Fingerprint(message),
        });
    }

    private void ComeDue(RoleSlot role, ArmedTimer timer, long stamp)
    {
        if (stamp != timer.Stamp)
        {
            return;
        }

        timer.PlacedAt = ArmedTimer.Nowhere;
        if (!timer.IsArmed)
        {
            return;
        }

        if (timer.Deadline > _timeline.Now)
        {
            Place(role, timer, timer.Deadline);
        }
        else if (_scenario.Timing == Timing.SynchronousRounds && SomethingIsUnderWay)
        {
            Place(role, timer, _timeline.Now + RoundRetry);
        }
        else
        {
            timer.IsArmed = false;
            Take(role, new TurnStart(TraceKind.Expire, role.Address, null, timer.Timer)
            {
                Cause = timer.StartedBy,
                Detail = timer.NameHash,
            });
        }
    }

    private bool SomethingIsUnderWay => _network.UnderWay > 0 || Array.Exists(_places.Roles, role => !role.Disk.IsIdle);

    private void Take(RoleSlot role, in TurnStart input)
    {
        var before = role.State;
        Step step;
        try
        {
            step = input.Kind switch
            {
                TraceKind.Boot => role.Binding.Boot(input.Message!, role.Context),
                TraceKind.Expire => role.Binding.Expire(before!, input.Timer!, role.Context),
                _ => role.Binding.Receive(before!, input.Sender, input.Message!, role.Context),
            };
        }
        catch (Exception error)
        {
            var failed = RecordTurn(role, input, null);
            Break(error.GetType().Name, error.Message, failed, role.Address, error);
            return;
        }

        _turns++;
        role.State = step.State;
        var turn = RecordTurn(role, input, step);
        _options.Watch?.Invoke(new TurnSeen(turn, role.Address, input.AsInput(), before, step.State, step.Effects));
        DoAtOnce(role, step.Effects, turn);
        var isBoot = input.Kind == TraceKind.Boot;
        var pending = new PendingTurn(
            step.DiskChanged ? role.Binding.DiskOf(step.State) : null, step.State, _observes ? input.AsInput() : null,
            step.Effects, turn, IsShown: isBoot);
        if (isBoot)
        {
            role.Shown = null;
            Show(role, pending, step.Effects);
        }

        Queue(role, pending);
    }

    private long RecordTurn(RoleSlot role, in TurnStart input, Step? step) => _recorder.Add(
        _timeline.Now, input.Kind, _places.Of(role), input.Peer, input.Number, input.Cause,
        input.Detail ^ (step is { DiskChanged: true } ? 1UL : 0UL),
        _recorder.IsKeeping ? input.Record(step) : default);

    /// <summary>Timers and invocations act at once, and so do messages that say nothing about the disk.</summary>
    private void DoAtOnce(RoleSlot role, IReadOnlyList<Effect> effects, long turn)
    {
        for (var i = 0; i < effects.Count; i++)
        {
            switch (effects[i])
            {
                case Effect.StartTimer start:
                    Start(role, start.Timer, turn);
                    break;
                case Effect.CancelTimer cancel:
                    role.TimerNamed(cancel.Name).IsArmed = false;
                    break;
                case Effect.Note note:
                    _recorder.Add(
                        _timeline.Now, TraceKind.Note, _places.Of(role), cause: turn, record: new EventRecord(note.Text));
                    break;
                case Effect.Send { Early: true } send:
                    _network.Send(role, send.To, send.Message, turn);
                    break;
                case Effect.Report { Event: HistoryEvent.Invoked } invoked:
                    Report(role, invoked.Event, turn);
                    break;
                default: // waits for the disk
                    break;
            }
        }
    }

    private void Start(RoleSlot role, Timer timer, long turn)
    {
        var armed = role.TimerNamed(timer.Name);
        (armed.IsArmed, armed.Timer, armed.StartedBy) = (true, timer, turn);
        armed.Deadline = _timeline.Now + _draws.Timer(role, armed, timer);
        if (armed.Deadline < armed.PlacedAt)
        {
            Place(role, armed, armed.Deadline);
        }
    }

    private void Place(RoleSlot role, ArmedTimer timer, long at)
    {
        timer.PlacedAt = at;
        _timeline.At(at, new Occurrence(Due.Expiry, role.Index, ++timer.Stamp, timer));
    }

    private void Report(RoleSlot role, HistoryEvent happening, long turn)
    {
        _recorder.Add(
            _timeline.Now, TraceKind.Report, _places.Of(role), cause: turn, detail: (ulong)happening.Operation,
            record: _recorder.IsKeeping ? new EventRecord(Canonical.Text(happening)) : default);
        try
        {
            _history.Add(_timeline.Now, role.Address, happening);
        }
        catch (ArgumentException error)
        {
            Break("History", error.Message, turn, role.Address, error);
        }

        if (happening is HistoryEvent.Completed)
        {
            _clients?.Completed(role, happening.Operation);
        }
    }

    private void Judge(long index, Address? where)
    {
        var changed = _changed;
        _changed = 0;
        if (_violation is null && _judge.Evaluate(changed) is { } broken)
        {
            Break(broken.Property, broken.Reason, index, where);
        }
    }

    /// <summary>What had to come true in the end and did not, and what clients may not have seen.</summary>
    private void JudgeTheEnd()
    {
        if (_violation is not null || _judge.IsOutside || _conditionReached || Now < _options.VirtualTime)
        {
            return;
        }

        if (_judge.OfHistory(History) is var (property, fault))
        {
            Break(property, fault.Reason, _recorder.Count - 1, null, at: Durations.FromMicros(fault.At));
        }
        else if (_judge.AtTheEnd() is { } broken)
        {
            Break(broken.Property, broken.Reason, _recorder.Count - 1, null);
        }
    }

    private void Break(
        string property, string reason, long index, Address? where, Exception? error = null, TimeSpan? at = null)
    {
        _violation ??= new Violation(property, reason, at ?? Now, index, where, error);
        _recorder.Add(
            _timeline.Now, TraceKind.Violation, where is { } address ? _places.Of(_places.RoleAt(address)) : _places.All,
            cause: index, detail: StableHash.Of(property), record: new EventRecord($"{property}: {reason}"));
    }
}
