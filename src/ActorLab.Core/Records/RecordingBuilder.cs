namespace ActorLab.Core;

/// <summary>Collects the events of a recording, which it numbers.</summary>
public sealed class RecordingBuilder
{
    private readonly List<RecordedEvent> _events = [];

    public int Count => _events.Count;

    /// <summary>Adds an event behind all others; its place.</summary>
    public int Add(
        long at, TraceKind kind, Address where, string text, Address? peer = null, long message = 0, long cause = -1,
        UInt128 state = default, byte[]? payload = null)
    {
        _events.Add(new RecordedEvent(
            new TraceEvent(_events.Count, at, kind, where, peer, message, cause, text, state, payload)));
        return _events.Count - 1;
    }

    public string TextOf(int place) => _events[place].Trace.Text;

    /// <summary>Says what is known of an event beyond the trace.</summary>
    public void Tell(int place, Seq<Difference> changes, Highlight? highlight) =>
        _events[place] = _events[place] with { Changes = changes, Highlight = highlight };

    /// <summary>From this event on these links carry nothing.</summary>
    public void Cut(int place, Set<Link> links) => _events[place] = _events[place] with { Cuts = links };

    public Seq<RecordedEvent> Events() => _events.ToSeq();
}
