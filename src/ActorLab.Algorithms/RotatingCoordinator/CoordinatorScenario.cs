using ActorLab.Algorithms.Consensus;
using ActorLab.Core;
using static ActorLab.Algorithms.RotatingCoordinator.CoordinatorMessage;

namespace ActorLab.Algorithms.RotatingCoordinator;

/// <param name="Processes">On the nodes n1, n2, ..; a minority may crash.</param>
/// <param name="Suspects">Whether processes ever suspect a coordinator.</param>
/// <param name="Drift">How many rounds processes may be apart in an exploration.</param>
/// <param name="Crashes">How many may crash in an exploration.</param>
/// <param name="Inputs">In the order of the processes; empty for any.</param>
public sealed record CoordinatorOptions(
    int Processes = 3, bool Suspects = true, int Drift = 1, int Crashes = 0, Seq<int> Inputs = default);

/// <summary>The protocol over a network that loses nothing.</summary>
public static class CoordinatorScenario
{
    public static readonly ScenarioFamily Family = new(
        "rotating-coordinator",
        "Consensus by coordinators that take turns and are suspected by timers: safe always, and a schedule can hold it off.",
        [
            new ScenarioParameter("processes", "how many processes; a minority may crash", 3, 1, 5),
            new ScenarioParameter("suspects", "1 if a process may suspect a coordinator, 0 if it waits for ever", 1, 0, 1),
            new ScenarioParameter("drift", "how many rounds processes may be apart in an exploration", 1, 1, 5),
            new ScenarioParameter("crashes", "how many may crash in an exploration", 0, 0, 2),
        ],
        arguments => Of(OptionsOf(arguments)));

    internal static CoordinatorOptions OptionsOf(ScenarioArguments given) =>
        new(given["processes"], given["suspects"] == 1, given["drift"], given["crashes"]);

    public static Scenario Of(CoordinatorOptions options) =>
        Of(options, (all, suspects, inputs) => new CoordinatedProcess(all, suspects, inputs));

    internal static Scenario Of(CoordinatorOptions options, Func<Seq<Address>, bool, Seq<int>, CoordinatedProcess> process)
    {
        var processes = NodeId.Range(options.Processes).Select(node => new Address(node, "process")).ToSeq();
        return new Scenario
        {
            Name = "rotating-coordinator",
            Placements = processes
                .Select(at => new Placement(at, RoleBinding.Of(process(processes, options.Suspects, options.Inputs)))).ToSeq(),
            Properties = ConsensusProperties.All,
            Network = new Network(NoOpDeliversVanish: true),
            Faults = new FaultBudget(Crashes: options.Crashes),
            Fairness = [Fairness.EveryDelivery, Fairness.EveryTimer],
            Decision = ConsensusProperties.DecisionOf,
            Normalisation = Rounds(options.Processes),
            Constraint = world => IsWithin(world, options.Drift),
        };
    }

    /// <summary>
    /// Rounds count from the slowest undecided process, less or more a turn of all coordinators: who coordinates a round
    /// must stay as it is.
    /// </summary>
    private static Normalisation Rounds(int processes) => new(
        value => value is CoordinatedState { Phase: not CoordinatedPhase.Done } state
            ? Math.Max(0, state.Round - 1) / processes * processes
            : null,
        (value, by) => value switch
        {
            CoordinatedState { Phase: not CoordinatedPhase.Done } state => state with
            {
                Round = state.Round - by,
                Heard = state.Heard.ToMap(heard => heard.Key - by, heard => heard.Value),
            },
            Estimate estimate => estimate with { Round = estimate.Round - by },
            _ => value,
        });

    private static bool IsWithin(IWorld world, int drift)
    {
        var rounds = world.All<CoordinatedState>().Where(process => process.State.Phase != CoordinatedPhase.Done)
            .Select(process => process.State.Round).ToList();
        return rounds.Count == 0 || rounds.Max() - rounds.Min() <= drift;
    }
}
