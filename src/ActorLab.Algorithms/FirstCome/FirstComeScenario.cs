using ActorLab.Algorithms.Consensus;
using ActorLab.Core;

namespace ActorLab.Algorithms.FirstCome;

/// <param name="Processes">On the nodes n1, n2, ..; n1 is the arbiter.</param>
/// <param name="Crashes">How many may crash in an exploration.</param>
/// <param name="Inputs">In the order of the processes; empty for any.</param>
public sealed record FirstComeOptions(int Processes = 3, int Crashes = 0, Seq<int> Inputs = default);

/// <summary>Voters and an arbiter.</summary>
public static class FirstComeScenario
{
    public static readonly ScenarioFamily Family = new(
        "first-come",
        "Consensus by an arbiter that takes the first vote: the schedule decides, in one step, and one crash blocks it.",
        [
            new ScenarioParameter("processes", "how many processes, the arbiter among them", 3, 2, 5),
            new ScenarioParameter("crashes", "how many may crash in an exploration", 0, 0, 3),
        ],
        arguments => Of(OptionsOf(arguments)));

    internal static FirstComeOptions OptionsOf(ScenarioArguments given) => new(given["processes"], given["crashes"]);

    public static Scenario Of(FirstComeOptions options) => Of(options, (all, inputs) => new FirstComeProcess(all, inputs));

    internal static Scenario Of(FirstComeOptions options, Func<Seq<Address>, Seq<int>, FirstComeProcess> process)
    {
        var processes = NodeId.Range(options.Processes).Select(node => new Address(node, "process")).ToSeq();
        return new Scenario
        {
            Name = "first-come",
            Placements = processes.Select(at => new Placement(at, RoleBinding.Of(process(processes, options.Inputs)))).ToSeq(),
            Properties = ConsensusProperties.All,
            Faults = new FaultBudget(Crashes: options.Crashes),
            Fairness = [Fairness.EveryDelivery, Fairness.EveryTimer],
            Decision = ConsensusProperties.DecisionOf,
        };
    }
}
