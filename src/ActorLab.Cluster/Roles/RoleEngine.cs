namespace ActorLab.Cluster;

/// <summary>
/// Runs the turns of one role, and holds back what they show and send until their disk is durable. Only messages that a
/// role marked early leave at once. It knows no actors: <see cref="RoleActor"/> feeds it and writes what it hands out.
/// </summary>
internal sealed class RoleEngine
{
    private readonly RoleSetup _setup;
    private readonly Func<TimeSpan> _monotonic;
    private readonly TurnContext _context;
    private readonly RecordedDice _dice;
    private readonly WaitingTurns _waiting;
    private object? _state;
    private long _incarnation;
    private long _number;

    public RoleEngine(RoleSetup setup, Func<TimeSpan> monotonic)
    {
        _setup = setup;
        _monotonic = monotonic;
        _dice = new RecordedDice(setup.Random);
        _context = new TurnContext(setup.Self, _dice, ReadClock);
        _waiting = new WaitingTurns(setup.Limits);
    }

    public TimerTable Timers { get; } = new();

    public bool Full => _waiting.Full;

    public void Boot(object disk, long incarnation)
    {
        _incarnation = incarnation;
        _number = EnvelopeNumber.Before(incarnation);
        Run(new Input.Boot(disk), 0, 0);
    }

    public void Deliver(RoleEnvelope envelope) =>
        Run(new Input.Deliver(envelope.Sender, envelope.Message), envelope.Number, envelope.Bytes);

    public void Operate(object message) => Run(new Input.Deliver(Address.Outside, message), 0, 0);

    /// <summary>Expires the next timer that is due.</summary>
    public bool ExpireNext()
    {
        if (Timers.TakeDue(_monotonic()) is not { } timer)
        {
            return false;
        }

        Run(new Input.Expire(timer), 0, 0);
        Timers.Expired();
        return true;
    }

    /// <summary>What to write next; null while a write is under way or nothing waits.</summary>
    public DiskBatch? TakeBatch() => _waiting.TakeBatch();

    /// <summary>The batch that was taken is durable.</summary>
    public void Written()
    {
        _setup.Hosted.Wrote(_waiting.Written());
        ReleaseDurable();
    }

    /// <summary>Memory is gone. Messages that left early did leave, and stay in the trace.</summary>
    public void Crash(string reason)
    {
        foreach (var turn in _waiting.Lose())
        {
            foreach (var sent in turn.Early)
            {
                RecordSend(sent, turn.At, -1);
            }
        }

        _state = null;
        Timers.Clear();
        _setup.Hosted.IsDown();
        _setup.Trace.Record(TraceRing.Now, TraceKind.Crash, _setup.Self, reason);
    }

    private void Run(Input input, long number, int bytes)
    {
        _dice.Clear();
        var before = _state;
        var step = input switch
        {
            Input.Boot boot => _setup.Binding.Boot(boot.Disk, _context),
            Input.Deliver deliver => _setup.Binding.Receive(before!, deliver.Sender, deliver.Message, _context),
            Input.Expire expire => _setup.Binding.Expire(before!, expire.Timer, _context),
            _ => throw new InvalidOperationException($"{input.GetType().Name} starts no turn."),
        };
        _state = step.State;
        var change = step.DiskChanged ? Change(before, input, step.State) : null;
        var early = DoAtOnce(step.Effects, number);
        var turn = new TurnRecord(TraceRing.Now, input, number, bytes, step.State, step.Effects, change, _dice.Taken, early);
        if (change is null && _waiting.IsEmpty)
        {
            Release(turn);
        }
        else
        {
            _waiting.Add(turn);
        }
    }

    private byte[] Change(object? before, Input input, object after)
    {
        var disk = input is Input.Boot boot ? boot.Disk : _setup.Binding.DiskOf(before!);
        return _setup.Binding.WriteDelta(disk, _setup.Binding.DiskOf(after));
    }

    /// <summary>Timers belong to memory, as the state does: they do not wait for the disk. Nor does what may leave early.</summary>
    private IReadOnlyList<SentMessage> DoAtOnce(IReadOnlyList<Effect> effects, long cause)
    {
        List<SentMessage>? early = null;
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case Effect.StartTimer start:
                    Timers.Start(start.Timer, _monotonic(), Draw(start.Timer));
                    break;
                case Effect.CancelTimer cancel:
                    Timers.Cancel(cancel.Name);
                    break;
                case Effect.Send { Early: true } send:
                    (early ??= []).Add(Send(send, cause));
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
        _setup.Hosted.Shows(turn.State);
        var index = RecordInput(turn);
        foreach (var chosen in turn.Chosen)
        {
            _setup.Trace.Record(turn.At, TraceKind.Note, _setup.Self, chosen, cause: index);
        }

        foreach (var sent in turn.Early)
        {
            RecordSend(sent, turn.At, index);
        }

        foreach (var effect in turn.Effects)
        {
            switch (effect)
            {
                case Effect.Send { Early: false } send:
                    RecordSend(Send(send, turn.Number), TraceRing.Now, index);
                    break;
                case Effect.Note note:
                    _setup.Trace.Record(turn.At, TraceKind.Note, _setup.Self, note.Text, cause: index);
                    break;
                case Effect.Report report:
                    _setup.Trace.Record(turn.At, TraceKind.Report, _setup.Self, report.Event, cause: index);
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

    private SentMessage Send(Effect.Send send, long cause)
    {
        var number = ++_number;
        var isLost = _setup.Post.IsCut(send.To);
        var bytes = isLost ? 0 : _setup.Post.Send(_setup.Self, send.To, send.Message, _incarnation, number, cause);
        return new SentMessage(send, number, bytes, isLost);
    }

    private void RecordSend(SentMessage sent, long at, long cause)
    {
        var index = _setup.Trace.Record(
            at, TraceKind.Send, _setup.Self, sent.Send.Message, sent.Send.To, sent.Number, cause, sent.Bytes);
        if (sent.IsLost)
        {
            _setup.Trace.Record(at, TraceKind.Drop, _setup.Self, "the link is cut", sent.Send.To, sent.Number, index);
        }
    }

    private long RecordInput(TurnRecord turn) => turn.Input switch
    {
        Input.Boot => _setup.Trace.Record(turn.At, TraceKind.Boot, _setup.Self, $"incarnation {_incarnation}"),
        Input.Expire expire => _setup.Trace.Record(turn.At, TraceKind.Expire, _setup.Self, expire.Timer.Name),
        Input.Deliver deliver => _setup.Trace.Record(
            turn.At,
            deliver.Sender == Address.Outside ? TraceKind.Operation : TraceKind.Deliver,
            _setup.Self, deliver.Message, deliver.Sender, turn.Number, -1, turn.Bytes),
        _ => -1,
    };

    private TimeSpan Draw(Timer timer) =>
        timer.Earliest + ((timer.Latest - timer.Earliest) * _setup.Random.NextDouble());

    private ClockInterval ReadClock()
    {
        var now = TraceRing.Now;
        var off = _setup.Limits.ClockUncertainty.Ticks / 10;
        return new ClockInterval(now - off, now + off);
    }
}

/// <summary>The dice of a role on the cluster: random, and written down.</summary>
internal sealed class RecordedDice(Random random) : IChoices
{
    private List<string>? _taken;

    public IReadOnlyList<string> Taken => _taken ?? (IReadOnlyList<string>)[];

    public int Next(int options)
    {
        var chosen = random.Next(options);
        (_taken ??= []).Add($"chose {chosen} of {options}");
        return chosen;
    }

    public void Clear() => _taken = null;
}
