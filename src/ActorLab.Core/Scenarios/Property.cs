namespace ActorLab.Core;

/// <summary>A global state, as properties, observers and constraints read it. Reads are tracked: use no other source.</summary>
public interface IWorld
{
    /// <summary>The addresses of all placements, sorted.</summary>
    Seq<Address> Addresses { get; }

    /// <summary>Whether the node of the address runs.</summary>
    bool IsUp(Address address);

    /// <summary>The state at an address; after a crash, the last one before it. Check <see cref="IsUp"/> where it matters.</summary>
    object StateAt(Address address);

    /// <summary>What an observer has folded up so far.</summary>
    object Observed(Observer observer);

    /// <inheritdoc cref="Observed(Observer)" />
    T Observed<T>(Observer<T> observer)
        where T : notnull => (T)Observed((Observer)observer);
}

/// <summary>Typed reads of a world.</summary>
public static class WorldReads
{
    /// <summary>The states of one type that are up, with their addresses.</summary>
    public static IEnumerable<(Address Address, TState State)> Running<TState>(this IWorld world)
        where TState : class
    {
        foreach (var address in world.Addresses)
        {
            if (world.IsUp(address) && world.StateAt(address) is TState state)
            {
                yield return (address, state);
            }
        }
    }

    /// <summary>The states of one type, crashed nodes included.</summary>
    public static IEnumerable<(Address Address, TState State)> All<TState>(this IWorld world)
        where TState : class
    {
        foreach (var address in world.Addresses)
        {
            if (world.StateAt(address) is TState state)
            {
                yield return (address, state);
            }
        }
    }
}

/// <summary>A named claim of a paper.</summary>
/// <param name="Name">The paper's name for it, such as <c>Election Safety</c>.</param>
/// <param name="Claim">The claim in a sentence.</param>
public abstract record Property(string Name, string Claim)
{
    /// <summary>Holds in every reachable world.</summary>
    public sealed record Always(string Name, string Claim, Func<IWorld, bool> Holds) : Property(Name, Claim);

    /// <summary>Is reached in some world: the witness that an exploration saw the interesting case.</summary>
    public sealed record Sometimes(string Name, string Claim, Func<IWorld, bool> Reached) : Property(Name, Claim);

    /// <summary>Holds of every fair behaviour: see <see cref="Scenario.Fairness"/>.</summary>
    public sealed record Temporal(string Name, string Claim, Formula Formula) : Property(Name, Claim);

    /// <summary>Holds of the history of the clients, which the host judges when the run is over.</summary>
    /// <param name="Name">Such as <c>Linearizability</c>.</param>
    /// <param name="Claim">The claim in a sentence.</param>
    /// <param name="Judge">What is known of a history.</param>
    public sealed record OfHistory(string Name, string Claim, Func<History, HistoryJudgement> Judge) : Property(Name, Claim);
}

/// <summary>What is known of a history. With neither fault nor doubt it is as it should be.</summary>
/// <param name="Fault">What is wrong with it; null where nothing is known to be.</param>
/// <param name="Doubt">Why it is not known whether something is, as a sentence; null where it is known.</param>
public sealed record HistoryJudgement(HistoryFault? Fault, string? Doubt = null);

/// <summary>What is wrong with a history.</summary>
/// <param name="Reason">A sentence.</param>
/// <param name="At">Microseconds of the host: the history up to then is wrong already.</param>
public sealed record HistoryFault(string Reason, long At);

/// <summary>One turn as observers see it.</summary>
/// <param name="Where">The address that took it.</param>
/// <param name="Input">What started it.</param>
/// <param name="Before">The state before; null at a boot.</param>
/// <param name="After">The state after.</param>
/// <param name="Effects">What the role asked for.</param>
public sealed record Happening(Address Where, Input Input, object? Before, object After, IReadOnlyList<Effect> Effects);

/// <summary>A pure fold over turns, for claims about the past. Its value is part of a world's identity.</summary>
public abstract record Observer(string Name)
{
    public abstract object Initial { get; }

    public abstract object After(object value, Happening happening);
}

/// <inheritdoc />
/// <param name="Name">Unique in its scenario.</param>
/// <param name="Start">The value before the first turn; an immutable record or Core collection.</param>
/// <param name="Fold">The value after a turn; the same reference where nothing changed.</param>
public sealed record Observer<T>(string Name, T Start, Func<T, Happening, T> Fold) : Observer(Name)
    where T : notnull
{
    public override object Initial => Start;

    public override object After(object value, Happening happening) => Fold((T)value, happening);
}
