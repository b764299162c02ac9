using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>All that a space says of single worlds: its constraint, its properties, the predicates in its formulas.</summary>
internal sealed class Claims
{
    private readonly WorldView _view;
    private readonly List<(string Name, Func<IWorld, bool> Holds)> _claims = [];

    /// <param name="space">Whose claims they are.</param>
    /// <param name="withFormulas">Whether those count that only formulas make.</param>
    public Claims(StateSpace space, bool withFormulas)
    {
        _view = space.CreateView();
        if (space.Constraint is { } constraint)
        {
            _claims.Add(("its constraint", constraint));
        }

        foreach (var property in space.Properties)
        {
            _claims.AddRange(property switch
            {
                Property.Always always => [(property.Name, always.Holds)],
                Property.Sometimes sometimes => [(property.Name, sometimes.Reached)],
                Property.Temporal temporal when withFormulas =>
                    PartsOf(temporal.Formula).Select(part => ($"'{part.Name}' in {property.Name}", part.Holds)),
                _ => [],
            });
        }
    }

    /// <summary>The first claim that is true of one world and not of the other; null if there is none.</summary>
    public string? Difference(int[] world, int[] other) =>
        _claims.FirstOrDefault(claim => Judge(claim.Holds, world) != Judge(claim.Holds, other)).Name;

    /// <summary>Null where the claim throws.</summary>
    private bool? Judge(Func<IWorld, bool> holds, int[] world)
    {
        _view.Show(world);
        try
        {
            return holds(_view);
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static IEnumerable<Formula.Now> PartsOf(Formula formula) => formula switch
    {
        Formula.Now now => [now],
        Formula.Not not => PartsOf(not.Of),
        Formula.Always always => PartsOf(always.Of),
        Formula.Eventually eventually => PartsOf(eventually.Of),
        Formula.And and => PartsOf(and.Left).Concat(PartsOf(and.Right)),
        Formula.Or or => PartsOf(or.Left).Concat(PartsOf(or.Right)),
        _ => throw new ArgumentException($"{formula.GetType().Name} is no part of formulas."),
    };
}
