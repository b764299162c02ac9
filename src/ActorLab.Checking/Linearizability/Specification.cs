namespace ActorLab.Checking;

/// <summary>
/// What one object (a register, one key of a store) does when its operations come one after the other. States and kinds
/// of operations are small numbers, so that a search compares and remembers them cheaply: a kind is a command together
/// with its reply, and a state is a number that equal states share.
/// </summary>
public abstract class Specification
{
    /// <summary>Where a reply cannot come from a state, or an operation has no state of that sort.</summary>
    public const int None = -1;

    public abstract int Initial { get; }

    /// <summary>The state after an operation of this kind; <see cref="None"/> where its reply does not fit the state.</summary>
    public abstract int Step(int state, int kind);

    /// <summary>Whether the kind leaves every state that it fits as it is: a read, a comparison that failed.</summary>
    public abstract bool Observes(int kind);

    /// <summary>A state, for people.</summary>
    public abstract string Describe(int state);

    /// <summary>
    /// Whether the four below say more than nothing. They let a search give up early, and must err on one side only:
    /// <see cref="Demands"/>, <see cref="Leads"/> and <see cref="Grows"/> may be true too often, <see cref="Overwrites"/> may be
    /// <see cref="None"/> too often.
    /// </summary>
    public virtual bool HasForesight => false;

    /// <summary>False for a kind that fits every state.</summary>
    public virtual bool Demands(int kind) => true;

    /// <summary>The one state that the kind leaves whatever was before, where it fits; else <see cref="None"/>.</summary>
    public virtual int Overwrites(int kind) => None;

    /// <summary>
    /// Whether operations that do not overwrite, none or any number of them, may lead from the state to one that the kind fits.
    /// </summary>
    public virtual bool Leads(int state, int kind) => true;

    /// <summary>Whether the first kind, which does not overwrite, makes of the state one that leads to the second.</summary>
    public virtual bool Grows(int state, int kind, int goal) => Step(state, kind) is var next and not None && Leads(next, goal);
}
