namespace ActorLab.Core;

/// <summary>
/// A temporal formula over behaviours: infinite sequences of worlds, in which a world may repeat for ever (stuttering)
/// unless fairness says that somebody must move. Closed under all connectives.
/// </summary>
public abstract record Formula
{
    private Formula()
    {
    }

    /// <summary>A state predicate: holds of a behaviour when it holds in its first world.</summary>
    public sealed record Now(string Name, Func<IWorld, bool> Holds) : Formula;

    public sealed record Not(Formula Of) : Formula;

    public sealed record And(Formula Left, Formula Right) : Formula;

    public sealed record Or(Formula Left, Formula Right) : Formula;

    /// <summary>Holds of every suffix.</summary>
    public sealed record Always(Formula Of) : Formula;

    /// <summary>Holds of some suffix.</summary>
    public sealed record Eventually(Formula Of) : Formula;

    public static Formula operator !(Formula formula) => new Not(formula);

    public static Formula operator &(Formula left, Formula right) => new And(left, right);

    public static Formula operator |(Formula left, Formula right) => new Or(left, right);

    public Formula Implies(Formula other) => new Or(new Not(this), other);

    /// <summary>Whenever this holds, the other holds then or later.</summary>
    public Formula LeadsTo(Formula other) => new Always(Implies(new Eventually(other)));

    public static Formula AlwaysEventually(Formula of) => new Always(new Eventually(of));

    public static Formula EventuallyAlways(Formula of) => new Eventually(new Always(of));
}
