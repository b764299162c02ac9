namespace ActorLab.Core;

/// <summary>Collects the events of a picture, which it numbers.</summary>
public sealed class PictureBuilder
{
    private readonly List<PictureEvent> _events = [];
    private readonly SortedDictionary<(Address Role, string Timer), int> _timers = [];

    public int Count => _events.Count;

    /// <summary>Adds an event behind all others; its place.</summary>
    public int Add(
        long at, TraceKind kind, Address where, string text, Address? peer = null, long message = 0, long cause = -1,
        UInt128 state = default)
    {
        _events.Add(new PictureEvent(new TraceEvent(_events.Count, at, kind, where, peer, message, cause, text, state)));
        return _events.Count - 1;
    }

    /// <summary>Adds a turn of a role.</summary>
    /// <param name="at">When.</param>
    /// <param name="where">The role.</param>
    /// <param name="input">What started it.</param>
    /// <param name="after">The state after it; null where it failed.</param>
    /// <param name="number">Of a message.</param>
    /// <param name="cause">The sending of a message, or what led to a boot; of an expiry it is known here.</param>
    /// <param name="boot">Of a boot a few words.</param>
    /// <returns>Its place.</returns>
    public int AddTurn(long at, Address where, Input input, object? after, long number = 0, long cause = -1, string boot = "")
    {
        var state = after is null ? UInt128.Zero : Canonical.Fingerprint(after);
        return input switch
        {
            Input.Deliver { Sender: var sender, Message: var message } => Add(
                at, sender == Address.Outside ? TraceKind.Operation : TraceKind.Deliver, where, Canonical.Text(message), sender,
                number, cause, state),
            Input.Expire { Timer.Name: var timer } => Add(
                at, TraceKind.Expire, where, timer, cause: _timers.TryGetValue((where, timer), out var start) ? start : -1, state: state),
            _ => Add(at, TraceKind.Boot, where, boot, cause: cause, state: state),
        };
    }

    /// <summary>Adds what a turn asked for.</summary>
    /// <param name="at">When.</param>
    /// <param name="where">The role.</param>
    /// <param name="effects">In their order.</param>
    /// <param name="turn">The place of the turn.</param>
    /// <param name="send">Adds a sending, which has a number, or leaves it out.</param>
    public void AddEffects(long at, Address where, IEnumerable<Effect> effects, int turn, Action<Effect.Send> send)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case Effect.Send message:
                    send(message);
                    break;
                case Effect.StartTimer start:
                    _timers[(where, start.Timer.Name)] = turn;
                    break;
                case Effect.CancelTimer cancel:
                    _timers.Remove((where, cancel.Name));
                    break;
                case Effect.Note note:
                    Add(at, TraceKind.Note, where, note.Text, cause: turn);
                    break;
                case Effect.Report report:
                    Add(at, TraceKind.Report, where, Canonical.Text(report.Event), cause: turn);
                    break;
                default:
                    throw new InvalidOperationException($"A picture knows no {effect.GetType().Name}.");
            }
        }
    }

    /// <summary>Adds the sending of a message; its place.</summary>
    public int AddSend(long at, Address where, Effect.Send send, long number, int turn) =>
        Add(at, TraceKind.Send, where, Canonical.Text(send.Message), send.To, number, turn);

    /// <summary>Says what is known of an event beyond the trace.</summary>
    public void Tell(int place, Seq<Difference> changes, Highlight? highlight) =>
        _events[place] = _events[place] with { Changes = changes, Highlight = highlight };

    /// <summary>From this event on these links carry nothing.</summary>
    public void Cut(int place, Set<Link> links) => _events[place] = _events[place] with { Cuts = links };

    public Seq<PictureEvent> Events() => _events.ToSeq();
}
