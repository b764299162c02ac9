namespace ActorLab.Core;

/// <summary>Where a role's choices come from: a seeded stream, an enumeration, or a recording.</summary>
public interface IChoices
{
    /// <summary>A number from 0 to <paramref name="options"/> - 1.</summary>
    int Next(int options);
}

/// <summary>The physical time as a node knows it: true time lies within.</summary>
/// <param name="Earliest">Microseconds since the epoch of the host.</param>
/// <param name="Latest">Microseconds since the epoch of the host; not before <paramref name="Earliest"/>.</param>
public readonly record struct ClockInterval(long Earliest, long Latest);

/// <summary>What a host lends to a role for one turn.</summary>
/// <param name="Self">The address that takes the turn.</param>
/// <param name="Choices">The dice.</param>
/// <param name="Clock">Read at most once a turn, and only if the role asks.</param>
public sealed record TurnContext(Address Self, IChoices Choices, Func<ClockInterval> Clock);

/// <summary>
/// One atomic step of one role. What a role wants of the world goes through here, and is done only after the handler
/// returned and the disk was written. A turn that is used later throws.
/// </summary>
public sealed class Turn<TMessage>
    where TMessage : class
{
    /// <summary>In the place of the effects of a turn that is over.</summary>
    private static readonly List<Effect> Over = [];

    private readonly TurnContext _context;
    private List<Effect>? _effects; // none until the first: many turns ask for nothing
    private ClockInterval? _clock;

    internal Turn(TurnContext context) => _context = context;

    public Address Self => _context.Self;

    /// <summary>The physical clock, the same for the whole turn.</summary>
    public ClockInterval Clock
    {
        get
        {
            RequireAlive();
            return _clock ??= _context.Clock();
        }
    }

    /// <summary>True once the role read its clock: a memo of the step must then include the reading.</summary>
    internal ClockInterval? ClockRead => _clock;

    private List<Effect> Alive
    {
        get
        {
            RequireAlive();
            return _effects ??= [];
        }
    }

    public void Tell(Address to, TMessage message) => Alive.Add(new Effect.Send(to, message));

    public void Tell(IEnumerable<Address> everyone, TMessage message)
    {
        foreach (var to in everyone)
        {
            Tell(to, message);
        }
    }

    /// <summary>
    /// Tells what is true whether or not the writes under way survive: such a message need not wait for the disk, and may
    /// overtake earlier ones of the same role that do. A Raft leader sends new entries to its followers while it writes
    /// them itself (Ongaro's thesis, 10.2.1), and counts its own copy when a message to itself, which waits for the disk
    /// like any other, has come back.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// <paramref name="to"/> is the role itself: what it knows before the disk does needs no message.
    /// </exception>
    public void TellBeforeDisk(Address to, TMessage message)
    {
        if (to == Self)
        {
            throw new InvalidOperationException(
                $"{Self} may not tell itself before its disk is written: use {nameof(Tell)}, which comes back after the write.");
        }

        Alive.Add(new Effect.Send(to, message, Early: true));
    }

    public void Start(Timer timer) => Alive.Add(new Effect.StartTimer(timer));

    public void Cancel(Timer timer) => Alive.Add(new Effect.CancelTimer(timer.Name));

    /// <summary>The only dice of a role: seeded in the simulator, enumerated by the checker, recorded on the cluster.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is nothing to choose from.</exception>
    public T Choose<T>(IReadOnlyList<T> options)
    {
        ArgumentOutOfRangeException.ThrowIfZero(options.Count);
        RequireAlive();
        return options[options.Count == 1 ? 0 : _context.Choices.Next(options.Count)];
    }

    public void Note(string why) => Alive.Add(new Effect.Note(why));

    public void Report(HistoryEvent happening) => Alive.Add(new Effect.Report(happening));

    /// <summary>
    /// A turn of a role within this one, with its address, dice and clock: the inner role asks it, and the outer one does
    /// with that what it is there for.
    /// </summary>
    internal Turn<TInner> Within<TInner>()
        where TInner : class
    {
        _ = Alive;
        return new Turn<TInner>(_context with { Clock = () => Clock });
    }

    /// <summary>Asks for what an inner role asked for.</summary>
    internal void Pass(Effect effect) => Alive.Add(effect);

    /// <summary>Takes a turn of a role within this one. What it asked for is left to the outer role, which may ask for it.</summary>
    public (T Result, IReadOnlyList<Effect> Asked) Nest<TInner, T>(Func<Turn<TInner>, T> handler)
        where TInner : class
    {
        var within = Within<TInner>();
        var result = handler(within);
        _clock ??= within.ClockRead;
        return (result, within.End());
    }

    /// <summary>Ends the turn and hands out what it asked for.</summary>
    internal IReadOnlyList<Effect> End()
    {
        RequireAlive();
        IReadOnlyList<Effect>? effects = _effects;
        _effects = Over;
        return effects ?? [];
    }

    private void RequireAlive()
    {
        if (ReferenceEquals(_effects, Over))
        {
            throw new InvalidOperationException(
                $"The turn of {Self} is over: a handler may use its turn only before it returns.");
        }
    }
}
