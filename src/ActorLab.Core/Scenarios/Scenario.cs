namespace ActorLab.Core;

/// <summary>A role at its address.</summary>
public sealed record Placement(Address Address, RoleBinding Role);

/// <summary>Whether a timer may fire at any time, or only when its round is over.</summary>
public enum Timing
{
    /// <summary>An armed timer may fire at any time.</summary>
    Asynchronous,

    /// <summary>
    /// Rounds in step: timers fire only when no message is in flight, and then each place with an armed one fires once before
    /// anything is delivered again.
    /// </summary>
    SynchronousRounds,
}

/// <summary>What a network may do to messages.</summary>
/// <param name="FifoPerLink">Messages of one link arrive in the order in which they were sent.</param>
/// <param name="Lossy">A message may vanish.</param>
/// <param name="Duplicating">A message may arrive more than once.</param>
/// <param name="NoOpDeliversStay">A delivery that changes nothing and sends nothing is no transition.</param>
/// <param name="LastDeliveredCounts">Worlds that differ only in the message that was delivered last are different.</param>
/// <param name="OneCopy">
/// Of a message that is in flight already a second copy is lost at once. This bounds roles that repeat themselves, at the
/// price of the behaviours with two copies in flight.
/// </param>
/// <param name="NoOpDeliversVanish">
/// A message that its receiver ignores, or will once it is up again, is delivered at once and unseen: only for roles that
/// ignore for ever what they ignore once, such as a message of a past round. It bounds what is in flight, and takes no
/// behaviour away but those that differ in when nothing happens.
/// </param>
public sealed record Network(
    bool FifoPerLink = false, bool Lossy = false, bool Duplicating = false, bool NoOpDeliversStay = false,
    bool LastDeliveredCounts = false, bool OneCopy = false, bool NoOpDeliversVanish = false);

/// <summary>What properties take for granted, such as how many of the roles are traitors.</summary>
/// <param name="Claim">A sentence.</param>
/// <param name="Holds">Whether it is true of a world; once false in a run, it counts as broken.</param>
public sealed record Assumption(string Claim, Func<IWorld, bool> Holds);

/// <summary>How often each fault may strike in an exploration.</summary>
public sealed record FaultBudget(int Crashes = 0, int Drops = 0, int Duplicates = 0);

/// <summary>
/// What a host runs: roles on nodes, the operations of their users, what must hold, and what the environment may do.
/// Cluster, simulator and checker drive the same scenario.
/// </summary>
public sealed record Scenario
{
    /// <summary>Lower case; the palette's name and the name of the scenario's supervisor actor.</summary>
    public required string Name { get; init; }

    public required Seq<Placement> Placements { get; init; }

    /// <summary>What users may ask for: palettes and routes derive from these.</summary>
    public Seq<OperationKind> Operations { get; init; }

    /// <summary>The operations that simulator and checker put in, each at most once, in any order across targets.</summary>
    public Seq<PlannedOperation> Workload { get; init; }

    public Seq<Observer> Observers { get; init; }

    public Seq<Property> Properties { get; init; }

    public Timing Timing { get; init; } = Timing.Asynchronous;

    /// <summary>
    /// Of synchronous rounds: it makes no difference in which order the messages of a round arrive, and properties change at
    /// timers only. The checker then delivers them in one order instead of all, after a spot check of both claims.
    /// </summary>
    public bool RoundsCommute { get; init; }

    public Network Network { get; init; } = new();

    public FaultBudget Faults { get; init; } = new();

    /// <summary>Worlds outside are not explored further; null for no bound. It bounds the checker alone.</summary>
    public Func<IWorld, bool>? Constraint { get; init; }

    /// <summary>
    /// What the properties take for granted of the roles; null for nothing. Where it is false nobody judges: the checker does
    /// not explore further, a run in the simulator ends.
    /// </summary>
    public Assumption? Assumption { get; init; }

    /// <summary>The worlds that the checker explores: within the constraint and under the assumption; null for all.</summary>
    public Func<IWorld, bool>? Bounds => (Assumption, Constraint) switch
    {
        (null, var constraint) => constraint,
        ({ } assumption, null) => assumption.Holds,
        ({ } assumption, { } constraint) => world => assumption.Holds(world) && constraint(world),
    };

    /// <summary>Which steps may not be passed over for ever: what temporal properties may rely on.</summary>
    public Seq<Fairness> Fairness { get; init; }

    /// <summary>
    /// Nodes that are the same to all: renaming them anywhere gives a behaviour again. Empty where there are none.
    /// </summary>
    public Set<NodeId> Interchangeable { get; init; }

    /// <summary>Brings numbers that grow for ever back to a base; null where worlds are finite without.</summary>
    public Normalisation? Normalisation { get; init; }

    /// <summary>Of a consensus scenario: the value that a state decided, null before; what valency speaks of.</summary>
    public Func<object, object?>? Decision { get; init; }

    /// <summary>
    /// What a turn achieved, if it is a moment to remember, such as <c>leads term 3</c>: pictures mark it. Without this, the
    /// turns that <see cref="Decision"/> knows are marked.
    /// </summary>
    public Func<Happening, Highlight?>? Highlights { get; init; }

    /// <summary>The mark of a turn; null for most.</summary>
    public Highlight? HighlightOf(Happening happening) =>
        Highlights is not null ? Highlights(happening)
        : Decision is not null && happening.Before is { } before && Decision(before) is null
            && Decision(happening.After) is { } decided
            ? Highlight.Decision($"decides {decided}")
            : null;

    public Set<NodeId> Nodes => Placements.Select(placement => placement.Address.Node).ToSet();

    /// <exception cref="KeyNotFoundException">No role is placed there.</exception>
    public RoleBinding RoleAt(Address address) =>
        Placements.FirstOrDefault(placement => placement.Address == address)?.Role
        ?? throw new KeyNotFoundException($"The scenario {Name} has no role at {address}.");
}

/// <summary>
/// A shift of numbers such as rounds and ballots that commutes with steps: from a shifted world the same steps lead to
/// the shifted worlds. The checker explores worlds modulo it and spot-checks that it commutes.
/// </summary>
/// <param name="Least">The smallest such number in a role's state, message or observer's value; null if it has none.</param>
/// <param name="Shift">The same state, message or value with a number subtracted from each of them.</param>
public sealed record Normalisation(Func<object, int?> Least, Func<object, int, object> Shift);

/// <summary>An operation of a workload: a message from outside to one address.</summary>
public sealed record PlannedOperation(Address Target, object Message);
