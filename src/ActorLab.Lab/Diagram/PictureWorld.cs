using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>
/// A world put together from the turns of a picture, so that a claim about it can be evaluated again: to see what it reads,
/// and what would be if somebody had done nothing.
/// </summary>
internal sealed record PictureWorld(
    Seq<Address> Addresses, Seq<Observer> Observers, Map<Address, object> States, Map<Address, object> FirstStates,
    Map<string, object> Observations, Set<NodeId> Down) : IWorld
{
    public static PictureWorld Of(Scenario? scenario) => new(
        Seq.ToSeq((scenario?.Placements ?? []).Select(placement => placement.Address).Order()), scenario?.Observers ?? [],
        default, default, scenario?.Observers.ToMap(observer => observer.Name, observer => observer.Initial) ?? default, []);

    /// <summary>All that there is in another world; without what its places were at first.</summary>
    public static PictureWorld Copy(IWorld world, Seq<Observer> observers) => new(
        world.Addresses, observers, world.Addresses.ToMap(address => address, world.StateAt), default,
        observers.ToMap(observer => observer.Name, world.Observed),
        world.Addresses.Where(address => !world.IsUp(address)).Select(address => address.Node).ToSet());

    public bool IsUp(Address address) => !Down.Contains(address.Node);

    public object StateAt(Address address) => States[address];

    public object Observed(Observer observer) => Observations[observer.Name];

    public PictureWorld After(Happening happening) => this with
    {
        States = States.Set(happening.Where, happening.After),
        FirstStates = FirstStates.ContainsKey(happening.Where) ? FirstStates : FirstStates.Set(happening.Where, happening.After),
        Observations = Observers.ToMap(
            observer => observer.Name, observer => observer.After(Observations[observer.Name], happening)),
    };

    public PictureWorld WithNode(NodeId node, bool isUp) => this with { Down = isUp ? Down.Remove(node) : Down.Add(node) };

    /// <summary>
    /// What a claim that is false here speaks of: of each place and observer that it reads, the fields that are no longer what
    /// they were at first. A place matters if the claim would hold had that place done nothing. Empty where the claim
    /// holds in this world: then it was put together wrongly, and says nothing.
    /// </summary>
    public Seq<PictureFact> Facts(Property property)
    {
        var world = new Witness(this);
        if (property is not Property.Always always || Holds(always, world) is not false)
        {
            return [];
        }

        var facts = Seq<PictureFact>.Empty;
        foreach (var address in world.Read.Order())
        {
            var matters = Holds(always, new Witness(this with { States = States.Set(address, FirstStates[address]) })) is true;
            facts = facts.AddRange(FactsOf($"{address}", FirstStates[address], States[address], matters));
        }

        foreach (var observer in Observers.Where(observer => world.Seen.Contains(observer.Name)))
        {
            var blank = this with { Observations = Observations.Set(observer.Name, observer.Initial) };
            var matters = Holds(always, new Witness(blank)) is true;
            facts = facts.AddRange(FactsOf(observer.Name, observer.Initial, Observations[observer.Name], matters));
        }

        return facts;
    }

    private static Seq<PictureFact> FactsOf(string of, object first, object now, bool matters) => Seq.ToSeq(
        Canonical.Changes(first, now).Where(change => change.After != Difference.Absent)
            .Select(change => new PictureFact(of, change.Path, change.After, matters)));

    private static bool? Holds(Property.Always property, IWorld world)
    {
        try
        {
            return property.Holds(world);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return null; // A world that never was may make no sense to a claim.
        }
    }

    /// <summary>Sees what a claim reads.</summary>
    private sealed class Witness(PictureWorld world) : IWorld
    {
        public HashSet<Address> Read { get; } = [];

        public HashSet<string> Seen { get; } = [];

        public Seq<Address> Addresses => world.Addresses;

        public bool IsUp(Address address) => world.IsUp(address);

        public object StateAt(Address address)
        {
            Read.Add(address);
            return world.StateAt(address);
        }

        public object Observed(Observer observer)
        {
            Seen.Add(observer.Name);
            return world.Observed(observer);
        }
    }
}
