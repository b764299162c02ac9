using ActorLab.Algorithms.Consensus;
using ActorLab.Core;

namespace ActorLab.Algorithms.WaitForAll;

/// <param name="Processes">On the nodes n1, n2, ..</param>
/// <param name="Crashes">How many may crash in an exploration.</param>
/// <param name="Inputs">In the order of the processes; empty for any.</param>
public sealed record WaitForAllOptions(int Processes = 3, int Crashes = 0, Seq<int> Inputs = default);

/// <summary>Processes that all wait for all.</summary>
public static class WaitForAllScenario
{
    public static readonly ScenarioFamily Family = new(
        "wait-for-all",
        "Consensus by waiting for the inputs of all: no schedule matters, and one crash blocks it.",
        [
            new ScenarioParameter("processes", "how many processes", 3, 1, 6),
            new ScenarioParameter("crashes", "how many may crash in an exploration", 0, 0, 3),
        ],
        arguments => Of(OptionsOf(arguments)));

    internal static WaitForAllOptions OptionsOf(ScenarioArguments given) => new(given["processes"], given["crashes"]);

    public static Scenario Of(WaitForAllOptions options) => Of(options, (all, inputs) => new Waiter(all, inputs));

    internal static Scenario Of(WaitForAllOptions options, Func<Seq<Address>, Seq<int>, Waiter> waiter)
    {
        var processes = NodeId.Range(options.Processes).Select(node => new Address(node, "process")).ToSeq();
        return new Scenario
        {
            Name = "wait-for-all",
            Placements = processes.Select(at => new Placement(at, RoleBinding.Of(waiter(processes, options.Inputs)))).ToSeq(),
            Properties = ConsensusProperties.All,
            Faults = new FaultBudget(Crashes: options.Crashes),
            Fairness = [Fairness.EveryDelivery, Fairness.EveryTimer],
            Decision = ConsensusProperties.DecisionOf,
        };
    }
}
