using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// A predicate over worlds, remembered by the slots that it read: worlds that agree there are not shown to it again. For one
/// thread.
/// </summary>
internal sealed class RememberedPredicate(Func<IWorld, bool> holds, WorldView view)
{
    private const long MostBytes = 64 << 20;
    private static readonly object True = new();
    private static readonly object False = new();

    private readonly ReadTree<object> _known = new();

    public long Bytes => _known.Bytes;

    /// <exception cref="Exception">Whatever the predicate threw.</exception>
    public bool Holds(ReadOnlySpan<int> world) => (_known.Find(world) ?? Learn(world)) == True;

    private object Learn(ReadOnlySpan<int> world)
    {
        view.Show(world);
        var result = holds(view) ? True : False;
        if (_known.Bytes > MostBytes)
        {
            _known.Clear();
        }

        _known.Add(view.SlotsRead, world, result);
        return result;
    }
}

/// <summary>Evaluates constraint and properties of one space; for one thread.</summary>
internal sealed class Verifier
{
    private readonly RememberedPredicate? _constraint;
    private readonly RememberedPredicate?[] _properties;
    private readonly bool[] _isAlways;
    private readonly string _name;

    /// <param name="space">The space.</param>
    /// <param name="isAsked">Which of its properties are to be judged.</param>
    public Verifier(StateSpace space, IReadOnlyList<bool> isAsked)
    {
        var view = space.CreateView();
        _name = space.Name;
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

    public long Bytes => (_constraint?.Bytes ?? 0) + _properties.Sum(property => property?.Bytes ?? 0);

    /// <exception cref="ArgumentException">The constraint throws.</exception>
    public bool IsInside(ReadOnlySpan<int> world)
    {
        try
        {
            return _constraint is null || _constraint.Holds(world);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new ArgumentException($"The constraint of {_name} throws {error.GetType().Name}: {error.Message}", error);
        }
    }

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
