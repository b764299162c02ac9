using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>Finds out which observers a claim reads.</summary>
internal sealed class ReadObservers(IWorld world) : IWorld
{
    private readonly HashSet<string> _read = [];

    public Seq<Address> Addresses => world.Addresses;

    /// <summary>Those that it reads in a world in which it is broken. The others need not be folded to see it broken again.</summary>
    public static Seq<Observer> Of(Property? claim, Seq<Observer> all, IWorld broken)
    {
        if (claim is Property.Temporal)
        {
            return all;
        }

        var reads = new ReadObservers(broken);
        try
        {
            _ = claim is Property.Always always && always.Holds(reads);
        }
        catch (Exception) // A claim may throw, and is broken then.
        {
            return all;
        }

        return all.Where(observer => reads._read.Contains(observer.Name)).ToSeq();
    }

    public bool IsUp(Address address) => world.IsUp(address);

    public object StateAt(Address address) => world.StateAt(address);

    public object Observed(Observer observer)
    {
        _read.Add(observer.Name);
        return world.Observed(observer);
    }
}
