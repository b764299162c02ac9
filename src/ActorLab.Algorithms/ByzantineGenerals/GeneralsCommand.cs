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
        var m = RoundsOf(given.FindOr("m", "1"), generals);
        var traitors = Strategy.ParseAll(given.FindOr("traitors", ""));
        var command = new GeneralsCommand.Give(
            order, m, given.FindOr("signed", "") == "true", traitors, SeedOf(given.FindOr("seed", "0")));
        return !generals.IsEmpty && command.PlanFor(generals, generals[0]).Refusal() is { } refusal
            ? throw new FormatException(refusal)
            : command;
    }

    /// <summary>One that is too high is a number all the same: why it is too high, the plan knows.</summary>
    private static int RoundsOf(string text, Seq<NodeId> generals) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds)
            ? rounds
            : throw new FormatException(
                $"m is a whole number from 0 to {(generals.IsEmpty ? BattlePlan.MostRounds : BattlePlan.MostRoundsOf(generals.Count))}, not '{text}'.");

    private static long SeedOf(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw new FormatException($"seed is a whole number from 0, not '{text}'.");
}
