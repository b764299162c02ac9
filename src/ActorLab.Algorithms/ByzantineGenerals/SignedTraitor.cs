using ActorLab.Core;
using static ActorLab.Algorithms.ByzantineGenerals.GeneralsMessage;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>
/// A traitor among signed messages. As the commander he signs for each lieutenant none of the orders, or one, or all. As a
/// lieutenant he passes on to each general, or does not, or passes on another order instead, for which he has no signature
/// but his own. Of either he may also say it with one signature too many. An order that he and a fellow make up in the
/// commander's name, where that is a traitor too, is one that the commander might have signed for him.
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
        Pad,
    }

    private readonly Deed[] _deeds = mayForge ? [Deed.Pass, Deed.Hide, Deed.Forge, Deed.Pad] : [Deed.Pass, Deed.Hide];

    private readonly Deed[] _orders = mayForge ? [Deed.Pass, Deed.Hide, Deed.Pad] : [Deed.Pass, Deed.Hide];

    public NoDisk EmptyDisk => NoDisk.Instance;

    public GeneralState Boot(NoDisk disk, Turn<GeneralsMessage> turn)
    {
        turn.Note("is a traitor");
        if (council.Commanders.Contains(turn.Self.Node))
        {
            foreach (var other in council.Others(RelayPath.Of(turn.Self.Node)))
            {
                foreach (var order in council.Orders)
                {
                    Do(turn.Choose(_orders), own.Sign("", order), other, turn);
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
                Do(deed, own.Add("", deed == Deed.Forge ? Changed(signed) : signed), other, turn);
            }
        }

        return state;
    }

    private static void Do(Deed deed, Signed signed, NodeId other, Turn<GeneralsMessage> turn)
    {
        if (deed != Deed.Hide)
        {
            turn.Tell(
                Council.AddressOf(other),
                deed == Deed.Pad ? signed with { Signatures = signed.Signatures.Add(signed.Signatures.Last) } : signed);
        }
    }

    private Signed Changed(Signed signed) =>
        signed with { Order = council.Orders.First(order => order != signed.Order) };
}
