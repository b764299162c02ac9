using ActorLab.Core;
using static ActorLab.Algorithms.ByzantineGenerals.GeneralsMessage;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>
/// A loyal general in the algorithm SM(m) of section 4: commander, or lieutenant. The set V of the paper is a map: with
/// each order there is the path on which it came first.
/// </summary>
/// <param name="council">What all know; one commander.</param>
/// <param name="keys">Everybody's public keys.</param>
/// <param name="own">His own hand.</param>
/// <param name="battle">What is signed with every order.</param>
public class SignedGeneral(Council council, PublicKeys keys, Signer own, string battle = "")
    : IRole<GeneralState, NoDisk, GeneralsMessage>
{
    public NoDisk EmptyDisk => NoDisk.Instance;

    protected Council Council => council;

    /// <summary>Step (1): the commander signs his value and sends it to every lieutenant.</summary>
    public GeneralState Boot(NoDisk disk, Turn<GeneralsMessage> turn)
    {
        var self = turn.Self.Node;
        if (!council.Commanders.Contains(self))
        {
            turn.Start(council.Deadline);
            return new GeneralState.Loyal(default, default, null);
        }

        var order = turn.Choose(council.OrdersOf(self));
        var signed = own.Sign(battle, order);
        turn.Tell(council.Others(signed.Path).Select(Council.AddressOf), signed);
        return new GeneralState.Loyal(Map.Of((signed.Path, order)), Map.Of((self, order)), order);
    }

    /// <summary>Step (2): a lieutenant adds a new order to his set, and his signature to the message that he passes on.</summary>
    public GeneralState Receive(GeneralState state, Address sender, GeneralsMessage message, Turn<GeneralsMessage> turn)
    {
        var loyal = (GeneralState.Loyal)state;
        if (message is not Signed signed || !council.Orders.Contains(signed.Order) || loyal.Signed.ContainsKey(signed.Order))
        {
            return state; // Nonsense, or nothing new.
        }

        if (!council.IsPossible(signed.Path, sender.Node, turn.Self.Node))
        {
            return loyal.Decision is null && signed.Path.Count > 0 && signed.Path.Speaker != sender.Node
                ? Refuse(loyal, signed, sender, $"the last to sign it is {signed.Path.Speaker}", turn)
                : state;
        }

        if (loyal.Decision is not null)
        {
            turn.Note($"{signed} came after the deadline: the rounds were not synchronous");
            return state;
        }

        if (ForgedIn(signed) is { } victim)
        {
            return Refuse(loyal, signed, sender, $"the signature of {victim} is not his", turn);
        }

        if (signed.Path.Count <= council.M)
        {
            Relay(signed, turn);
        }

        return loyal with { Signed = loyal.Signed.Set(signed.Order, signed.Path) };
    }

    private static GeneralState.Loyal Refuse(
        GeneralState.Loyal loyal, Signed signed, Address sender, string why, Turn<GeneralsMessage> turn)
    {
        turn.Note($"refuses {signed} of {sender.Node}: {why}");
        return loyal with { Refused = loyal.Refused + 1 };
    }

    /// <summary>Step (3), once no more messages come: he obeys choice(V).</summary>
    public GeneralState Expire(GeneralState state, Timer timer, Turn<GeneralsMessage> turn)
    {
        var loyal = (GeneralState.Loyal)state;
        var order = Choice(loyal.Signed);
        turn.Note($"obeys: {order}");
        return loyal with { Orders = Map.Of((council.Commanders[0], order)), Decision = order };
    }

    /// <summary>A4: whose signature in it is not his; null where all are good.</summary>
    protected virtual NodeId? ForgedIn(Signed signed) => keys.Forged(battle, signed);

    protected virtual void Relay(Signed signed, Turn<GeneralsMessage> turn)
    {
        var passed = own.Add(battle, signed);
        turn.Tell(council.Others(passed.Path).Select(Council.AddressOf), passed);
    }

    /// <summary>
    /// The only order of the set; retreat where there is none, or where there are two: then the commander signed both, and is a
    /// traitor.
    /// </summary>
    protected virtual string Choice(Map<string, RelayPath> signed) =>
        signed.Count == 1 ? signed.Keys.First() : council.Retreat;
}
