using System.Diagnostics;

namespace ActorLab.Checking;

/// <summary>How a search ended.</summary>
internal enum SearchEnd
{
    Found,
    Exhausted,
    Limit,
}

/// <summary>
/// Looks for an order of the operations on one object: depth first, as Wing and Gong (1993), with the memory of Lowe
/// (2017). What is special here:
/// <list type="bullet">
/// <item>It stands before a return and linearizes what must be before that return, not more ("just in time").</item>
/// <item>An observation that fits is linearized at once. If an order exists from here in which it stands later, moving it
/// to the front keeps every state, since it changes none, and every precedence, since it is open: nothing that still
/// waits returned before it was invoked.</item>
/// <item>Of open operations of one kind only the one that returns first is tried: exchanging two of them in an order
/// keeps states and, as both are open, precedences. One of unknown outcome is tried after all others of its kind.</item>
/// <item>An operation of unknown outcome is not tried where it changes nothing, nor where the next one after it would come
/// to the same without it, nor where <see cref="Foresight"/> says that nobody sees it: the shortest of the orders has no
/// such operation.</item>
/// </list>
/// </summary>
internal sealed class Search
{
    private readonly Calls _calls;
    private readonly Specification _specification;
    private readonly Foresight? _foresight;
    private readonly Visited _visited;
    private readonly SearchLimits _limits;
    private readonly int _words;

    private readonly List<int> _trail = [];
    private Frame[] _frames = new Frame[64];
    private ulong[] _bits;
    private int _depth;
    private int _steps;
    private int _goal;

    public Search(Calls calls, Specification specification, SearchLimits limits)
    {
        (_calls, _specification, _limits) = (calls, specification, limits);
        _foresight = specification.HasForesight ? new Foresight(calls, specification) : null;
        _visited = new Visited(calls.SlotWords, calls.OptionalWords);
        _words = calls.SlotWords + calls.OptionalWords;
        _bits = new ulong[_frames.Length * _words];
    }

    /// <summary>The furthest return that could not be reached past, of all configurations so far.</summary>
    public int Furthest { get; private set; }

    /// <summary>Configurations entered.</summary>
    public int Configurations => _visited.Count;

    /// <summary>The state after the order found.</summary>
    public int State => _frames[_depth].State;

    /// <summary>The numbers of the calls in the order found.</summary>
    public IReadOnlyList<int> Order => _trail;

    /// <summary>Looks for an order of all that returned before <paramref name="goal"/>.</summary>
    public SearchEnd Run(int goal)
    {
        (_goal, _depth) = (goal, -1);
        Enter(0, _specification.Initial, Specification.None);
        while (_depth >= 0)
        {
            ref var frame = ref _frames[_depth];
            if (frame.At >= goal)
            {
                return SearchEnd.Found;
            }

            if ((++_steps & 0xFFF) == 0 && _limits.AreHit(_visited.Bytes))
            {
                return SearchEnd.Limit;
            }

            if (!Next(ref frame, out var call, out var state))
            {
                _depth--;
                if (_depth >= 0)
                {
                    _trail.RemoveRange(_frames[_depth].Trail, _trail.Count - _frames[_depth].Trail);
                }

                continue;
            }

            Try(frame.At, frame.State, call, state);
        }

        return SearchEnd.Exhausted;
    }

    private Span<ulong> BitsOf(int depth) => _bits.AsSpan(depth * _words, _words);

    private void Try(int at, int before, int call, int state)
    {
        _trail.Add(call);
        Enter(at, state, call >= _calls.Returned ? before : Specification.None, call);
    }

    /// <summary>Goes one level down, unless that configuration was entered before or is hopeless.</summary>
    /// <param name="at">The return before which the search stands.</param>
    /// <param name="state">The state after the operation.</param>
    /// <param name="before">The state before it, if its outcome is unknown.</param>
    /// <param name="call">The operation; -1 at the start.</param>
    private void Enter(int at, int state, int before, int call = -1)
    {
        var depth = _depth + 1;
        if (depth == _frames.Length)
        {
            Array.Resize(ref _frames, depth * 2);
            Array.Resize(ref _bits, depth * 2 * _words);
        }

        var bits = BitsOf(depth);
        if (call < 0)
        {
            bits.Clear();
        }
        else
        {
            BitsOf(_depth).CopyTo(bits);
            Set(bits, _calls.Slot[call]);
        }

        var length = _trail.Count;
        at = Settle(at, state, bits);
        Furthest = Math.Max(Furthest, at);
        if ((_foresight is null || !IsFork(at, bits) || _foresight.IsViable(at, _goal, state, bits)) && _visited.Add(at, state, bits))
        {
            // An observation in between saw what the operation of unknown outcome did.
            _frames[depth] = new Frame(at, state, _trail.Count, _trail.Count > length ? Specification.None : before);
            _depth = depth;
        }
        else if (_depth >= 0)
        {
            _trail.RemoveRange(_frames[_depth].Trail, _trail.Count - _frames[_depth].Trail);
        }
    }

    /// <summary>Whether there is more than one way on; where there is not, looking ahead saves nothing.</summary>
    private bool IsFork(int at, ReadOnlySpan<ulong> bits)
    {
        if (at == _calls.Returned || _calls.OptionalOpened[at] > 0)
        {
            return at < _calls.Returned;
        }

        var ways = 0;
        foreach (var call in _calls.Changes[at])
        {
            ways += Has(bits, _calls.Slot[call]) ? 0 : 1;
        }

        return ways > 1;
    }

    /// <summary>Linearizes the observations that fit, and passes the returns of all that is linearized.</summary>
    private int Settle(int at, int state, Span<ulong> bits)
    {
        if (at < _calls.Returned)
        {
            Observe(_calls.Observations[at], state, bits);
        }

        for (; at < _calls.Returned && Has(bits, _calls.Slot[at]);)
        {
            Clear(bits, _calls.Slot[at]);
            at++;
            if (at < _calls.Returned)
            {
                var (from, to) = (_calls.ObservationsOpened[at - 1], _calls.ObservationsOpened[at]);
                Observe(_calls.ObservationOrder.AsSpan(from, to - from), state, bits);
            }
        }

        return at;
    }

    private void Observe(ReadOnlySpan<int> observations, int state, Span<ulong> bits)
    {
        foreach (var call in observations)
        {
            if (!Has(bits, _calls.Slot[call]) && _specification.Step(state, _calls.Kind[call]) != Specification.None)
            {
                Set(bits, _calls.Slot[call]);
                _trail.Add(call);
            }
        }
    }

    /// <summary>The next operation to try, in the order of their returns, then those of unknown outcome.</summary>
    private bool Next(ref Frame frame, out int call, out int state)
    {
        var bits = BitsOf(_depth);
        var changes = _calls.Changes[frame.At];
        while (frame.Cursor < changes.Length)
        {
            call = changes[frame.Cursor++];
            if (!Has(bits, _calls.Slot[call]) && !HasTwin(changes[..(frame.Cursor - 1)], bits, call)
                && Steps(frame, call, out state))
            {
                return true;
            }
        }

        var end = changes.Length + _calls.OptionalOpened[frame.At];
        while (frame.Cursor < end)
        {
            call = _calls.Returned + frame.Cursor++ - changes.Length;
            if (!Has(bits, _calls.Slot[call])
                && (_calls.EarlierTwin[call] is var twin && (twin < 0 || Has(bits, _calls.Slot[twin])))
                && !HasTwin(changes, bits, call)
                && Steps(frame, call, out state)
                && state != frame.State
                && (_foresight is null || _foresight.IsWorthwhile(frame.At, state, bits)))
            {
                return true;
            }
        }

        (call, state) = (-1, Specification.None);
        return false;
    }

    /// <summary>Whether the operation fits, and needs the one of unknown outcome that stands right before it.</summary>
    private bool Steps(in Frame frame, int call, out int state)
    {
        state = _specification.Step(frame.State, _calls.Kind[call]);
        return state != Specification.None
            && (frame.Before == Specification.None || _specification.Step(frame.Before, _calls.Kind[call]) != state);
    }

    /// <summary>Whether one of the same kind that is not linearized comes before it.</summary>
    private bool HasTwin(ReadOnlySpan<int> earlier, ReadOnlySpan<ulong> bits, int call)
    {
        foreach (var other in earlier)
        {
            if (_calls.Kind[other] == _calls.Kind[call] && !Has(bits, _calls.Slot[other]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Has(ReadOnlySpan<ulong> bits, int slot) => (bits[slot >> 6] >> (slot & 63) & 1) != 0;

    private static void Set(Span<ulong> bits, int slot) => bits[slot >> 6] |= 1UL << (slot & 63);

    private static void Clear(Span<ulong> bits, int slot) => bits[slot >> 6] &= ~(1UL << (slot & 63));

    private struct Frame(int at, int state, int trail, int before)
    {
        public readonly int At = at;
        public readonly int State = state;

        /// <summary>How long the order is here.</summary>
        public readonly int Trail = trail;

        /// <summary>The state before the last operation, if its outcome is unknown and nothing followed it yet.</summary>
        public readonly int Before = before;

        public int Cursor;
    }
}

/// <summary>What a search may take. One for all objects of a history.</summary>
internal sealed class SearchLimits(TimeSpan time, long mostBytes, CancellationToken cancellation)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    public static SearchLimits None { get; } = new(TimeSpan.MaxValue, long.MaxValue, CancellationToken.None);

    /// <summary>Why a search stopped, as a sentence.</summary>
    public string? Reason { get; private set; }

    /// <summary>The same, from now on.</summary>
    public SearchLimits Again() => new(time, mostBytes, cancellation);

    public bool AreHit(long bytes)
    {
        Reason = cancellation.IsCancellationRequested ? "It was interrupted."
            : _watch.Elapsed > time ? $"The time limit of {time.TotalSeconds:0.###} s was reached."
            : bytes > mostBytes ? $"The search needs more than {mostBytes >> 20} MiB."
            : null;
        return Reason is not null;
    }
}
