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
    /// Without failures each turn is a step of TwoPhase, or two of them, or a stutter; and with a coordinator that hesitates as
    /// the textbook's may, the worlds of the roles, seen as its states, are all of its states.
    /// </summary>
    [Theory]
    [InlineData(2, 56)]
    [InlineData(3, 288)]
    public void A_hesitant_coordinator_has_the_states_of_the_textbook(int managers, int states)
    {
        var images = Images(Pure(managers, isHesitant: true));
        Assert.Equal(states, images.Count);
        Assert.Equal(ModelChecker.Check(TwoPhase.Of(managers)).Distinct, images.Count);
    }

    /// <summary>
    /// The textbook's transaction manager may have the last Yes and not decide yet, and may then still abort, against AC4. Ours
    /// commits in the turn that takes the last Yes. So it lacks the state in which all are counted and nothing is decided, and
    /// those after an abort with all counted, in each of which any of the managers may have heard of it.
    /// </summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Our_coordinator_lacks_those_in_which_all_are_counted_and_it_did_not_commit(int managers)
    {
        var all = Images(Pure(managers, isHesitant: true));
        var ours = Images(Pure(managers, isHesitant: false));
        output.WriteLine($"{ours.Count} of {all.Count}");
        Assert.Subset(all, ours);
        Assert.All(all.Except(ours), state => Assert.True(state.TmPrepared.Count == managers && state.TmState != "committed"));
        Assert.DoesNotContain(ours, state => state.TmPrepared.Count == managers && state.TmState != "committed");
        Assert.Equal(all.Count - 1 - (1 << managers), ours.Count);
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

    private static Scenario Pure(int managers, bool isHesitant)
    {
        var given = new ScenarioArguments(CommitScenario.Name, CommitScenario.Family.Parameters, Map.Of(
            ("participants", managers), ("legs", managers), ("patient", 1), ("whims", 1)));
        return CommitScenario.With(given, !isHesitant ? CommitRoles.Right : CommitRoles.Right with
        {
            Coordinator = (participants, options) => new Hesitant(participants, options),
        });
    }

    private static HashSet<TextbookState> Images(Scenario scenario)
    {
        var images = Images(scenario, Participants(scenario).TwoPhase, out var result);
        Assert.True(result.Passed, $"{result.Counterexample}");
        return images;
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

    /// <summary>Counts every vote and decides later, to commit if it may, or to abort.</summary>
    private sealed class Hesitant(Set<NodeId> participants, CommitOptions options) : Coordinator(participants, options)
    {
        public override CoordinatorState Expire(
            CoordinatorState state, ActorLab.Core.Timer timer, Turn<CommitMessage> turn)
        {
            foreach (var (transaction, voting) in state.Open)
            {
                if (voting.Yes == voting.Participants && turn.Choose([true, false]))
                {
                    return Commit(state, transaction, voting, turn);
                }
            }

            return base.Expire(state, timer, turn);
        }

        protected override bool IsUnanimous(ActorLab.Algorithms.AtomicCommit.Voting voting) => false;
    }
}
