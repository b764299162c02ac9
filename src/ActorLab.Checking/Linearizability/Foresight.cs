namespace ActorLab.Checking;

/// <summary>
/// Sees that a configuration leads nowhere before the search does, by what later operations were told. Both questions
/// may be answered with "perhaps"; "no" is certain. Operations that change the state are of two sorts here: those that
/// overwrite, whatever was before, and those that grow what is there, such as an append.
/// </summary>
internal sealed class Foresight
{
    /// <summary>How many returns ahead.</summary>
    public const int Ahead = 12;

    private readonly Calls _calls;
    private readonly Specification _specification;
    private readonly bool[] _demands;
    private readonly int[] _overwrites;

    public Foresight(Calls calls, Specification specification)
    {
        (_calls, _specification) = (calls, specification);
        _demands = new bool[calls.Count];
        _overwrites = new int[calls.Count];
        for (var call = 0; call < calls.Count; call++)
        {
            _demands[call] = specification.Demands(calls.Kind[call]);
            _overwrites[call] = specification.Overwrites(calls.Kind[call]);
        }
    }

    /// <summary>
    /// False when one of the next operations that return, up to a goal, cannot fit any more. In any order that goes on from
    /// here, look at the last operation before it that overwrites: what that leaves must reach a state that it fits; and
    /// if there is none, the present state must.
    /// </summary>
    public bool IsViable(int at, int goal, int state, ReadOnlySpan<ulong> bits)
    {
        var end = Math.Min(at + Ahead, goal);
        for (var call = at; call < end; call++)
        {
            if (_demands[call] && !IsDone(call, at, bits) && !Reaches(state, call, call, at, bits)
                && !HasSource(call, at, bits))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Whether anybody may see the state that an operation of unknown outcome leaves. If nobody does until something
    /// overwrites it, the order without that operation is as good. Who sees it first stands in the order before the
    /// first return of an operation that would overwrite it or see it, or is that operation.
    /// </summary>
    public bool IsWorthwhile(int at, int state, ReadOnlySpan<ulong> bits)
    {
        var last = at;
        for (; last < _calls.Returned; last++)
        {
            if ((_demands[last] || _overwrites[last] != Specification.None) && !IsDone(last, at, bits))
            {
                break;
            }
        }

        foreach (var call in _calls.Observations[at])
        {
            if (!Has(bits, call) && Reaches(state, call, last, at, bits))
            {
                return true;
            }
        }

        foreach (var call in _calls.Changes[at])
        {
            if (_demands[call] && !Has(bits, call) && Reaches(state, call, last, at, bits))
            {
                return true;
            }
        }

        for (var i = _calls.Opened[at]; i < _calls.Opened[last]; i++)
        {
            var call = _calls.InvocationOrder[i];
            if (_demands[call] && Reaches(state, call, last, at, bits))
            {
                return true;
            }
        }

        for (var i = 0; i < _calls.OptionalOpened[last]; i++)
        {
            var call = _calls.Returned + i;
            if (_demands[call] && !Has(bits, call) && Reaches(state, call, last, at, bits))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether an operation fits a state, or operations that are not linearized may grow the state to one that it fits: then
    /// there is a first that grows it, invoked before the return <paramref name="last"/>.
    /// </summary>
    private bool Reaches(int state, int goal, int last, int at, ReadOnlySpan<ulong> bits)
    {
        var kind = _calls.Kind[goal];
        if (!_specification.Leads(state, kind))
        {
            return false; // Cheaper than a step, which it is part of.
        }

        if (_specification.Step(state, kind) != Specification.None)
        {
            return true;
        }

        foreach (var call in _calls.Changes[at])
        {
            if (Grows(call, state, goal) && !Has(bits, call))
            {
                return true;
            }
        }

        for (var i = _calls.Opened[at]; i < _calls.Opened[last]; i++)
        {
            if (Grows(_calls.InvocationOrder[i], state, goal))
            {
                return true;
            }
        }

        for (var i = 0; i < _calls.OptionalOpened[last]; i++)
        {
            if (Grows(_calls.Returned + i, state, goal) && !Has(bits, _calls.Returned + i))
            {
                return true;
            }
        }

        return false;
    }

    private bool Grows(int call, int state, int goal) => _overwrites[call] == Specification.None && call != goal
        && !_specification.Observes(_calls.Kind[call]) && _specification.Grows(state, _calls.Kind[call], _calls.Kind[goal]);

    /// <summary>Whether an operation that overwrites is not linearized and leaves what reaches the goal.</summary>
    private bool HasSource(int goal, int at, ReadOnlySpan<ulong> bits)
    {
        foreach (var call in _calls.Changes[at])
        {
            if (IsSource(call, goal, at, bits) && !Has(bits, call))
            {
                return true;
            }
        }

        for (var i = _calls.Opened[at]; i < _calls.Opened[goal]; i++)
        {
            if (IsSource(_calls.InvocationOrder[i], goal, at, bits))
            {
                return true;
            }
        }

        for (var i = 0; i < _calls.OptionalOpened[goal]; i++)
        {
            if (IsSource(_calls.Returned + i, goal, at, bits) && !Has(bits, _calls.Returned + i))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsSource(int call, int goal, int at, ReadOnlySpan<ulong> bits) =>
        _overwrites[call] is var left and not Specification.None && call != goal && Reaches(left, goal, goal, at, bits);

    private bool IsDone(int call, int at, ReadOnlySpan<ulong> bits) => _calls.Invoked[call] < _calls.Opened[at] && Has(bits, call);

    /// <summary>Of an operation that was invoked: whether it is linearized.</summary>
    private bool Has(ReadOnlySpan<ulong> bits, int call) => (bits[_calls.Slot[call] >> 6] >> (_calls.Slot[call] & 63) & 1) != 0;
}
