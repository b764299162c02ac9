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
    private readonly LinkChances _chances;
    private readonly DecidedRun? _decided;
    private readonly DecisionLog? _log;
    private readonly long[] _lastArrival;
    private readonly long[] _sent;
    private readonly (long At, int Count)[] _lastSent;
    private long _envelopes;

    public SimulatedNetwork(
        SimulationOptions options, string scenario, Timeline timeline, Recorder recorder, Places places, SimulationCounts counts,
        DecidedRun? decided, DecisionLog? log)
    {
        (_options, _timeline, _recorder, _places, _counts) = (options.Network, timeline, recorder, places, counts);
        (_decided, _log) = (decided, log);
        _delays = RandomStream.Named(options.Seed, "delays");
        _chances = new LinkChances(options.Seed, places);
        Links = new LinkCuts(places, timeline);
        Ruled = new RuledLinks(places, scenario);
        _lastArrival = new long[places.Roles.Length * places.Roles.Length];
        _sent = new long[places.Roles.Length * places.Roles.Length];
        _lastSent = new (long, int)[decided?.Loose is null ? 0 : _sent.Length];
    }

    /// <summary>What may become of messages.</summary>
    public LinkChances Chances => _chances;

    /// <summary>The links that carry nothing.</summary>
    public LinkCuts Links { get; }

    /// <summary>What rules say of messages.</summary>
    public RuledLinks Ruled { get; }

    /// <summary>Messages that will arrive, or be dropped on arrival.</summary>
    public int UnderWay { get; private set; }

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
        var ordinal = ++_sent[PairOf(from, to)];
        if (from.Node != to.Node && Links.IsCut(from.Node, to.Node))
        {
            Lose(envelope, "the link is cut");
        }
        else if (_decided is not null)
        {
            SendAsDecided(envelope, ordinal, _decided);
        }
        else if (from.Node == to.Node)
        {
            var delay = Arrive(envelope, _options.LocalDelay.Draw(_delays), overtakes: false);
            _log?.Message(_timeline.Now, from, to, ordinal, delay, null, false);
        }
        else
        {
            SendAbroad(envelope, ordinal);
        }
    }

    /// <summary>Whether a message that arrives is delivered; if not, the drop is recorded.</summary>
    public bool Admits(Envelope envelope)
    {
        UnderWay--;
        var (from, to) = (envelope.From.Node, envelope.To.Node);
        var obstacle = from == to && envelope.Incarnation != from.Incarnation ? "its node crashed"
            : !to.IsUp ? "the receiver is down"
            : Links.IsCut(from, to) ? "the link is cut"
            : null;
        if (obstacle is not null)
        {
            _counts.Lost += to.IsUp ? 1 : 0;
            Drop(envelope.From, envelope.To, envelope.Number, envelope.SentAt, obstacle);
        }

        return obstacle is null;
    }

    private void SendAbroad(Envelope envelope, long ordinal)
    {
        var rates = _chances.Of(envelope.From.Node, envelope.To.Node);
        if (_chances.IsLost(rates))
        {
            Lose(envelope, "lost");
            return;
        }

        if (_chances.IsCorrupted(rates))
        {
            _counts.Corrupted++;
            Lose(envelope, "corrupted: its checksum does not match");
            return;
        }

        var fate = Ruled.Of(envelope.From, envelope.To, envelope.Message, _timeline.Now);
        if (fate.LostTo is { } rule)
        {
            Lose(envelope, $"dropped by {rule}");
            return;
        }

        if (fate.DamagedBy is { } damager)
        {
            _counts.Corrupted++;
            Lose(envelope, $"corrupted by {damager}: its checksum does not match");
            return;
        }

        var overtakes = _options.Reorder || _chances.IsReordered(rates) || fate.Overtakes;
        var delay = Arrive(envelope, Delay(envelope, rates) + fate.Delay, overtakes);
        long? again = null;
        if (_chances.IsRepeated(rates) || fate.IsRepeated)
        {
            again = Repeat(envelope, Delay(envelope, rates) + fate.AgainDelay, overtakes);
        }

        _log?.Message(_timeline.Now, envelope.From, envelope.To, ordinal, delay, again, overtakes);
    }

    private void SendAsDecided(Envelope envelope, long ordinal, DecidedRun decided)
    {
        var (from, to) = (envelope.From, envelope.To);
        var fate = decided.Loose is { } loose
            ? loose.FateAt(from.Address, to.Address, _timeline.Now, AtOnce(PairOf(from, to)))
            : decided.FateOf(from, to, ordinal);
        var isLost = decided.Loose is null ? fate is null && !decided.Decisions.OthersArrive : fate is { Delay: < 0 };
        if (isLost && from.Node != to.Node)
        {
            Lose(envelope, "lost");
            return;
        }

        fate = fate is { Delay: >= 0 } ? fate : new DecidedMessage(from.Address, to.Address, ordinal, decided.Draw(
            $"way {from.Address} {to.Address}", (int)ordinal, from.Node == to.Node ? _options.LocalDelay : _options.Delay));
        var delay = Arrive(envelope, fate.Delay, fate.Overtakes);
        long? again = fate.Again is { } second ? Repeat(envelope, second, fate.Overtakes) : null;
        _log?.Message(_timeline.Now, from, to, ordinal, delay, again, fate.Overtakes);
    }

    private long Repeat(Envelope envelope, long delay, bool overtakes)
    {
        _counts.Duplicated++;
        _recorder.Add(
            _timeline.Now, TraceKind.Duplicate, _places.Of(envelope.From), _places.Of(envelope.To), envelope.Number,
            envelope.SentAt);
        return Arrive(envelope, delay, overtakes);
    }

    private long Delay(Envelope envelope, in LinkRates rates)
    {
        var delay = _delays.Chance(_options.Tail) ? _options.TailDelay.Draw(_delays) : _options.Delay.Draw(_delays);
        return delay + envelope.From.Node.SlowBy.Draw(_delays) + envelope.To.Node.SlowBy.Draw(_delays)
            + (rates.Delay is null ? 0 : _chances.Extra(rates.Delay));
    }

    /// <returns>What the way takes.</returns>
    private long Arrive(Envelope envelope, long delay, bool overtakes)
    {
        var at = _timeline.Now + delay;
        if (!overtakes || envelope.From.Node == envelope.To.Node)
        {
            ref var last = ref _lastArrival[PairOf(envelope.From, envelope.To)];
            last = at = Math.Max(at, last);
        }

        UnderWay++;
        _timeline.At(at, new Occurrence(Due.Delivery, envelope.To.Index, Subject: envelope));
        return at - _timeline.Now;
    }

    /// <summary>How many messages of a pair were sent at this moment before.</summary>
    private int AtOnce(int pair)
    {
        var nth = _lastSent[pair].At == _timeline.Now ? _lastSent[pair].Count : 0;
        _lastSent[pair] = (_timeline.Now, nth + 1);
        return nth;
    }

    private int PairOf(RoleSlot from, RoleSlot to) => (from.Index * _places.Roles.Length) + to.Index;

    private void Lose(Envelope envelope, string why)
    {
        _counts.Lost++;
        _log?.Lost(_timeline.Now, envelope.From, envelope.To);
        Drop(envelope.From, envelope.To, envelope.Number, envelope.SentAt, why);
    }

    private void Drop(RoleSlot from, RoleSlot? to, long number, long cause, string why)
    {
        _counts.Dropped++;
        _recorder.Add(
            _timeline.Now, TraceKind.Drop, _places.Of(from), to is null ? null : _places.Of(to), number, cause,
            record: new EventRecord(why));
    }
}
