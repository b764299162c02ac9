using ActorLab.Core;

namespace ActorLab.Algorithms.WaitForAll;

/// <summary>Wrong variants, each of which a property must catch.</summary>
public static class WaitForAllMutants
{
    /// <summary>All of them, as users name them.</summary>
    public static Seq<Mutant> All { get; } =
    [
        Of(
            "waits-for-all-but-one", "A process decides once it knows the inputs of all.",
            "Waiter.cs, Enough", ["Agreement"], Hasty),
        Of(
            "adds-up", "A process decides on the smallest input.",
            "Waiter.cs, Outcome", ["Validity"], Adding),
        Of(
            "tells-one", "A process tells all others its input.",
            "Waiter.cs, AudienceOf", ["Termination"], Taciturn),
    ];

    private static Mutant Of(string name, string givesUp, string where, Seq<string> breaks, Func<WaitForAllOptions, Scenario> scenario) => new(
        name, givesUp, where, breaks, WaitForAllScenario.Family with
        {
            Name = $"{WaitForAllScenario.Family.Name}:{name}",
            Summary = $"Waiting for all, wrong on purpose: {name}.",
            Build = given => scenario(WaitForAllScenario.OptionsOf(given)),
        });

    /// <summary>Does not wait for the last one: breaks Agreement.</summary>
    public static Scenario Hasty(WaitForAllOptions options) =>
        WaitForAllScenario.Of(options, (all, inputs) => new HastyWaiter(all, inputs));

    /// <summary>Decides on the sum: breaks Validity.</summary>
    public static Scenario Adding(WaitForAllOptions options) =>
        WaitForAllScenario.Of(options, (all, inputs) => new AddingWaiter(all, inputs));

    /// <summary>Tells nobody but the first process: breaks Termination.</summary>
    public static Scenario Taciturn(WaitForAllOptions options) =>
        WaitForAllScenario.Of(options, (all, inputs) => new TaciturnWaiter(all, inputs));

    private sealed class HastyWaiter(Seq<Address> processes, Seq<int> inputs) : Waiter(processes, inputs)
    {
        protected override int Enough => base.Enough - 1;
    }

    private sealed class AddingWaiter(Seq<Address> processes, Seq<int> inputs) : Waiter(processes, inputs)
    {
        protected override int Outcome(IEnumerable<int> values) => values.Sum();
    }

    private sealed class TaciturnWaiter(Seq<Address> processes, Seq<int> inputs) : Waiter(processes, inputs)
    {
        protected override IEnumerable<Address> AudienceOf(Address self) => base.AudienceOf(self).Take(1);
    }
}
