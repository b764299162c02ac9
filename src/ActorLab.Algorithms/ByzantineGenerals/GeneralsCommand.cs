using System.Globalization;
using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>What users ask a camp for.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Give))]
[MemoryPackUnion(1, typeof(Last))]
public abstract partial record GeneralsCommand
{
    /// <summary>The general of the asked node commands.</summary>
    [MemoryPackable]
    public sealed partial record Give(string Order, int M, bool IsSigned, Map<NodeId, Strategy> Traitors, long Seed) : GeneralsCommand
    {
        public BattlePlan PlanFor(Seq<NodeId> generals, NodeId commander) =>
            new(generals, commander, M, IsSigned, Traitors, Order, Seed);
    }

    /// <summary>The report on the last battle that the general of the asked node commanded.</summary>
    [MemoryPackable]
    public sealed partial record Last : GeneralsCommand;
}

/// <summary>What users may ask for, once for console, HTTP and workloads.</summary>
public static class GeneralsOperations
{
    private const int MostTraitorBytes = 2_000;

    /// <param name="generals">Who there are; empty where that is not known, and the role that takes the order says what is wrong.</param>
    public static Seq<OperationKind> For(Seq<NodeId> generals) =>
    [
        new OperationKind(
            "order", "Gives an order to all generals, and shows what each of them heard and did.",
            [
                new OperationParameter("order", "attack or retreat", 16),
                new OperationParameter("m", "how often generals pass on what they heard: OM(m) or SM(m); 1 where left out", 8, Optional: true),
                new OperationParameter("signed", "with signatures", 8, Optional: true, Flag: true),
                new OperationParameter("traitors", "who betrays and how, such as n3:two-faced; several with commas", MostTraitorBytes, Optional: true),
                new OperationParameter("seed", "of what random traitors say; 0 where left out", 20, Optional: true),
            ],
            Council.Role, given => BuildOrder(given, generals)),
        new OperationKind(
            "last", "Shows the last battle that this node commanded.", [], Council.Role, _ => new GeneralsCommand.Last()),
    ];

    private static GeneralsCommand.Give BuildOrder(Map<string, string> given, Seq<NodeId> generals)
    {
        var order = given.TryGetValue("order", out var text) && BattlePlan.Orders.Contains(text) ? text
            : throw new FormatException($"'{text}' is no order: it is {string.Join(" or ", BattlePlan.Orders)}.");
        var most = generals.IsEmpty ? BattlePlan.MostRounds : BattlePlan.MostRoundsOf(generals.Count);
        var m = NumberOf("m", given.FindOr("m", "1"), most, taken: int.MaxValue); // why so many are too many, the plan knows
        var traitors = Strategy.ParseAll(given.FindOr("traitors", ""));
        var command = new GeneralsCommand.Give(
            order, (int)m, given.FindOr("signed", "") == "true", traitors, NumberOf("seed", given.FindOr("seed", "0"), long.MaxValue));
        return !generals.IsEmpty && command.PlanFor(generals, generals[0]).Refusal() is { } refusal
            ? throw new FormatException(refusal)
            : command;
    }

    private static long NumberOf(string name, string text, long most, long? taken = null) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= (taken ?? most)
            ? number
            : throw new FormatException(
                most == long.MaxValue ? $"{name} is a whole number from 0, not '{text}'." : $"{name} is a whole number from 0 to {most}, not '{text}'.");
}
