using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// A predicate over worlds, remembered by the slots that it read, in the order in which it read them: worlds that agree
/// there are not shown to it again. For one thread.
/// </summary>
internal sealed class RememberedPredicate(Func<IWorld, bool> holds, WorldView view)
{
    private const int MostNodes = 1 << 22;
    private const int True = -1;
    private const int False = -2;

    private readonly LongMap _children = new();
    private readonly List<int> _slots = [];

    /// <exception cref="Exception">Whatever the predicate threw.</exception>
    public bool Holds(ReadOnlySpan<int> world)
    {
        var node = _slots.Count == 0 ? -1 : 0;
        while (node >= 0)
        {
            var child = _children[LongMap.Key(node, world[_slots[node]])];
            if (child < 0)
            {
                break;
            }

            node = child - 2;
            if (node < 0)
            {
                return node == True;
            }
        }

        return Learn(world);
    }

    private bool Learn(ReadOnlySpan<int> world)
    {
        view.Show(world);
        var result = holds(view);
        if (_children.Count > MostNodes)
        {
            _children.Clear();
            _slots.Clear();
        }

        var slots = view.SlotsRead;
        var node = 0;
        if (slots.Count == 0)
        {
            return result; // It reads nothing: nothing to remember it by.
        }

        if (_slots.Count == 0)
        {
            _slots.Add(slots[0]);
        }

        for (var i = 0; i < slots.Count; i++)
        {
            var key = LongMap.Key(node, world[slots[i]]);
            var child = _children[key];
            if (child < 0)
            {
                child = i == slots.Count - 1 ? (result ? True : False) + 2 : NewNode(slots[i + 1]) + 2;
                _children.Add(key, child);
            }

            node = child - 2;
        }

        return result;
    }

    private int NewNode(int slot)
    {
        _slots.Add(slot);
        return _slots.Count - 1;
    }
}

/// <summary>Evaluates constraint and properties of one space; for one thread.</summary>
internal sealed class Verifier
{
    private readonly RememberedPredicate? _constraint;
    private readonly RememberedPredicate?[] _properties;
    private readonly bool[] _isAlways;

    /// <param name="space">The space.</param>
    /// <param name="isAsked">Which of its properties are to be judged.</param>
    public Verifier(StateSpace space, IReadOnlyList<bool> isAsked)
    {
        var view = space.CreateView();
        _constraint = space.Constraint is { } constraint ? new RememberedPredicate(constraint, view) : null;
        _isAlways = [.. space.Properties.Select(property => property is Property.Always)];
        _properties =
        [
            .. space.Properties.Select((property, i) => !isAsked[i] ? null : property switch
            {
                Property.Always always => new RememberedPredicate(always.Holds, view),
                Property.Sometimes sometimes => new RememberedPredicate(sometimes.Reached, view),
                _ => null,
            }),
        ];
    }

    public int Properties => _properties.Length;

    public bool IsInside(ReadOnlySpan<int> world) => _constraint is null || _constraint.Holds(world);

    /// <summary>Whether the world decides a property: breaks an Always, shows a Sometimes, or makes either throw.</summary>
    public bool Decides(int property, ReadOnlySpan<int> world, out string? error)
    {
        error = null;
        if (_properties[property] is not { } predicate)
        {
            return false;
        }

        try
        {
            return predicate.Holds(world) != _isAlways[property];
        }
        catch (Exception thrown)
        {
            error = $"{thrown.GetType().Name}: {thrown.Message}";
            return true;
        }
    }
}
