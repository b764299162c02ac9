namespace ActorLab.Checking;

/// <summary>
/// Sees that a configuration leads nowhere before the search does, by what later operations were told. Both questions
/// may be answered with "perhaps"; "no" is certain.
/// </summary>
internal sealed class Foresight(Calls calls, Specification specification)
{
    /// <summary>How many returns ahead.</summary>
    public const int Ahead = 12;

    /// <summary>How many sources are remembered of a kind; where there are more, the answer may be "perhaps".</summary>
    private const int MostSources = 64;

    private readonly Dictionary<int, (int[] Calls, bool All)> _sources = [];
    private readonly Dictionary<int, int> _seenUntil = [];
    private Dictionary<int, List<int>>? _overwriters;
    private (int Kind, int Until)[]? _demanding;

    /// <summary>
    /// False when one of the next operations that return cannot fit any more. Its fit needs a state that the present one
    /// leads to without overwriting, or an operation that overwrites, is not linearized and was invoked before that
    /// return: the last such before it in the order leaves a state from which nothing else overwrites.
    /// </summary>
    public bool IsViable(int at, int goal, int state, ReadOnlySpan<ulong> bits)
    {
        var end = Math.Min(at + Ahead, goal);
        for (var call = at; call < end; call++)
        {
            var kind = calls.Kind[call];
            if (specification.Demands(kind) && !IsDone(call, at, bits) && !specification.Leads(state, kind)
                && !HasSource(call, kind, at, bits))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Whether anybody that has not returned before <paramref name="at"/> may see the state that an operation of unknown
    /// outcome leaves. If nobody does until something overwrites it, the order without that operation is as good.
    /// </summary>
    public bool IsWorthwhile(int at, int state)
    {
        if (!_seenUntil.TryGetValue(state, out var until))
        {
            until = -1;
            foreach (var (kind, last) in _demanding ??= Demanding())
            {
                if (last > until && specification.Leads(state, kind))
                {
                    until = last;
                }
            }

            _seenUntil[state] = until;
        }

        return until >= at;
    }

    private bool IsDone(int call, int at, ReadOnlySpan<ulong> bits) =>
        calls.Invoked[call] < calls.Opened[at] && (bits[calls.Slot[call] >> 6] >> (calls.Slot[call] & 63) & 1) != 0;

    private bool HasSource(int goal, int kind, int at, ReadOnlySpan<ulong> bits)
    {
        if (!_sources.TryGetValue(kind, out var sources))
        {
            _sources[kind] = sources = SourcesOf(kind);
        }

        // The latest come first: before the first that returned already, all are done.
        foreach (var source in sources.Calls)
        {
            if (source >= calls.Returned)
            {
                if (!IsSpent(source, bits) && IsInvokedBefore(source, goal))
                {
                    return true;
                }
            }
            else if (source < at)
            {
                return false;
            }
            else if (source != goal && !IsDone(source, at, bits) && IsInvokedBefore(source, goal))
            {
                return true;
            }
        }

        return !sources.All;
    }

    private bool IsInvokedBefore(int source, int goal) => source < calls.Returned
        ? calls.Invoked[source] < calls.Opened[goal]
        : (calls.Slot[source] - (calls.SlotWords * 64)) < calls.OptionalOpened[goal];

    private bool IsSpent(int call, ReadOnlySpan<ulong> bits) => (bits[calls.Slot[call] >> 6] >> (calls.Slot[call] & 63) & 1) != 0;

    /// <summary>What overwrites with a state that leads to the kind: of unknown outcome first, then the latest.</summary>
    private (int[] Calls, bool All) SourcesOf(int kind)
    {
        _overwriters ??= Overwriters();
        var only = specification.OnlyLeader(kind);
        IEnumerable<int> found = only != Specification.None
            ? _overwriters.GetValueOrDefault(only, [])
            : _overwriters.Where(pair => specification.Leads(pair.Key, kind)).SelectMany(pair => pair.Value).OrderDescending();
        int[] some = [.. found.Take(MostSources + 1)];
        return (some, some.Length <= MostSources);
    }

    private Dictionary<int, List<int>> Overwriters()
    {
        var overwriters = new Dictionary<int, List<int>>();
        for (var call = calls.Count - 1; call >= 0; call--)
        {
            if (specification.Overwrites(calls.Kind[call]) is var state and not Specification.None)
            {
                if (!overwriters.TryGetValue(state, out var list))
                {
                    overwriters[state] = list = [];
                }

                list.Add(call);
            }
        }

        return overwriters;
    }

    private (int Kind, int Until)[] Demanding()
    {
        var until = new Dictionary<int, int>();
        for (var call = 0; call < calls.Count; call++)
        {
            if (specification.Demands(calls.Kind[call]))
            {
                until[calls.Kind[call]] = call < calls.Returned ? call : int.MaxValue;
            }
        }

        return [.. until.OrderByDescending(pair => pair.Value).Select(pair => (pair.Key, pair.Value))];
    }
}
