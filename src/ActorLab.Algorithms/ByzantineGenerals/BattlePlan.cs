using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>One order of one commander, and who betrays it.</summary>
/// <param name="Generals">Everybody.</param>
/// <param name="Commander">Who gives the order.</param>
/// <param name="M">The m of OM(m) or SM(m).</param>
/// <param name="IsSigned">SM(m) instead of OM(m).</param>
/// <param name="Traitors">Who is one, and what he does.</param>
/// <param name="Order">What the commander orders, if he is loyal.</param>
/// <param name="Seed">Of what random traitors say.</param>
[MemoryPackable]
public sealed partial record BattlePlan(
    Seq<NodeId> Generals, NodeId Commander, int M, bool IsSigned, Map<NodeId, Strategy> Traitors, string Order, long Seed)
{
    /// <summary>The greatest m that users may ask for: each more costs nearly n times as many oral messages.</summary>
    public const int MostRounds = 3;

    public const string Attack = "attack";
    public const string Retreat = "retreat";

    public static readonly Seq<string> Orders = [Attack, Retreat];

    /// <summary>What all generals know of it.</summary>
    [MemoryPackIgnore]
    public Council Council => new(Generals, [Commander], M, Orders, Retreat) { Opinions = Map.Of((Commander, Order)) };

    /// <summary>Whether the paper promises anything: Theorem 1 for oral messages, Theorem 2 for signed ones.</summary>
    [MemoryPackIgnore]
    public bool IsWithinBound => Traitors.Count <= M && (IsSigned || Generals.Count > 3 * M);

    /// <summary>What the paper says of it, as a sentence.</summary>
    [MemoryPackIgnore]
    public string Promise => Traitors.Count > M
            ? $"The paper promises nothing: {Traitors.Count} {(Traitors.Count == 1 ? "is a traitor" : "are traitors")}, more than m={M}."
        : IsSigned ? $"Theorem 2: SM({M}) stands {M} {Plural(M)}, however many generals there are."
        : IsWithinBound ? $"Theorem 1: OM({M}) of {Generals.Count} generals stands {M} {Plural(M)}, for there are more than 3m = {3 * M}."
        : $"The paper promises nothing: OM({M}) wants more than 3m = {3 * M} generals, and here are {Generals.Count}.";

    /// <summary>The greatest m of so many generals: a lieutenant passes an order on to those not on its path.</summary>
    public static int MostRoundsOf(int generals) => Math.Min(MostRounds, generals - 2);

    /// <summary>Why nobody can fight it, as a sentence; null when it can be.</summary>
    public string? Refusal()
    {
        var strangers = Traitors.Keys.Concat(Traitors.Values.SelectMany(strategy => strategy.Faces.Keys))
            .Where(node => !Generals.Contains(node)).ToList();
        var most = MostRoundsOf(Generals.Count);
        return Generals.Count < 3 ? $"It takes a commander and two lieutenants at least; here are {Generals.Count}."
            : M > most && most < MostRounds
                ? $"m={M} does not go with {Generals.Count} generals: a lieutenant passes an order on to those not on its path, and "
                    + $"after {most} {(most == 1 ? "time" : "times")} there is nobody left; take m from 0 to {most}."
            : M < 0 || M > most ? $"m={M} is out of range: m is 0 to {most}."
            : Traitors.Count > Generals.Count ? $"{Traitors.Count} traitors are more than the {Generals.Count} generals."
            : strangers.Count > 0 ? $"{strangers[0]} is no general here. These are: {string.Join(", ", Generals)}."
            : !Orders.Contains(Order) ? $"'{Order}' is no order: it is {string.Join(" or ", Orders)}."
            : null;
    }

    private static string Plural(int traitors) => traitors == 1 ? "traitor" : "traitors";

    /// <summary>The role of one general in it, loyal or not.</summary>
    /// <param name="own">His hand.</param>
    /// <param name="keys">By which he verifies what others signed.</param>
    /// <param name="battle">What is signed with every order.</param>
    /// <param name="remembered">What he was told in the battle before.</param>
    public IRole<GeneralState, NoDisk, GeneralsMessage> RoleOf(
        Signer own, PublicKeys keys, string battle = "", Seq<GeneralsMessage> remembered = default) =>
        Traitors.ContainsKey(own.General) ? Turncoat.Of(new Conspiracy(this, own, battle, remembered))
        : IsSigned ? new SignedGeneral(Council, keys, own, battle)
        : new General(Council);
}
