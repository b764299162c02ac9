using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>What the tail of a world holds, behind its fixed slots.</summary>
internal enum TailKind
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Tokens sorted by number, each as often as it occurs.</summary>
    Multiset,

    /// <summary>Tokens sorted by number, each once.</summary>
    Set,

    /// <summary>Tokens in lines, the lines sorted by number: see <see cref="StateSpace.LineOf"/>.</summary>
    Lines,
}

/// <summary>
/// A transition system whose worlds are arrays of integers: fixed slots, then a tail of tokens. All that is known of
/// values behind the numbers is learned once and remembered, so that most steps are a few reads of arrays. Learning
/// changes what is shared and gives out numbers: it happens on one thread at a time, in an order that does not depend
/// on the number of threads. Everything else may be done by several threads at once.
/// </summary>
internal abstract class StateSpace
{
    public abstract string Name { get; }

    /// <summary>How many slots each world has.</summary>
    public abstract int Slots { get; }

    public virtual TailKind Tail => TailKind.None;

    public abstract Seq<Property> Properties { get; }

    /// <summary>Worlds outside are not explored further, nor counted; null for no bound.</summary>
    public abstract Func<IWorld, bool>? Constraint { get; }

    public abstract Seq<Fairness> Fairness { get; }

    /// <summary>How often code of a role or a model was run; all other steps came from memory.</summary>
    public abstract int Calls { get; }

    /// <summary>What is remembered of steps and values takes, by a rough estimate.</summary>
    public abstract long MemoryBytes { get; }

    /// <summary>How many renamings of interchangeable nodes there are, the identity (number 0) included.</summary>
    public int Renamings => Permutations.Count(Interchangeable);

    /// <summary>How many nodes are the same to all.</summary>
    public virtual int Interchangeable => 0;

    /// <summary>The starts, learning what there is to learn.</summary>
    public abstract void Starts(Successors into);

    /// <summary>
    /// All steps out of a world, in an order that is fixed for this space: another one may have learned other things first.
    /// Steps with one label stand in one order in all spaces.
    /// </summary>
    /// <param name="world">The world.</param>
    /// <param name="into">Takes the steps; it was made ready for this world.</param>
    /// <param name="learn">Whether new values may be learned: then no other thread uses this space.</param>
    /// <returns>False if there was something to learn, and <paramref name="into"/> is worth nothing.</returns>
    public abstract bool Steps(ReadOnlySpan<int> world, Successors into, bool learn);

    /// <summary>The same world with its nodes renamed.</summary>
    /// <param name="renaming">From 1 to <see cref="Renamings"/> - 1.</param>
    /// <param name="world">The world.</param>
    /// <param name="renamed">Takes the renamed world, of the same length.</param>
    /// <param name="learn">Whether new values may be learned.</param>
    /// <returns>False if there was something to learn.</returns>
    public virtual bool Rename(int renaming, ReadOnlySpan<int> world, Span<int> renamed, bool learn) =>
        throw new NotSupportedException($"{Name} has no interchangeable nodes.");

    /// <summary>Whether worlds are brought to a normal form: see <see cref="Core.Normalisation"/>.</summary>
    public virtual bool HasNormalForm => false;

    /// <summary>The normal form of a world.</summary>
    /// <param name="world">The world.</param>
    /// <param name="normal">Takes the normal form, of the same length.</param>
    /// <param name="learn">Whether new values may be learned.</param>
    /// <returns>False if there was something to learn.</returns>
    public virtual bool Normalise(ReadOnlySpan<int> world, Span<int> normal, bool learn) =>
        throw new NotSupportedException($"{Name} has no normal form.");

    /// <summary>Whether a world, one step from a normal form, has a number less than all there: they do not grow then.</summary>
    public virtual bool HasFallen(ReadOnlySpan<int> world) => false;

    /// <summary>
    /// Whether a shift of numbers makes another action of it: then fairness of the action speaks of one message, which is called
    /// something else after each shift. An action such as a process is the same before and after.
    /// </summary>
    /// <param name="label">Of a step.</param>
    /// <param name="demand">For which it counts as an action.</param>
    public virtual bool IsNumbered(int label, Fairness demand) => false;

    /// <summary>The line that a token stands in, where the tail holds lines.</summary>
    public virtual long LineOf(int token) => 0;

    /// <summary>A new view for one thread.</summary>
    public abstract WorldView CreateView();

    /// <summary>Which step a label number stands for.</summary>
    public abstract StepLabel LabelOf(int label);

    /// <summary>The starts as a story tells them.</summary>
    /// <param name="detail">As given to <see cref="Successors.Begin"/>.</param>
    /// <param name="start">The world.</param>
    public abstract Seq<StoryStep> TellStart(int detail, ReadOnlySpan<int> start);

    /// <summary>A step as a story tells it.</summary>
    /// <param name="label">As given to <see cref="Successors.Begin"/>.</param>
    /// <param name="detail">As given to <see cref="Successors.Begin"/>.</param>
    /// <param name="before">The world before.</param>
    /// <param name="after">The world after; empty where the step failed.</param>
    public abstract StoryStep Tell(int label, int detail, ReadOnlySpan<int> before, ReadOnlySpan<int> after);

    /// <summary>Runs the code behind a sample of what is remembered again, and compares.</summary>
    /// <param name="sample">At most so many steps.</param>
    /// <returns>The first difference, in a sentence; null if there is none.</returns>
    public virtual string? Recheck(int sample) => null;
}

/// <summary>A world as properties and constraints read it; it keeps a list of the slots that were read.</summary>
internal abstract class WorldView : IWorld
{
    private int[] _world = [];
    private int[] _readIn = [];
    private int _shows;

    /// <summary>The slots read of the world that is shown, in order, each once.</summary>
    public List<int> SlotsRead { get; } = [];

    /// <inheritdoc />
    public virtual Seq<Address> Addresses => [];

    public void Show(ReadOnlySpan<int> world)
    {
        if (_world.Length < world.Length)
        {
            _world = new int[world.Length];
            _readIn = new int[world.Length];
        }

        world.CopyTo(_world);
        SlotsRead.Clear();
        _shows++;
    }

    /// <inheritdoc />
    public virtual bool IsUp(Address address) => throw NoRoles();

    /// <inheritdoc />
    public virtual object StateAt(Address address) => throw NoRoles();

    /// <inheritdoc />
    public virtual object Observed(Observer observer) => throw NoRoles();

    protected int Read(int slot)
    {
        if (_readIn[slot] != _shows)
        {
            _readIn[slot] = _shows;
            SlotsRead.Add(slot);
        }

        return _world[slot];
    }

    private static NotSupportedException NoRoles() => new("This model has variables, no roles: read those.");
}
