using ActorLab.Algorithms.Consensus;
using ActorLab.Core;

namespace ActorLab.Algorithms.BenOr;

/// <summary>Wrong variants, each of which a property must catch.</summary>
public static class BenOrMutants
{
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
