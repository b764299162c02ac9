namespace ActorLab.Core;

/// <summary>
/// The clocks of the events of a trace. A turn of a role is an event; what it sent and noted is part of it, though it may
/// have left later, when the disk was written. What happens to a whole node is one event of each of its roles, which knows of
/// what all of them did before; what happens in the network happens to none.
/// </summary>
public sealed class TraceClocks
{
    private readonly Seq<TraceEvent> _trace;
    private readonly int[] _turn; // of each event that belongs to a turn of another; else itself
    private readonly VectorClock?[] _vectors;
    private readonly LamportClock[] _times;
    private readonly string[][] _roles; // to which it happened: several where it happened to a node

    /// <param name="trace">In an order in which causes come before effects; event number i is at place i.</param>
    /// <exception cref="ArgumentException">It is not.</exception>
    public TraceClocks(Seq<TraceEvent> trace)
    {
        _trace = trace;
        (_turn, _vectors) = (new int[trace.Count], new VectorClock?[trace.Count]);
        (_times, _roles) = (new LamportClock[trace.Count], new string[trace.Count][]);
        var vectors = new SortedDictionary<string, VectorClock>(StringComparer.Ordinal);
        var times = new SortedDictionary<string, LamportClock>(StringComparer.Ordinal);
        var lanes = trace.Select(one => one.Where).Where(Picture.IsLane).Distinct().Order().ToArray();
        for (var i = 0; i < trace.Count; i++)
        {
            var one = trace[i];
            if (one.Index != i || one.Cause >= i)
            {
                throw new ArgumentException($"Event {one.Index} at place {i} comes of event {one.Cause}: causes come first, without gaps.");
            }

            _turn[i] = i;
            if (IsPartOfTurn(one))
            {
                _turn[i] = _turn[(int)one.Cause];
                (_vectors[i], _times[i], _roles[i]) = (_vectors[_turn[i]], _times[_turn[i]], _roles[_turn[i]]);
                continue;
            }

            if (one.Kind is TraceKind.Drop or TraceKind.Duplicate or TraceKind.Fault or TraceKind.Violation)
            {
                _roles[i] = [];
                continue;
            }

            _roles[i] =
            [
                .. lanes
                    .Where(lane => lane == one.Where || (string.IsNullOrEmpty(one.Where.Role) && lane.Node == one.Where.Node))
                    .Select(lane => lane.ToString()),
            ];
            if (_roles[i].Length == 0)
            {
                continue;
            }

            var (vector, time) = (VectorClock.Zero, default(LamportClock));
            foreach (var role in _roles[i])
            {
                vector = vector.Merge(vectors.GetValueOrDefault(role).Tick(role));
                time = Later(time, times.GetValueOrDefault(role).Tick());
            }

            if (one.Kind == TraceKind.Deliver && one.Cause >= 0 && _vectors[one.Cause] is { } sent)
            {
                vector = vector.Merge(sent);
                time = times.GetValueOrDefault(_roles[i][0]).Receive(_times[one.Cause]);
            }

            (_vectors[i], _times[i]) = (vector, time);
            foreach (var role in _roles[i])
            {
                (vectors[role], times[role]) = (vector, time);
            }
        }
    }

    public int Count => _trace.Count;

    /// <summary>Of an event; null for what happened to no role.</summary>
    public VectorClock? VectorOf(int index) => _vectors[index];

    /// <summary>Of an event; 0 for what happened to no role.</summary>
    public LamportClock TimeOf(int index) => _times[index];

    /// <summary>What the first event is to the second.</summary>
    /// <exception cref="ArgumentException">One of them happened to no role.</exception>
    public Causality Compare(int first, int second) =>
        _turn[first] == _turn[second] ? Causality.Equal : Require(first).Compare(Require(second));

    /// <summary>
    /// How the first event may have caused the second, from the turn of the one to that of the other: events of which each is
    /// of the same role as the next and earlier, or the sending of the message that arrives in the next. Empty where it may not.
    /// </summary>
    /// <exception cref="ArgumentException">One of them happened to no role.</exception>
    public Seq<int> Path(int first, int second)
    {
        var from = _turn[first];
        if (Compare(first, second) is not (Causality.Before or Causality.Equal))
        {
            return [];
        }

        var target = Require(from);
        Seq<int> back = [_turn[second]];
        var along = ""; // the role by which the last event of the path led here
        for (var at = _turn[second]; at != from;)
        {
            if (KnewBefore(at, along, target) is { } known)
            {
                // It was known before: look for where it came from. From one role to another it came with what befell both.
                back = along == "" || along == known.Role || at == back.Last ? back : back.Add(at);
                (at, along) = (known.Event, known.Role);
                continue;
            }

            var sent = (int)_trace[at].Cause;
            Invariant.Require(sent >= 0, "what an event knows of came with a message or from its role's past");
            back = at == back.Last ? back.Add(sent) : back.Add(at).Add(sent);
            (at, along) = (_turn[sent], "");
        }

        return Seq.ToSeq((back.Last == from ? back : back.Add(from)).Reverse());
    }

    /// <summary>
    /// The last event of a role of this one before it that knew of so much, by the same role as far as it goes.
    /// </summary>
    private (int Event, string Role)? KnewBefore(int at, string along, VectorClock target)
    {
        foreach (var role in _roles[at].OrderBy(role => role != along))
        {
            var earlier = Enumerable.Range(0, at).Reverse().FirstOrDefault(i => _turn[i] == i && _roles[i].Contains(role), -1);
            if (earlier >= 0 && _vectors[earlier]!.Value.Descends(target))
            {
                return (earlier, role);
            }
        }

        return null;
    }

    private static LamportClock Later(LamportClock one, LamportClock other) => one > other ? one : other;

    private bool IsPartOfTurn(TraceEvent one) =>
        one.Kind is TraceKind.Send or TraceKind.Note or TraceKind.Report && one.Cause >= 0 && _trace[(int)one.Cause].Where == one.Where;

    private VectorClock Require(int index) => _vectors[index] ?? throw new ArgumentException(
        $"Event {index} ({_trace[index].Kind}) happened to no role, and so comes neither before nor after others.");
}
