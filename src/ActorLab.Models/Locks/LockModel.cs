using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>A lock, and what is known of it.</summary>
/// <param name="Family">Its model, which has the properties of <see cref="DijkstraConditions"/>.</param>
/// <param name="Breaks">Which of the conditions it breaks, by the literature or by an argument in its comment.</param>
public sealed record LockModel(ModelFamily Family, Func<ScenarioArguments, Set<string>> Breaks)
{
    /// <summary>All, simple ones first.</summary>
    public static Seq<LockModel> All { get; } =
    [
        NaiveLock.Lock,
        TurnLock.Lock,
        FlagsLock.Lock,
        TestAndSet.Lock,
        SemaphorePV.Lock,
        TicketLock.Lock,
        PetersonLock.Lock,
        DijkstraLock.Lock,
        BakeryLock.Lock,
    ];

    /// <summary>The parameter that most of them have.</summary>
    internal static ScenarioParameter Processes(int most) => new("processes", "how many processes", 2, 2, most);

    /// <summary>The parameter of those with a label that is worth strong fairness.</summary>
    internal static ScenarioParameter Strong(string label) =>
        new("strong", $"1 for strong fairness of {label}, 0 for weak", 0, 0, 1);
}
