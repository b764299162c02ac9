using ActorLab.Core;
using static ActorLab.Algorithms.RotatingCoordinator.CoordinatorMessage;

namespace ActorLab.Algorithms.RotatingCoordinator;

/// <summary>Wrong variants, each of which a property must catch.</summary>
public static class CoordinatorMutants
{
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
