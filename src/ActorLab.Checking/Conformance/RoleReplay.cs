using ActorLab.Core;
using Timer = ActorLab.Core.Timer;

namespace ActorLab.Checking;

/// <summary>Takes the recorded turns of one role again, in their order, and compares. It needs nothing of other roles.</summary>
internal sealed class RoleReplay(Placement placement)
{
    private readonly List<ReplayedItem> _items = [];
    private readonly SortedDictionary<string, Timer> _timers = new(StringComparer.Ordinal);
    private readonly List<ReplayedTurn> _waiting = [];
    private readonly CanonicalMemory _fingerprints = new();
    private object? _state;
    private object? _durableDisk;
    private bool _alive;
    private long _incarnation;
    private long _number;
    private int _process;

    private Address Self => placement.Address;

    /// <summary>What it did, up to the first difference.</summary>
    public IReadOnlyList<ReplayedItem> Items => _items;

    /// <summary>The recording began when the role had run before: what it booted from cannot be compared.</summary>
    public bool BeganLate { get; private set; }

    /// <summary>Nothing more is compared, for something did not agree.</summary>
    public bool HasEnded { get; private set; }

    public void Take(int lineNumber, RecordedLine line)
    {
        switch (line)
        {
            case RecordedLine.Turn turn:
                Add(Take(turn, new TurnName(Self, turn.Incarnation, turn.Number, lineNumber)));
                break;
            case RecordedLine.Durable durable when durable.Incarnation == _incarnation:
                Settle(turn => turn.Name.Number <= durable.Through);
                break;
            case RecordedLine.Crash crash when _alive:
                Die(new ReplayedCrash(Ending(lineNumber), crash.At, crash.Reason));
                break;
            case RecordedLine.Stop stop when _alive:
                Die(new ReplayedCrash(Ending(lineNumber), stop.At, "") { IsStop = true });
                break;
            default: // of an earlier boot, or no matter of a role
                break;
        }
    }

    /// <summary>A process of its node begins.</summary>
    public void ProcessBegins() => _process++;

    /// <summary>The process of its node ended, and its memory with it, if it had not stopped before.</summary>
    public void ProcessEnds(int lineNumber, long at, string reason)
    {
        if (_alive && !HasEnded)
        {
            Die(new ReplayedCrash(Ending(lineNumber), at, reason) { IsOfNode = true });
        }
    }

    /// <summary>The recording stopped here, and the role went on.</summary>
    public void Stops() => _waiting.ForEach(turn => turn.IsOpen = true);

    private void Add(ReplayedTurn turn)
    {
        _items.Add(turn);
        if (turn.Difference is not null)
        {
            HasEnded = true;
            return;
        }

        (_state, _number) = (turn.After, turn.Name.Number);
        foreach (var effect in turn.Effects)
        {
            if (effect is Effect.StartTimer start)
            {
                _timers[start.Timer.Name] = start.Timer;
            }
            else if (effect is Effect.CancelTimer cancel)
            {
                _timers.Remove(cancel.Name);
            }
        }

        _waiting.Add(turn);
        Settle(waiting => !waiting.DiskChanged); // the first ones that change no disk wait for nothing
    }

    /// <summary>Turns leave the wait in order: the first that may not go holds up those behind it.</summary>
    private void Settle(Predicate<ReplayedTurn> maySettle)
    {
        var settled = _waiting.FindIndex(turn => !maySettle(turn));
        Count(settled < 0 ? _waiting.Count : settled);
        var free = _waiting.FindIndex(turn => turn.DiskChanged);
        Count(free < 0 ? _waiting.Count : free);
    }

    private void Count(int settled)
    {
        foreach (var turn in _waiting.Take(settled))
        {
            turn.Counts = true;
            _durableDisk = turn.After is null ? _durableDisk : placement.Role.DiskOf(turn.After);
        }

        _waiting.RemoveRange(0, settled);
    }

    private TurnName Ending(int lineNumber) => new(Self, _incarnation, 0, lineNumber);

    private void Die(ReplayedCrash crash)
    {
        _alive = false;
        _timers.Clear();
        _items.Add(crash);
    }

    private ReplayedTurn Take(RecordedLine.Turn turn, TurnName name)
    {
        if (turn.Input == TurnInput.Boot)
        {
            return Boot(turn, name);
        }

        if (!_alive || turn.Incarnation != _incarnation)
        {
            return Differs(turn, name, "a turn is recorded of a role that had not booted");
        }

        if (turn.Number != _number + 1)
        {
            return Differs(turn, name, $"it follows turn {_number}: something between is missing");
        }

        return InputOf(turn, out var whyNot) is { } input ? Run(turn, name, input) : Differs(turn, name, whyNot);
    }

    /// <summary>
    /// A boot's disk is the disk after one of the turns before it, and not before the last that was known to be durable:
    /// each turn is recorded before it is written, so that no disk is ahead of its recording.
    /// </summary>
    private ReplayedTurn Boot(RecordedLine.Turn turn, TurnName name)
    {
        object disk;
        try
        {
            disk = placement.Role.ReadDisk(turn.Payload);
        }
        catch (Exception e)
        {
            return Differs(turn, name, $"its disk is no {placement.Role.DiskType.Name}: {e.Message}");
        }

        if (_alive)
        {
            Die(new ReplayedCrash(name with { Number = 0 }, _items[^1].At, "it boots again"));
        }

        if (_items.Count == 0 && turn.Incarnation > 1)
        {
            BeganLate = true;
        }
        else if (WhyNot(disk) is { } reason)
        {
            return Differs(turn, name, reason);
        }

        _waiting.Clear();
        _timers.Clear();
        (_alive, _incarnation, _number, _state, _durableDisk) = (true, turn.Incarnation, 0, null, disk);
        return turn.Number == 1 ? Run(turn, name, new Input.Boot(disk)) : Differs(turn, name, "a boot is the first turn of its life");
    }

    private string? WhyNot(object disk)
    {
        var kept = _durableDisk ?? placement.Role.EmptyDisk;
        if (kept.Equals(disk))
        {
            return null;
        }

        var at = _waiting.FindIndex(turn => turn.After is not null && placement.Role.DiskOf(turn.After).Equals(disk));
        Count(at + 1);
        return at >= 0
            ? null
            : "it boots from a disk that is not the disk after any turn since the last one that was durable (was it run without recording "
                + $"in between?): {ReplayWords.Few(Canonical.Differences(kept, disk))}";
    }

    private Input? InputOf(RecordedLine.Turn turn, out string whyNot)
    {
        whyNot = "";
        try
        {
            switch (turn.Input)
            {
                case TurnInput.Deliver:
                    return new Input.Deliver(Address.Parse(turn.Sender ?? ""), placement.Role.ReadMessage(turn.Payload));
                case TurnInput.Operation:
                    return new Input.Deliver(Address.Outside, placement.Role.ReadMessage(turn.Payload));
                default:
                    if (turn.Timer is not null && _timers.Remove(turn.Timer, out var timer))
                    {
                        return new Input.Expire(timer);
                    }

                    whyNot = $"timer {turn.Timer} expires and is not armed; armed are: {string.Join(", ", _timers.Keys)}";
                    return null;
            }
        }
        catch (Exception e)
        {
            // A codec may fail in any way on bytes that somebody changed.
            whyNot = $"its message is no {placement.Role.MessageType.Name}: {e.Message}";
            return null;
        }
    }

    private ReplayedTurn Run(RecordedLine.Turn turn, TurnName name, Input input)
    {
        var before = _state;
        var dice = new ReplayedDice(turn.Chosen ?? []);
        var context = new TurnContext(Self, dice, () => turn.Clock is [var earliest, var latest]
            ? new ClockInterval(earliest, latest)
            : throw new TurnAsksForMore("it reads its clock, which is not in the recording"));
        Step step;
        try
        {
            step = input switch
            {
                Input.Boot boot => placement.Role.Boot(boot.Disk, context),
                Input.Deliver deliver => placement.Role.Receive(before!, deliver.Sender, deliver.Message, context),
                _ => placement.Role.Expire(before!, ((Input.Expire)input).Timer, context),
            };
        }
        catch (TurnAsksForMore differ)
        {
            return Differs(turn, name, $"{ReplayWords.WordsOf(input)}: {differ.Message}", input, before);
        }
        catch (Exception error)
        {
            var came = $"{error.GetType().Name}: {error.Message}";
            return came == turn.Error
                ? new ReplayedTurn(turn, name) { Input = input, Before = before, Error = came }
                : Differs(
                    turn, name,
                    $"{ReplayWords.WordsOf(input)}: it throws {came}, where "
                        + (turn.Error is null ? "it did not" : $"it threw {turn.Error}"),
                    input, before);
        }

        return Compare(turn, input, before, step, dice) is { } difference
            ? Differs(turn, name, $"{ReplayWords.WordsOf(input)}: {difference}", input, before)
            : new ReplayedTurn(turn, name)
            {
                Input = input,
                Before = before,
                After = step.State,
                Effects = step.Effects,
                DiskChanged = step.DiskChanged,
                Process = _process,
            };
    }

    private string? Compare(RecordedLine.Turn turn, Input input, object? before, Step step, ReplayedDice dice)
    {
        var sent = step.Effects.Count(effect => effect is Effect.Send);
        return turn.Error is not null ? $"it does not throw, where it threw {turn.Error}"
            : !dice.AllTaken ? "it throws fewer dice than recorded"
            : turn.Clock is not null && step.ClockRead is null ? "it does not read its clock, where it did"
            : RecordingFormat.TextOf(_fingerprints.Fingerprint(step.State)) is var came && came != turn.State
                ? ReplayWords.StateDiffers(turn, input, before, step.State, came)
            : sent != (turn.Sent?.Length ?? 0) ? $"it sends {sent} messages, where it sent {turn.Sent?.Length ?? 0}"
            : null;
    }

    private static ReplayedTurn Differs(
        RecordedLine.Turn turn, TurnName name, string what, Input? input = null, object? before = null) => new(turn, name)
        {
            Difference = new ConformanceDifference(name, what),
            Input = input,
            Before = before,
        };
}
