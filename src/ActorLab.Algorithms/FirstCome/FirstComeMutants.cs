using ActorLab.Core;

namespace ActorLab.Algorithms.FirstCome;

/// <summary>Wrong variants, each of which a property must catch.</summary>
public static class FirstComeMutants
{
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
