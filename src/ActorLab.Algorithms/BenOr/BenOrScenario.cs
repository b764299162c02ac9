using ActorLab.Algorithms.Consensus;
using ActorLab.Core;
using static ActorLab.Algorithms.BenOr.BenOrMessage;

namespace ActorLab.Algorithms.BenOr;

/// <param name="Processes">N, on the nodes n1, n2, ..</param>
/// <param name="T">How many may die: the protocol is for N > 2t.</param>
/// <param name="Coin">0 or 1 for a coin that always shows that, 2 for a fair one.</param>
/// <param name="Drift">How many steps, of which a round has two, processes may be apart in an exploration.</param>
/// <param name="Crashes">How many may crash in an exploration.</param>
/// <param name="Inputs">In the order of the processes; empty for any.</param>
public sealed record BenOrOptions(
    int Processes = 3, int T = 1, int Coin = BenOrOptions.FairCoin, int Drift = 2, int Crashes = 0, Seq<int> Inputs = default)
{
    public const int FairCoin = 2;
}

/// <summary>Ben-Or's protocol over a network that loses nothing.</summary>
public static class BenOrScenario
{
    public static readonly ScenarioFamily Family = new(
        "ben-or",
        "Ben-Or's randomized consensus: no schedule can hold off a decision for ever, but a schedule and an unlucky coin can.",
        [
            new ScenarioParameter("processes", "how many processes", 3, 1, 5),
            new ScenarioParameter("t", "how many may die; the protocol is for processes > 2t", 1, 0, 4),
            new ScenarioParameter("coin", "0 or 1 for a coin that always shows that, 2 for a fair one", 2, 0, 2),
            new ScenarioParameter("drift", "how many steps, two to a round, processes may be apart in an exploration", 2, 1, 8),
            new ScenarioParameter("crashes", "how many may crash in an exploration", 0, 0, 2),
        ],
        arguments => Of(OptionsOf(arguments)));

    internal static BenOrOptions OptionsOf(ScenarioArguments given) =>
        new(given["processes"], given["t"], given["coin"], given["drift"], given["crashes"]);

    public static Scenario Of(BenOrOptions options) => Of(options, (all, t, coin, inputs) => new BenOrProcess(all, t, coin, inputs));

    internal static Scenario Of(BenOrOptions options, Func<Seq<Address>, int, Seq<int>, Seq<int>, BenOrProcess> process)
    {
        if (options.T > Math.Max(0, options.Processes - 2))
        {
            throw new ArgumentException(
                $"With t={options.T} of {options.Processes} processes nobody would wait for anybody else: give t={Math.Max(0, options.Processes - 2)} at most.");
        }

        var processes = NodeId.Range(options.Processes).Select(node => new Address(node, "process")).ToSeq();
        Seq<int> coin = options.Coin == BenOrOptions.FairCoin ? [0, 1] : [options.Coin];
        return new Scenario
        {
            Name = "ben-or",
            Placements = processes
                .Select(at => new Placement(at, RoleBinding.Of(process(processes, options.T, coin, options.Inputs)))).ToSeq(),
            Properties = ConsensusProperties.All,
            Network = new Network(NoOpDeliversVanish: true),
            Faults = new FaultBudget(Crashes: options.Crashes),
            Fairness = [Fairness.EveryDelivery, Fairness.EveryTimer],
            Decision = ConsensusProperties.DecisionOf,
            Normalisation = Rounds,
            Constraint = world => IsWithin(world, options.Drift),
        };
    }

    /// <summary>Rounds count from the slowest undecided process: nothing in the protocol depends on how many went by.</summary>
    private static Normalisation Rounds { get; } = new(
        value => value is BenOrState { At: { } at } ? Math.Max(0, at.Round - 1) : null,
        (value, by) => value switch
        {
            BenOrState { At: { } at } state => state with
            {
                At = Shifted(at, by),
                Heard = state.Heard.ToMap(heard => Shifted(heard.Key, by), heard => heard.Value),
            },
            Report report => report with { Round = report.Round - by },
            Proposal proposal => proposal with { Round = proposal.Round - by },
            _ => value,
        });

    private static Position Shifted(Position position, int by) => position with { Round = position.Round - by };

    private static bool IsWithin(IWorld world, int drift)
    {
        var steps = world.All<BenOrState>().Where(process => process.State.At is not null)
            .Select(process => process.State.At!.Value)
            .Select(at => (at.Round * 2) + (at.Step == BenOrStep.Proposals ? 1 : 0)).ToList();
        return steps.Count == 0 || steps.Max() - steps.Min() <= drift;
    }
}
