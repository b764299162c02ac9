using ActorLab.Core;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>
/// Traitors with one story. Oral: if the commander is one of them, the first half of the loyal ones hears attack from all of
/// them and the second half retreat; of a loyal commander all say that he ordered the opposite. Signed: the commander gives his
/// order to all, and the other one to his fellows alone, who hand it on among themselves with their signatures, and show
/// it to a single loyal general as late as they can. With more than m of them that is too late for him to tell anybody.
/// </summary>
internal sealed class Colluding(Conspiracy conspiracy) : Turncoat(conspiracy)
{
    private readonly Seq<NodeId> _fellows =
        [.. conspiracy.Plan.Traitors.Where(traitor => traitor.Value.Kind == StrategyKind.Colluding).Select(traitor => traitor.Key)];

    private Seq<NodeId> LoyalLieutenants =>
        [.. Plan.Generals.Where(general => general != Plan.Commander && !Plan.Traitors.ContainsKey(general))];

    protected override void Speak(GeneralsMessage? told, Turn<GeneralsMessage> turn)
    {
        base.Speak(told, turn);
        if (told is null && Plan.IsSigned)
        {
            ShowInTheEnd(turn);
        }
    }

    protected override IEnumerable<string> OrdersFor(RelayPath path, string order, NodeId other) =>
        Plan.IsSigned ? (IsSecret(path, order) ? KeptBack(path, order, other) : [order])
        : _fellows.Contains(other) ? [order]
        : _fellows.Contains(Plan.Commander) ? [FaceFor(other)]
        : [Opposite(Plan.Order)];

    private string FaceFor(NodeId other)
    {
        var loyal = LoyalLieutenants;
        return 2 * loyal.TakeWhile(general => general != other).Count() < loyal.Count ? BattlePlan.Attack : BattlePlan.Retreat;
    }

    /// <summary>Whether this is the order that nobody else has to know yet.</summary>
    private bool IsSecret(RelayPath path, string order) => path.Count > 1 && order != Plan.Order && path.Generals.All(_fellows.Contains);

    /// <summary>The fellow behind him in the row signs next; the last one of them shows it to one loyal general.</summary>
    private IEnumerable<string> KeptBack(RelayPath path, string order, NodeId other)
    {
        var isLast = path.Count == Math.Min(_fellows.Count, Plan.M + 1);
        return other == (isLast ? LoyalLieutenants.FirstOrDefault() : NextAfter(path)) ? [order] : [];
    }

    private NodeId NextAfter(RelayPath path) => _fellows.FirstOrDefault(fellow => !path.Generals.Contains(fellow));

    /// <summary>The commander's second order goes to the first fellow; to a loyal one at once where there is no fellow.</summary>
    private void ShowInTheEnd(Turn<GeneralsMessage> turn)
    {
        var secret = Conspiracy.Own.Sign(Conspiracy.Battle, Opposite(Plan.Order));
        var isAlone = Math.Min(_fellows.Count, Plan.M + 1) == 1;
        var first = isAlone ? LoyalLieutenants.FirstOrDefault() : NextAfter(secret.Path);
        if (first.Name is not null)
        {
            turn.Tell(Council.AddressOf(first), secret);
        }
    }
}
