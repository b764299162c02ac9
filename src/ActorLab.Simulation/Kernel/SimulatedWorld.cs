using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>
/// The present of a run as properties see it: a turn has happened once its disk is safe, for a crash before that undoes
/// it. (An acceptance of Paxos that a crash took away chose nothing.) Boots show at once.
/// With its reads tracked: a property is evaluated again only when what it read changed.
/// </summary>
internal sealed class SimulatedWorld : IWorld
{
    private readonly RoleSlot[] _roles;
    private readonly Observer[] _observers;
    private readonly Dictionary<Address, int> _places;
    private readonly object[] _observed;
    private int _last;

    public SimulatedWorld(RoleSlot[] roles, Seq<Observer> observers)
    {
        _roles = roles;
        _observers = observers.ToArray();
        _observed = [.. observers.Select(observer => observer.Initial)];
        _places = roles.ToDictionary(role => role.Address, role => role.Index);
        Addresses = roles.Select(role => role.Address).Order().ToSeq();
    }

    public Seq<Address> Addresses { get; }

    /// <summary>Bits of the roles, then of the observers, that were read. More than 64 of them share bits.</summary>
    public ulong Read { get; set; }

    public bool IsUp(Address address) => Place(address).Node.IsUp;

    public object StateAt(Address address) => Place(address).Shown
        ?? throw new InvalidOperationException($"{address} has not booted yet: it has no state.");

    public object Observed(Observer observer)
    {
        var index = IndexOf(observer);
        Read |= BitOfObserver(index);
        return _observed[index];
    }

    public static ulong BitOfRole(int role) => 1UL << (role & 63);

    /// <summary>Folds a turn into all observers; the bits of those whose value changed.</summary>
    public ulong Observe(Happening happening)
    {
        var changed = 0UL;
        for (var i = 0; i < _observers.Length; i++)
        {
            var after = _observers[i].After(_observed[i], happening);
            if (!ReferenceEquals(after, _observed[i]))
            {
                _observed[i] = after;
                changed |= BitOfObserver(i);
            }
        }

        return changed;
    }

    private ulong BitOfObserver(int observer) => 1UL << ((_roles.Length + observer) & 63);

    private RoleSlot Place(Address address)
    {
        // Properties mostly go through the addresses in order, and ask for the same one twice.
        for (var i = _last; i < _roles.Length && i <= _last + 1; i++)
        {
            if (_roles[i].Address == address)
            {
                return Found(i);
            }
        }

        return _places.TryGetValue(address, out var place) ? Found(place) : throw new KeyNotFoundException(
            $"The scenario has no role at {address}. It has: {string.Join(", ", Addresses)}.");
    }

    private RoleSlot Found(int index)
    {
        _last = index;
        Read |= BitOfRole(index);
        return _roles[index];
    }

    private int IndexOf(Observer observer)
    {
        for (var i = 0; i < _observers.Length; i++)
        {
            if (ReferenceEquals(_observers[i], observer))
            {
                return i;
            }
        }

        var named = Array.FindIndex(_observers, known => known.Name == observer.Name);
        return named >= 0 ? named : throw new KeyNotFoundException(
            $"The scenario has no observer '{observer.Name}': add it to Scenario.Observers.");
    }
}
