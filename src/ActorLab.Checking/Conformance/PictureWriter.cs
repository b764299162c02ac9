using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>A replayed run as pictures show it: with what each turn changed, which the nodes did not write down.</summary>
internal sealed class PictureWriter(Scenario scenario)
{
    private readonly RecordingBuilder _events = new();
    private readonly Dictionary<TurnName, int> _turns = [];
    private long? _began;
    private readonly Dictionary<(Address Sender, long Number), int> _sends = [];
    private readonly Dictionary<(Address Role, string Timer), int> _timers = [];

    public Seq<RecordedEvent> Events => _events.Events();

    /// <summary>The event of a turn or crash; -1 where there is none.</summary>
    public int EventOf(TurnName name) => _turns.GetValueOrDefault(name, -1);

    public void Add(ReplayedItem item)
    {
        if (item is ReplayedCrash crash)
        {
            _turns[crash.Name] = Add(crash.At, TraceKind.Crash, crash.Name.Where, crash.Reason);
        }
        else if (item is ReplayedTurn turn)
        {
            var place = _turns[turn.Name] = Begin(turn);
            if (turn.After is not null)
            {
                var happening = new Happening(turn.Name.Where, turn.Input!, turn.Before, turn.After, turn.Effects);
                _events.Tell(place, Canonical.Changes(turn.Before, turn.After), scenario.HighlightOf(happening));
            }

            Effects(turn, place);
        }
    }

    private int Begin(ReplayedTurn turn)
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

    private void Effects(ReplayedTurn turn, int index)
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

    private int Add(
        long at, TraceKind kind, Address where, string text, Address? peer = null, long message = 0, long cause = -1,
        UInt128 state = default, byte[]? payload = null) =>
        _events.Add(at - (_began ??= at), kind, where, text, peer, message, cause, state, payload);
}
