using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>A replayed run as a trace, for diagrams.</summary>
internal sealed class TraceWriter
{
    private readonly List<TraceEvent> _events = [];
    private readonly Dictionary<(Address Sender, long Number), long> _sends = [];
    private readonly Dictionary<(Address Role, string Timer), long> _timers = [];

    public Seq<TraceEvent> Events => _events.ToSeq();

    public void Add(ReplayedItem item)
    {
        if (item is ReplayedCrash crash)
        {
            Add(crash.At, TraceKind.Crash, crash.Name.Where, crash.Reason);
        }
        else if (item is ReplayedTurn turn)
        {
            Effects(turn, Begin(turn));
        }
    }

    private long Begin(ReplayedTurn turn)
    {
        var (where, recorded) = (turn.Name.Where, turn.Recorded);
        var kind = recorded.Input switch
        {
            TurnInput.Boot => TraceKind.Boot,
            TurnInput.Expire => TraceKind.Expire,
            TurnInput.Operation => TraceKind.Operation,
            _ => TraceKind.Deliver,
        };
        var state = turn.After is null ? UInt128.Zero : Canonical.Fingerprint(turn.After);
        return turn.Input switch
        {
            Input.Deliver deliver => Add(
                turn.At, kind, where, Canonical.Text(deliver.Message), deliver.Sender, recorded.Envelope,
                _sends.GetValueOrDefault((deliver.Sender, recorded.Envelope), -1), state, recorded.Payload),
            Input.Expire expire => Add(
                turn.At, kind, where, expire.Timer.Name, cause: _timers.GetValueOrDefault((where, expire.Timer.Name), -1), state: state),
            _ => Add(turn.At, kind, where, $"incarnation {recorded.Incarnation}", state: state),
        };
    }

    private void Effects(ReplayedTurn turn, long index)
    {
        var (where, next) = (turn.Name.Where, 0);
        foreach (var effect in turn.Effects)
        {
            switch (effect)
            {
                case Effect.Send send:
                    var number = turn.Recorded.Sent![next++];
                    if (turn.Counts || send.Early)
                    {
                        _sends[(where, number)] = Add(turn.At, TraceKind.Send, where, Canonical.Text(send.Message), send.To, number, index);
                    }

                    break;
                case Effect.StartTimer start:
                    _timers[(where, start.Timer.Name)] = index;
                    break;
                case Effect.Note note:
                    Add(turn.At, TraceKind.Note, where, note.Text, cause: index);
                    break;
                case Effect.Report report:
                    Add(turn.At, TraceKind.Report, where, Canonical.Text(report.Event), cause: index);
                    break;
                default:
                    // A timer that is cancelled leads to nothing.
                    break;
            }
        }
    }

    private long Add(
        long at, TraceKind kind, Address where, string text, Address? peer = null, long message = 0, long cause = -1,
        UInt128 state = default, byte[]? payload = null)
    {
        _events.Add(new TraceEvent(_events.Count, at, kind, where, peer, message, cause, text, state, payload));
        return _events.Count - 1;
    }
}
