using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>A world of roles as properties read it.</summary>
internal sealed class RoleView(Scenario scenario, Layout layout, Turns turns, Memory memory) : WorldView
{
    /// <inheritdoc />
    public override Seq<Address> Addresses { get; } =
        Seq.ToSeq(scenario.Placements.Select(placement => placement.Address).Order());

    /// <inheritdoc />
    public override bool IsUp(Address address) => Layout.IsUp(Read(turns.PlaceOf(address)));

    /// <inheritdoc />
    public override object StateAt(Address address) => turns.States[Layout.StateOf(Read(turns.PlaceOf(address)))];

    /// <inheritdoc />
    public override object Observed(Observer observer)
    {
        for (var i = 0; i < scenario.Observers.Count; i++)
        {
            if (ReferenceEquals(scenario.Observers[i], observer))
            {
                return memory.Observed[Read(layout.Observers + i)];
            }
        }

        throw new ArgumentException($"The scenario {scenario.Name} has no observer {observer.Name}: list it in Observers.");
    }
}
