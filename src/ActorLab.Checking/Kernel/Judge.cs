using System.IO.Hashing;
using System.Runtime.InteropServices;
using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// Evaluates constraint and properties, once for each combination of states and observers: whatever else differs
/// between two worlds, they cannot read.
/// </summary>
internal sealed class Judge(Scenario scenario, Layout layout, Turns turns, Observing observing)
{
    private readonly Dictionary<UInt128, bool> _isInside = [];
    private readonly bool[] _decided = new bool[scenario.Properties.Count];
    private readonly View _view = new(scenario, layout, turns, observing);

    /// <summary>Tells the properties that this world decides, which no world before it did.</summary>
    /// <param name="world">A reachable world.</param>
    /// <param name="decide">Takes the index of a property, and what it threw.</param>
    /// <returns>Whether the world is within the constraint.</returns>
    public bool Evaluate(ReadOnlySpan<int> world, Action<int, string?> decide)
    {
        var readable = world[..layout.Observable];
        var key = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(readable));
        if (_isInside.TryGetValue(key, out var inside))
        {
            return inside;
        }

        _view.Show(readable);
        inside = scenario.Constraint is null || scenario.Constraint(_view);
        _isInside.Add(key, inside);
        for (var i = 0; i < _decided.Length; i++)
        {
            if (!_decided[i] && Decides(scenario.Properties[i], out var error))
            {
                _decided[i] = true;
                decide(i, error);
            }
        }

        return inside;
    }

    /// <summary>A property that throws is decided too: it is broken.</summary>
    private bool Decides(Property property, out string? error)
    {
        error = null;
        try
        {
            return property switch
            {
                Property.Always always => !always.Holds(_view),
                Property.Sometimes sometimes => sometimes.Reached(_view),
                _ => throw new NotSupportedException($"This checker cannot judge a {property.GetType().Name}."),
            };
        }
        catch (Exception thrown)
        {
            error = $"{thrown.GetType().Name}: {thrown.Message}";
            return true;
        }
    }

    /// <summary>A world as properties read it.</summary>
    private sealed class View(Scenario scenario, Layout layout, Turns turns, Observing observing) : IWorld
    {
        private readonly int[] _world = new int[layout.Observable];

        public Seq<Address> Addresses { get; } =
            Seq.ToSeq(scenario.Placements.Select(placement => placement.Address).Order());

        public void Show(ReadOnlySpan<int> world) => world.CopyTo(_world);

        public bool IsUp(Address address) => Layout.IsUp(_world[turns.PlaceOf(address)]);

        public object StateAt(Address address) => turns.States[Layout.StateOf(_world[turns.PlaceOf(address)])];

        public object Observed(Observer observer)
        {
            for (var i = 0; i < scenario.Observers.Count; i++)
            {
                if (ReferenceEquals(scenario.Observers[i], observer))
                {
                    return observing[_world[layout.Observers + i]];
                }
            }

            throw new ArgumentException($"The scenario {scenario.Name} has no observer {observer.Name}: list it in Observers.");
        }
    }
}
