namespace ActorLab.Cluster;

/// <summary>
/// Runs the turns of one role, and holds back what they show and send until their disk is durable. Only messages that a
/// role marked early leave at once. It knows no actors: <see cref="RoleActor"/> feeds it and writes what it hands out.
/// </summary>
internal sealed partial class RoleEngine
{
    private readonly RoleSetup _setup;
    private readonly Func<TimeSpan> _monotonic;
    private readonly TurnContext _context;
    private readonly RecordedDice _dice;
    private readonly WaitingTurns _waiting;
    private readonly TurnRecorder? _recorder;
    private object? _state;
    private long _incarnation;
    private long _number;
    private long _turns;

    public RoleEngine(RoleSetup setup, Func<TimeSpan> monotonic)
    {
        _setup = setup;
        _monotonic = monotonic;
        _dice = new RecordedDice(setup.Random);
        _context = new TurnContext(setup.Self, _dice, ReadClock);
        _waiting = new WaitingTurns(setup.Limits);
        _recorder = setup.Recording is { } recording ? new TurnRecorder(recording, setup) : null;
    }

    public TimerTable Timers { get; } = new();

    public bool Full => _waiting.Full;

    /// <summary>No turn waits for the disk: all that ran is seen.</summary>
    public bool Settled => _waiting.IsEmpty;

    public void Boot(object disk, long incarnation)
    {
        _incarnation = incarnation;
        _number = EnvelopeNumber.Before(incarnation);
        _turns = 0;
        _recorder?.Begin(incarnation);
        Run(new Input.Boot(disk), 0, 0);
    }

    public void Deliver(RoleEnvelope envelope) =>
        Run(new Input.Deliver(envelope.Sender, envelope.Message), envelope.Number, envelope.Bytes, envelope.Clock);

    public void Operate(object message) => Run(new Input.Deliver(Address.Outside, message), 0, 0);

    /// <summary>Expires the next timer that is due.</summary>
    public bool ExpireNext()
    {
        return Expire(Timers.TakeDue(_monotonic()));
    }

    /// <summary>Expires an armed timer now, due or not.</summary>
    /// <returns>False when no such timer is armed.</returns>
    public bool Expire(string name) => Expire(Timers.Take(name));

    /// <summary>What to write next, and the disk that it makes; null while a write is under way or nothing waits.</summary>
    public DiskActor.Write? TakeWrite() =>
        _waiting.TakeBatch(out var state) is { } batch ? new DiskActor.Write(batch, _setup.Binding.DiskOf(state!)) : null;

    /// <summary>The batch that was taken is durable.</summary>
    public void Written()
    {
        _setup.Hosted.Wrote(_waiting.Written());
        _recorder?.Durable(_waiting.DurableThrough);
        ReleaseDurable();
    }

    /// <summary>Memory is gone.</summary>
    public void Crash(string reason)
    {
        _recorder?.Crash(reason);
        Forget(TraceKind.Crash, reason);
    }

    /// <summary>The role ends in order. Its memory is gone as in a crash, and nothing failed.</summary>
    public void Stop()
    {
        if (_state is not null)
        {
            _recorder?.Stop();
            Forget(TraceKind.Stop, "");
        }
    }

    /// <summary>Messages that left early did leave, and stay in the trace.</summary>
    private void Forget(TraceKind how, string reason)
    {
        foreach (var turn in _waiting.Lose())
        {
            foreach (var sent in turn.Early)
            {
                RecordSend(sent, turn.At, -1, turn.Clock);
            }
        }

        _state = null;
        Timers.Clear();
        _setup.Hosted.IsDown();
        _setup.Trace.Record(TraceRing.Now, how, _setup.Self, reason, clock: _setup.Clock.Tick());
    }

    private bool Expire(Timer? timer)
    {
        if (timer is null)
        {
            return false;
        }

        Run(new Input.Expire(timer), 0, 0);
        Timers.Expired();
        return true;
    }

    private void Run(Input input, long number, int bytes, ClockReading? received = null)
    {
        _dice.Clear();
        var before = _state;
        _turns++;
        _setup.Hosted.Counts.Turn(input);
        var at = TraceRing.Now;
        var step = Take(input, before, at, number);
        var clock = _setup.Clock.Tick(received);
        _state = step.State;
        var change = step.DiskChanged ? Change(before, input, step.State) : null;
        var first = _number + 1;
        var sends = SendsIn(step.Effects);
        _number += sends;
        if (sends > 0 || change is not null)
        {
            _setup.Clock.Keep(); // what nobody learns of, the disk included, may be forgotten
        }

        _recorder?.Turn(_turns, at, input, number, step, first, _dice.Taken);
        _setup.AtCrashPoint(step.Effects, false);
        var early = DoAtOnce(step.Effects, number, first, clock);
        var turn = new TurnRecord(
            _turns, at, input, number, bytes, step.State, step.Effects, change, _dice.Taken, early, clock, first);
        if (change is null && _waiting.IsEmpty)
        {
            Release(turn);
        }
        else
        {
            _waiting.Add(turn);
        }
    }

    private static int SendsIn(IReadOnlyList<Effect> effects)
    {
        var sends = 0;
        for (var i = 0; i < effects.Count; i++)
        {
            sends += effects[i] is Effect.Send ? 1 : 0;
        }

        return sends;
    }

    private Step Take(Input input, object? before, long at, long number)
    {
        try
        {
            return input switch
            {
                Input.Boot boot => _setup.Binding.Boot(boot.Disk, _context),
                Input.Deliver deliver => _setup.Binding.Receive(before!, deliver.Sender, deliver.Message, _context),
                Input.Expire expire => _setup.Binding.Expire(before!, expire.Timer, _context),
                _ => throw new InvalidOperationException($"{input.GetType().Name} starts no turn."),
            };
        }
        catch (Exception error)
        {
            _recorder?.Failed(_turns, at, input, number, _dice.Taken, error);
            throw;
        }
    }

    private byte[] Change(object? before, Input input, object after)
    {
        var disk = input is Input.Boot boot ? boot.Disk : _setup.Binding.DiskOf(before!);
        return _setup.Binding.WriteDelta(disk, _setup.Binding.DiskOf(after));
    }

    /// <summary>Timers belong to memory, as the state does: they do not wait for the disk. Nor does what may leave early.</summary>
    private IReadOnlyList<SentMessage> DoAtOnce(IReadOnlyList<Effect> effects, long cause, long number, ClockReading clock)
    {
        List<SentMessage>? early = null;
        for (var i = 0; i < effects.Count; i++)
        {
            switch (effects[i])
            {
                case Effect.StartTimer start:
                    Timers.Start(start.Timer, _monotonic(), Draw(start.Timer));
                    break;
                case Effect.CancelTimer cancel:
                    Timers.Cancel(cancel.Name);
                    break;
                case Effect.Send { Early: true } send:
                    (early ??= []).Add(Send(send, number++, cause, clock));
                    break;
                case Effect.Send:
                    number++;
                    break;
                default:
                    // Everything else is seen by others, and waits for the disk.
                    break;
            }
        }

        return early ?? (IReadOnlyList<SentMessage>)[];
    }

    private void ReleaseDurable()
    {
        while (_waiting.TakeDurable() is { } turn)
        {
            Release(turn);
        }
    }

    /// <summary>The turn's disk is durable: let others see it.</summary>
    private void Release(TurnRecord turn)
    {
        _setup.AtCrashPoint(turn.Effects, true);
        _setup.Hosted.Shows(turn.State);
        var index = RecordInput(turn);
        for (var i = 0; i < turn.Chosen.Count; i++)
        {
            _setup.Trace.Record(turn.At, TraceKind.Note, _setup.Self, TextOf(turn.Chosen[i]), cause: index, clock: turn.Clock);
        }

        for (var i = 0; i < turn.Early.Count; i++)
        {
            RecordSend(turn.Early[i], turn.At, index, turn.Clock);
        }

        var number = turn.FirstEnvelope;
        for (var i = 0; i < turn.Effects.Count; i++) // every turn comes by here: an enumerator would be garbage
        {
            switch (turn.Effects[i])
            {
                case Effect.Send { Early: false } send:
                    RecordSend(Send(send, number++, turn.Number, turn.Clock), TraceRing.Now, index, turn.Clock);
                    break;
                case Effect.Send:
                    number++;
                    break;
                case Effect.Note note:
                    _setup.Trace.Record(turn.At, TraceKind.Note, _setup.Self, note.Text, cause: index, clock: turn.Clock);
                    break;
                case Effect.Report report:
                    _setup.Trace.Record(turn.At, TraceKind.Report, _setup.Self, report.Event, cause: index, clock: turn.Clock);
                    if (report.Event is HistoryEvent.Completed completed)
                    {
                        _setup.Door.Complete(completed);
                    }

                    break;
                default:
                    // Timers and early messages were done when the turn ran.
                    break;
            }
        }

        _setup.Post.Forget();
    }

    private SentMessage Send(Effect.Send send, long number, long cause, ClockReading clock)
    {
        _setup.Hosted.Counts.Send(send.Message);
        if (_setup.Post.IsCut(send.To))
        {
            return new SentMessage(send, number, 0, "the link is cut", false);
        }

        var bytes = _setup.Post.Send(_setup.Self, send.To, send.Message, _incarnation, number, cause, clock, out var passage);
        return new SentMessage(send, number, bytes, passage.LostTo, passage.IsRepeated);
    }

    private TimeSpan Draw(Timer timer) =>
        timer.Earliest + ((timer.Latest - timer.Earliest) * _setup.Random.NextDouble());

    private ClockInterval ReadClock()
    {
        var now = TraceRing.Now;
        var off = _setup.Limits.ClockUncertainty.Ticks / 10;
        return new ClockInterval(now - off, now + off);
    }
}
