using ActorLab.Core;

namespace ActorLab.Algorithms.FirstCome;

/// <summary>Wrong variants, each of which a property must catch.</summary>
public static class FirstComeMutants
{
    /// <summary>All of them, as users name them.</summary>
    public static Seq<Mutant> All { get; } =
    [
        Of(
            "does-not-wait", "A voter decides on what the arbiter says.",
            "FirstComeProcess.cs, Expire", ["Agreement"], Impatient),
        Of(
            "doubts-the-vote", "The arbiter decides on the first vote.",
            "FirstComeProcess.cs, Outcome", ["Validity"], Contrary),
        Of(
            "tells-one", "The arbiter tells all what it decided.",
            "FirstComeProcess.cs, Audience", ["Termination"], Taciturn),
    ];

    private static Mutant Of(string name, string givesUp, string where, Seq<string> breaks, Func<FirstComeOptions, Scenario> scenario) => new(
        name, givesUp, where, breaks, FirstComeScenario.Family with
        {
            Name = $"{FirstComeScenario.Family.Name}:{name}",
            Summary = $"First come, wrong on purpose: {name}.",
            Build = given => scenario(FirstComeScenario.OptionsOf(given)),
        });

    /// <summary>Voters do not wait for the arbiter, they decide on what they voted: breaks Agreement.</summary>
    public static Scenario Impatient(FirstComeOptions options) =>
        FirstComeScenario.Of(options, (all, inputs) => new ImpatientProcess(all, inputs));

    /// <summary>Doubts the vote: breaks Validity.</summary>
    public static Scenario Contrary(FirstComeOptions options) =>
        FirstComeScenario.Of(options, (all, inputs) => new ContraryProcess(all, inputs));

    /// <summary>Tells one process only: breaks Termination.</summary>
    public static Scenario Taciturn(FirstComeOptions options) =>
        FirstComeScenario.Of(options, (all, inputs) => new TaciturnProcess(all, inputs));

    private sealed class ImpatientProcess(Seq<Address> processes, Seq<int> inputs) : FirstComeProcess(processes, inputs)
    {
        public override FirstComeState Expire(FirstComeState state, Timer timer, Turn<FirstComeMessage> turn) =>
            base.Expire(state, timer, turn) with { Disk = state.Disk with { Decided = state.Disk.Input } };
    }

    private sealed class ContraryProcess(Seq<Address> processes, Seq<int> inputs) : FirstComeProcess(processes, inputs)
    {
        protected override int Outcome(int vote) => 1 - vote;
    }

    private sealed class TaciturnProcess(Seq<Address> processes, Seq<int> inputs) : FirstComeProcess(processes, inputs)
    {
        protected override IEnumerable<Address> Audience => base.Audience.Take(1);
    }
}
