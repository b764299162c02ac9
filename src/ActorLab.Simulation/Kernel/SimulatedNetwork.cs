using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>A message under way.</summary>
/// <param name="From">Who sent it.</param>
/// <param name="To">Who is to get it.</param>
/// <param name="Message">Its contents.</param>
/// <param name="Number">The same at send, drop and delivery.</param>
/// <param name="SentAt">The event of the sending.</param>
/// <param name="Incarnation">Of the sender's node: a message between its own roles dies with it.</param>
internal sealed record Envelope(RoleSlot From, RoleSlot To, object Message, long Number, long SentAt, long Incarnation);

/// <summary>
/// Links between roles: delays, order, loss, repetition, cuts. A link is cut in one direction, at the sending and at the
/// delivery of a message. A message to a node that is down is lost; one whose sender crashed meanwhile still arrives.
/// </summary>
internal sealed class SimulatedNetwork
{
    private readonly NetworkOptions _options;
    private readonly Timeline _timeline;
    private readonly Recorder _recorder;
    private readonly Places _places;
    private readonly SimulationCounts _counts;
    private readonly RandomStream _delays;
    private readonly RandomStream _losses;
    private readonly RandomStream _repeats;
    private readonly bool[] _cut;
    private readonly long[] _lastArrival;
    private long _envelopes;

    public SimulatedNetwork(
        SimulationOptions options, Timeline timeline, Recorder recorder, Places places, SimulationCounts counts)
    {
        (_options, _timeline, _recorder, _places, _counts) = (options.Network, timeline, recorder, places, counts);
        _delays = RandomStream.Named(options.Seed, "delays");
        _losses = RandomStream.Named(options.Seed, "drops");
        _repeats = RandomStream.Named(options.Seed, "duplicates");
        _cut = new bool[places.Nodes.Length * places.Nodes.Length];
        _lastArrival = new long[places.Roles.Length * places.Roles.Length];
    }

    public double Loss { get; set; }

    public double Duplication { get; set; }

    /// <summary>The links that carry nothing.</summary>
    public Set<Link> Cuts { get; private set; }

    /// <summary>Messages that will arrive, or be dropped on arrival.</summary>
    public int UnderWay { get; private set; }

    public void Cut(Set<Link> links)
    {
        Cuts = links;
        Array.Clear(_cut);
        foreach (var link in links)
        {
            _cut[(_places.NodeAt(link.From).Index * _places.Nodes.Length) + _places.NodeAt(link.To).Index] = true;
        }
    }

    public void Send(RoleSlot from, Address address, object message, long cause)
    {
        var number = ++_envelopes;
        _counts.Sent++;
        var fingerprint = _recorder.Fingerprint(message);
        var to = _places.Find(address);
        var sent = _recorder.Add(
            _timeline.Now, TraceKind.Send, _places.Of(from), to is null ? null : _places.Of(to), number, cause, fingerprint,
            _recorder.IsKeeping ? new EventRecord(Canonical.Text(message)) : default);
        if (to is null)
        {
            Drop(from, null, number, sent, $"there is no {address}");
            return;
        }

        var envelope = new Envelope(from, to, message, number, sent, from.Node.Incarnation);
        if (from.Node == to.Node)
        {
            Arrive(envelope, _options.LocalDelay.Draw(_delays));
        }
        else
        {
            SendAbroad(envelope);
        }
    }

    /// <summary>Whether a message that arrives is delivered; if not, the drop is recorded.</summary>
    public bool Admits(Envelope envelope)
    {
        UnderWay--;
        var (from, to) = (envelope.From.Node, envelope.To.Node);
        var obstacle = from == to && envelope.Incarnation != from.Incarnation ? "its node crashed"
            : !to.IsUp ? "the receiver is down"
            : IsCut(from, to) ? "the link is cut"
            : null;
        if (obstacle is not null)
        {
            Drop(envelope.From, envelope.To, envelope.Number, envelope.SentAt, obstacle);
        }

        return obstacle is null;
    }

    private void SendAbroad(Envelope envelope)
    {
        if (IsCut(envelope.From.Node, envelope.To.Node))
        {
            Drop(envelope.From, envelope.To, envelope.Number, envelope.SentAt, "the link is cut");
            return;
        }

        if (_losses.Chance(Loss))
        {
            Drop(envelope.From, envelope.To, envelope.Number, envelope.SentAt, "lost");
            return;
        }

        Arrive(envelope, Delay(envelope));
        if (_repeats.Chance(Duplication))
        {
            _counts.Duplicated++;
            _recorder.Add(
                _timeline.Now, TraceKind.Duplicate, _places.Of(envelope.From), _places.Of(envelope.To), envelope.Number,
                envelope.SentAt);
            Arrive(envelope, Delay(envelope));
        }
    }

    private long Delay(Envelope envelope)
    {
        var delay = _delays.Chance(_options.Tail) ? _options.TailDelay.Draw(_delays) : _options.Delay.Draw(_delays);
        return delay + envelope.From.Node.SlowBy.Draw(_delays) + envelope.To.Node.SlowBy.Draw(_delays);
    }

    private void Arrive(Envelope envelope, long delay)
    {
        var at = _timeline.Now + delay;
        if (!_options.Reorder || envelope.From.Node == envelope.To.Node)
        {
            ref var last = ref _lastArrival[(envelope.From.Index * _places.Roles.Length) + envelope.To.Index];
            last = at = Math.Max(at, last);
        }

        UnderWay++;
        _timeline.At(at, new Occurrence(Due.Delivery, envelope.To.Index, Subject: envelope));
    }

    private bool IsCut(NodeSlot from, NodeSlot to) => _cut[(from.Index * _places.Nodes.Length) + to.Index];

    private void Drop(RoleSlot from, RoleSlot? to, long number, long cause, string why)
    {
        _counts.Dropped++;
        _recorder.Add(
            _timeline.Now, TraceKind.Drop, _places.Of(from), to is null ? null : _places.Of(to), number, cause,
            record: new EventRecord(why));
    }
}
