using System.Collections.Concurrent;
using ActorLab.Algorithms.AtomicCommit;
using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Models;
using Xunit.Abstractions;

namespace ActorLab.Tests.AtomicCommit;

/// <summary>The roles against the models of Gray and Lamport, in every reachable world.</summary>
public sealed class TextbookTests(ITestOutputHelper output)
{
    /// <summary>
    /// Without failures each turn is a step of TwoPhase, or two of them, or a stutter; and the worlds of the roles, seen as
    /// its states, are all of its states: 288 with three resource managers.
    /// </summary>
    [Theory]
    [InlineData(2, 56)]
    [InlineData(3, 288)]
    public void The_pure_protocol_has_the_states_of_the_textbook(int managers, int states)
    {
        var scenario = CheckerTests.Family($"participants={managers} legs={managers} patient=1 whims=1");
        var images = Images(scenario, Participants(scenario).TwoPhase, out var result);
        output.WriteLine($"{result.Distinct:N0} worlds of the roles, {images.Count} states of TwoPhase");
        Assert.True(result.Passed, $"{result.Counterexample}");
        Assert.Equal(states, images.Count);
        Assert.Equal(ModelChecker.Check(TwoPhase.Of(managers)).Distinct, images.Count);
    }

    /// <summary>Recovery from disk too: what a coordinator's start presumes is its TMAbort.</summary>
    [Theory]
    [InlineData("peers=0 crashes=1 whims=1")]
    [InlineData("peers=0 drops=1 whims=1")]
    public void With_failures_and_without_peers_every_turn_is_a_step_of_TwoPhase(string values)
    {
        var scenario = CheckerTests.Family(values);
        Images(scenario, Participants(scenario).TwoPhase, out var result);
        Assert.True(result.Passed, $"{result.Counterexample}");
    }

    /// <summary>
    /// With cooperative termination a participant may hear of an abort before the coordinator makes it: no step of TwoPhase,
    /// and still one of what any commit protocol may do.
    /// </summary>
    [Theory]
    [InlineData("crashes=1 whims=1")]
    [InlineData("drops=1 whims=1")]
    public void The_whole_protocol_takes_steps_of_TCommit(string values)
    {
        var scenario = CheckerTests.Family(values);
        Images(scenario, Participants(scenario).TCommit, out var result);
        Assert.True(result.Passed, $"{result.Counterexample}");
        Images(scenario, Participants(scenario).TwoPhase, out var twoPhase);
        Assert.Equal(VerdictKind.Violated, twoPhase["Refines"].Kind);
    }

    /// <summary>The comparison can fail.</summary>
    [Fact]
    public void A_commit_on_a_majority_is_no_step_of_TwoPhase()
    {
        var mutant = CommitMutants.All.Single(mutant => mutant.Name == "commits-on-a-majority");
        var scenario = mutant.Family.With(("participants", 3), ("legs", 3), ("patient", 1), ("whims", 1));
        Images(scenario, Participants(scenario).TwoPhase, out var result);
        Assert.Equal(VerdictKind.Violated, result["Refines"].Kind);
    }

    private static Textbook Participants(Scenario scenario) => new(scenario.Placements
        .Where(placement => placement.Address.Role == Participant.RoleName).Select(placement => placement.Address.Node).ToSet());

    private static HashSet<TextbookState> Images(Scenario scenario, Observer<TextbookRun> textbook, out CheckResult result)
    {
        var images = new ConcurrentDictionary<TextbookState, bool>();
        result = ModelChecker.Check(scenario with
        {
            Observers = scenario.Observers.Add(textbook),
            Properties =
            [
                new Property.Always("Refines", "Every turn is a step of the textbook's.", world =>
                {
                    images.TryAdd(world.Observed(textbook).State, true);
                    return world.Observed(textbook).Fault is null;
                }),
            ],
        });
        return [.. images.Keys];
    }
}
