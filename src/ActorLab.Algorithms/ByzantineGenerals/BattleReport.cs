using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>An order that came in its round, and was taken.</summary>
/// <param name="Path">Through whom.</param>
/// <param name="Order">What.</param>
/// <param name="Round">The round in which it came, from 1; not after that of its path.</param>
[MemoryPackable]
public sealed partial record Received(RelayPath Path, string Order, int Round)
{
    public override string ToString() => $"{Order}:{Path}";
}

/// <summary>What one general saw and did.</summary>
/// <param name="Strategy">Null of a loyal one.</param>
/// <param name="Received">The orders that he was told, in the order of their coming.</param>
/// <param name="Decision">What he obeys; null of a traitor.</param>
/// <param name="Late">What came after its round was over, and was not used.</param>
/// <param name="Refused">Messages in the name of another: told by somebody else, or with a signature that is not of him whose it should be.</param>
/// <param name="Sent">How many messages he sent to whom.</param>
/// <param name="Came">How many came from whom in time.</param>
[MemoryPackable]
public sealed partial record GeneralReport(
    Strategy? Strategy, Seq<Received> Received, string? Decision, Seq<string> Late, int Refused,
    Map<NodeId, int> Sent, Map<NodeId, int> Came);

/// <summary>What is known of a condition after a battle.</summary>
public enum BattleVerdict
{
    Holds,
    Broken,

    /// <summary>It asks for nothing: IC2 where the commander is a traitor, IC1 where no lieutenant is loyal.</summary>
    Vacuous,

    /// <summary>The assumptions of the paper were violated, and so it promises nothing.</summary>
    Unjudged,
}

/// <summary>The end of a battle, as its commander's camp collected it.</summary>
/// <param name="Battle">Which one.</param>
/// <param name="Plan">What was ordered, and who betrayed.</param>
/// <param name="Generals">Of all who gave an account.</param>
/// <param name="Missing">Who gave none in time.</param>
/// <param name="Violations">Sentences: which assumptions of the paper did not hold.</param>
/// <param name="Ic1">All loyal lieutenants obey the same order.</param>
/// <param name="Ic2">They obey the order of a loyal commander.</param>
[MemoryPackable]
public sealed partial record BattleReport(
    BattleId Battle, BattlePlan Plan, Map<NodeId, GeneralReport> Generals, Set<NodeId> Missing, Seq<string> Violations,
    BattleVerdict Ic1, BattleVerdict Ic2)
{
    public static BattleReport Of(BattleId battle, BattlePlan plan, Map<NodeId, GeneralReport> generals)
    {
        var missing = plan.Generals.Where(general => !generals.ContainsKey(general)).ToSet();
        var violations = ViolationsIn(generals, missing).ToSeq();
        var obeyed = generals.Where(general => general.Key != plan.Commander).Select(general => general.Value.Decision)
            .OfType<string>().ToSet();
        return new BattleReport(
            battle, plan, generals, missing, violations,
            violations.IsEmpty && obeyed.IsEmpty ? BattleVerdict.Vacuous : Judged(!violations.IsEmpty, obeyed.Count <= 1),
            plan.Traitors.ContainsKey(plan.Commander)
                ? BattleVerdict.Vacuous
                : Judged(!violations.IsEmpty, obeyed.All(order => order == plan.Order)));
    }

    private static BattleVerdict Judged(bool isViolated, bool holds) =>
        isViolated ? BattleVerdict.Unjudged : holds ? BattleVerdict.Holds : BattleVerdict.Broken;

    private static IEnumerable<string> ViolationsIn(Map<NodeId, GeneralReport> generals, Set<NodeId> missing)
    {
        foreach (var general in missing)
        {
            yield return $"assumption violated: {general} gave no account of the battle.";
        }

        foreach (var (general, report) in generals)
        {
            foreach (var late in report.Late)
            {
                yield return $"assumption violated: at {general} {late}.";
            }

            foreach (var (other, sent) in report.Sent)
            {
                if (generals.TryGetValue(other, out var receiver) && receiver.Came.FindOr(general, 0) is var came && came < sent)
                {
                    yield return $"assumption violated: of {sent} messages of {general} to {other} {came} came in time.";
                }
            }
        }
    }
}
