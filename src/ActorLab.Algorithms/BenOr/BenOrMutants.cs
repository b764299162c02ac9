using ActorLab.Algorithms.Consensus;
using ActorLab.Core;

namespace ActorLab.Algorithms.BenOr;

/// <summary>Wrong variants, each of which a property must catch.</summary>
public static class BenOrMutants
{
    /// <summary>All of them, as users name them.</summary>
    public static Seq<Mutant> All { get; } =
    [
        Of(
            "decides-on-one", "Step 3(b): a process decides on more than t D-messages.",
            "BenOrProcess.cs, IsDecisive", ["Agreement"], Hasty),
        Of(
            "throws-the-coin-anyway", "Step 3(a): a process that gets a D-message takes its value.",
            "BenOrProcess.cs, SetsValue", ["Agreement"], Gambler),
        Of(
            "half-is-enough", "Step 2: more than N/2 messages have the same value before a process proposes it.",
            "BenOrProcess.cs, IsMajority", ["Agreement"], HalfIsEnough),
        Of(
            "falls-on-its-edge", "Step 3(c): the coin shows 0 or 1.",
            "BenOrProcess.cs, Coin", ["Validity"], EdgyCoin),
        Of(
            "begins-anew", "The model: a process that crashes stops; it does not come back with an empty memory.",
            "BenOrProcess.cs, Boot", ["Agreement"], Forgetful),
    ];

    private static Mutant Of(string name, string givesUp, string where, Seq<string> breaks, Func<BenOrOptions, Scenario> scenario) => new(
        name, givesUp, where, breaks, BenOrScenario.Family with
        {
            Name = $"{BenOrScenario.Family.Name}:{name}",
            Summary = $"Ben-Or, wrong on purpose: {name}.",
            Build = given => scenario(BenOrScenario.OptionsOf(given)),
        });

    /// <summary>Decides on one D-message instead of more than t, against (b): breaks Agreement.</summary>
    public static Scenario Hasty(BenOrOptions options) =>
        BenOrScenario.Of(options, (all, t, coin, inputs) => new HastyProcess(all, t, coin, inputs));

    /// <summary>Throws the coin although it has a D-message, against (a): breaks Agreement.</summary>
    public static Scenario Gambler(BenOrOptions options) =>
        BenOrScenario.Of(options, (all, t, coin, inputs) => new GamblingProcess(all, t, coin, inputs));

    /// <summary>Takes half of all processes for a majority, against step 2: breaks Agreement.</summary>
    public static Scenario HalfIsEnough(BenOrOptions options) =>
        BenOrScenario.Of(options, (all, t, coin, inputs) => new EasygoingProcess(all, t, coin, inputs));

    /// <summary>A coin that falls on its edge: breaks Validity.</summary>
    public static Scenario EdgyCoin(BenOrOptions options) =>
        BenOrScenario.Of(options, (all, t, coin, inputs) => new BenOrProcess(all, t, [2], inputs));

    /// <summary>Begins anew after a crash: breaks Agreement where nodes crash.</summary>
    public static Scenario Forgetful(BenOrOptions options) =>
        BenOrScenario.Of(options, (all, t, coin, inputs) => new ForgetfulProcess(all, t, coin, inputs));

    private sealed class HastyProcess(Seq<Address> processes, int t, Seq<int> coin, Seq<int> inputs)
        : BenOrProcess(processes, t, coin, inputs)
    {
        protected override bool IsDecisive(int dMessages) => dMessages > 0;
    }

    private sealed class GamblingProcess(Seq<Address> processes, int t, Seq<int> coin, Seq<int> inputs)
        : BenOrProcess(processes, t, coin, inputs)
    {
        protected override bool SetsValue(int dMessages) => false;
    }

    private sealed class EasygoingProcess(Seq<Address> processes, int t, Seq<int> coin, Seq<int> inputs)
        : BenOrProcess(processes, t, coin, inputs)
    {
        protected override bool IsMajority(int reports) => reports >= N / 2;
    }

    private sealed class ForgetfulProcess(Seq<Address> processes, int t, Seq<int> coin, Seq<int> inputs)
        : BenOrProcess(processes, t, coin, inputs)
    {
        public override BenOrState Boot(ConsensusDisk disk, Turn<BenOrMessage> turn) => base.Boot(EmptyDisk, turn);
    }
}
