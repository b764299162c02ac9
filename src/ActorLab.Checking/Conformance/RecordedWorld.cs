using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>The world of a recorded run, turn by turn, with what the scenario's observers make of it.</summary>
internal sealed class RecordedWorld : IWorld
{
    private readonly Scenario _scenario;
    private readonly Dictionary<Address, object> _states = [];
    private readonly HashSet<Address> _up = [];
    private readonly object[] _observed;

    public RecordedWorld(Scenario scenario)
    {
        _scenario = scenario;
        _observed = [.. scenario.Observers.Select(observer => observer.Initial)];
        Addresses = Seq.ToSeq(scenario.Placements.Select(placement => placement.Address).Order());
    }

    /// <inheritdoc />
    public Seq<Address> Addresses { get; }

    /// <summary>Every role has booted once: before, there is no world.</summary>
    public bool IsWhole => _states.Count == Addresses.Count;

    /// <inheritdoc />
    public bool IsUp(Address address) => _up.Contains(address);

    /// <inheritdoc />
    public object StateAt(Address address) => _states[address];

    /// <inheritdoc />
    public object Observed(Observer observer)
    {
        for (var i = 0; i < _observed.Length; i++)
        {
            if (ReferenceEquals(_scenario.Observers[i], observer))
            {
                return _observed[i];
            }
        }

        throw new ArgumentException($"The scenario {_scenario.Name} has no observer {observer.Name}: list it in Observers.");
    }

    public void Happens(Happening happening)
    {
        _states[happening.Where] = happening.After;
        _up.Add(happening.Where);
        for (var i = 0; i < _observed.Length; i++)
        {
            _observed[i] = _scenario.Observers[i].After(_observed[i], happening);
        }
    }

    public void Crashes(Address address) => _up.Remove(address);
}
