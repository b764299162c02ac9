using ActorLab.Core;
using static ActorLab.Algorithms.ByzantineGenerals.GeneralsMessage;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>
/// A traitor among signed messages. As the commander he signs for each lieutenant none of the orders, or one, or all. As a
/// lieutenant he passes on to each general, or does not, or passes on another order instead, for which he has no signature
/// but his own. An order that he and a fellow make up in the commander's name, where that is a traitor too, is one that the
/// commander might have signed for him.
/// </summary>
/// <param name="council">What all know.</param>
/// <param name="own">His own hand.</param>
/// <param name="mayForge">Whether he also tries what signatures refuse.</param>
public sealed class SignedTraitor(Council council, Signer own, bool mayForge) : IRole<GeneralState, NoDisk, GeneralsMessage>
{
    private enum Deed
    {
        Pass,
        Hide,
        Forge,
    }

    private readonly Deed[] _deeds = mayForge ? [Deed.Pass, Deed.Hide, Deed.Forge] : [Deed.Pass, Deed.Hide];

    public NoDisk EmptyDisk => NoDisk.Instance;

    public GeneralState Boot(NoDisk disk, Turn<GeneralsMessage> turn)
    {
        turn.Note("is a traitor");
        if (council.Commanders.Contains(turn.Self.Node))
        {
            foreach (var other in council.Others(RelayPath.Of(turn.Self.Node)))
            {
                foreach (var order in council.Orders.Where(_ => turn.Choose([true, false])))
                {
                    turn.Tell(Council.AddressOf(other), own.Sign("", order));
                }
            }
        }

        return new GeneralState.Traitor(default);
    }

    public GeneralState Receive(GeneralState state, Address sender, GeneralsMessage message, Turn<GeneralsMessage> turn)
    {
        if (message is Signed signed && signed.Path.Count <= council.M
            && council.IsPossible(signed.Path, sender.Node, turn.Self.Node))
        {
            foreach (var other in council.Others(signed.Path.Then(turn.Self.Node)))
            {
                var deed = turn.Choose(_deeds);
                if (deed != Deed.Hide)
                {
                    turn.Tell(Council.AddressOf(other), own.Add("", deed == Deed.Pass ? signed : Changed(signed)));
                }
            }
        }

        return state;
    }

    private Signed Changed(Signed signed) =>
        signed with { Order = council.Orders.First(order => order != signed.Order) };
}
