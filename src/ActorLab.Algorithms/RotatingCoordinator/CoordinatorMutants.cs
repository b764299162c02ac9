using ActorLab.Core;
using static ActorLab.Algorithms.RotatingCoordinator.CoordinatorMessage;

namespace ActorLab.Algorithms.RotatingCoordinator;

/// <summary>Wrong variants, each of which a property must catch.</summary>
public static class CoordinatorMutants
{
    /// <summary>All of them, as users name them.</summary>
    public static Seq<Mutant> All { get; } =
    [
        Of(
            "hears-only-itself", "Phase 2: a process waits for the estimates of a majority.",
            "CoordinatedProcess.cs, IsEnough", ["Agreement"], Lonely),
        Of(
            "keeps-its-estimate", "Phase 2: a process that hears of the coordinator's estimate takes it.",
            "CoordinatedProcess.cs, Next", ["Agreement"], Stubborn),
        Of(
            "decides-on-any", "Phase 2: a process decides if all that it hears have the coordinator's estimate.",
            "CoordinatedProcess.cs, IsDecisive", ["Agreement"], Hasty),
        Of(
            "makes-up-a-value", "An estimate is the input of some process.",
            "CoordinatedProcess.cs, Next", ["Validity"], Inventive),
        Of(
            "says-nothing", "Phases 1 and 2: a process tells all what it has.",
            "CoordinatedProcess.cs, Say", ["Termination"], Mute),
    ];

    private static Mutant Of(string name, string givesUp, string where, Seq<string> breaks, Func<CoordinatorOptions, Scenario> scenario) => new(
        name, givesUp, where, breaks, CoordinatorScenario.Family with
        {
            Name = $"{CoordinatorScenario.Family.Name}:{name}",
            Summary = $"The rotating coordinator, wrong on purpose: {name}.",
            Build = given => scenario(CoordinatorScenario.OptionsOf(given)),
        });

    /// <summary>Goes on with one message in phase 2, its own: breaks Agreement.</summary>
    public static Scenario Lonely(CoordinatorOptions options) =>
        CoordinatorScenario.Of(options, (all, suspects, inputs) => new LonelyProcess(all, suspects, inputs));

    /// <summary>Keeps its own estimate whatever the others heard of the coordinator: breaks Agreement.</summary>
    public static Scenario Stubborn(CoordinatorOptions options) =>
        CoordinatorScenario.Of(options, (all, suspects, inputs) => new StubbornProcess(all, suspects, inputs));

    /// <summary>Decides when anybody heard of the coordinator: breaks Agreement.</summary>
    public static Scenario Hasty(CoordinatorOptions options) =>
        CoordinatorScenario.Of(options, (all, suspects, inputs) => new HastyProcess(all, suspects, inputs));

    /// <summary>Takes a value of its own into the next round: breaks Validity.</summary>
    public static Scenario Inventive(CoordinatorOptions options) =>
        CoordinatorScenario.Of(options, (all, suspects, inputs) => new InventiveProcess(all, suspects, inputs));

    /// <summary>Says nothing in phase 2, not even as coordinator: breaks Termination, even where nobody suspects anybody.</summary>
    public static Scenario Mute(CoordinatorOptions options) =>
        CoordinatorScenario.Of(options, (all, suspects, inputs) => new MuteProcess(all, suspects, inputs));

    private sealed class LonelyProcess(Seq<Address> processes, bool suspects, Seq<int> inputs)
        : CoordinatedProcess(processes, suspects, inputs)
    {
        protected override bool IsEnough(int heard) => heard > 0;
    }

    private sealed class StubbornProcess(Seq<Address> processes, bool suspects, Seq<int> inputs)
        : CoordinatedProcess(processes, suspects, inputs)
    {
        protected override int Next(int estimate, int? fromCoordinator) => estimate;
    }

    private sealed class HastyProcess(Seq<Address> processes, bool suspects, Seq<int> inputs)
        : CoordinatedProcess(processes, suspects, inputs)
    {
        protected override bool IsDecisive(int values, int heard) => true;
    }

    private sealed class InventiveProcess(Seq<Address> processes, bool suspects, Seq<int> inputs)
        : CoordinatedProcess(processes, suspects, inputs)
    {
        protected override int Next(int estimate, int? fromCoordinator) => 2;
    }

    private sealed class MuteProcess(Seq<Address> processes, bool suspects, Seq<int> inputs)
        : CoordinatedProcess(processes, suspects, inputs)
    {
        protected override void Say(IEnumerable<Address> others, Estimate estimate, Turn<CoordinatorMessage> turn)
        {
        }
    }
}
