using ActorLab.Algorithms.AtomicCommit;
using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.AtomicCommit;

/// <summary>Section 7.4: when the coordinator is down and nobody knows, the participants must wait.</summary>
public sealed class BlockingTests
{
    private static readonly CheckResult OneCrash = ModelChecker.Check(CheckerTests.Family("crashes=1"));

    /// <summary>
    /// Two worlds that no participant can tell apart, in one of which only Commit is right, and in the other only Abort. So
    /// no rule at all by which participants decide among themselves keeps AC1.
    /// </summary>
    [Fact]
    public void Participants_are_in_the_same_states_whichever_way_it_was_decided()
    {
        var committed = Participants(OneCrash[CommitProperties.BlockedOnCommit].Story!);
        var aborted = Participants(OneCrash[CommitProperties.BlockedOnAbort].Story!);
        Assert.Equal(2, committed.Count);
        Assert.Equal(committed, aborted);
        Assert.Equal(Canonical.Fingerprint(committed), Canonical.Fingerprint(aborted));
        Assert.All(committed.Values, participant => Assert.False(((ParticipantState)participant).Disk.Prepared.IsEmpty));
    }

    /// <summary>The same, tried: either guess is wrong in some world.</summary>
    [Theory]
    [InlineData("aborts-in-doubt")]
    [InlineData("commits-in-doubt")]
    public void Whoever_guesses_breaks_AC1(string guess)
    {
        var mutant = CommitMutants.All.Single(mutant => mutant.Name == guess);
        var result = ModelChecker.Check(mutant.Family.With(("crashes", 1)), new CheckOptions { Properties = [CommitProperties.AC1] });
        Assert.Equal(VerdictKind.Violated, result[CommitProperties.AC1].Kind);
    }

    [Fact]
    public void Where_the_coordinator_stays_down_participants_ask_for_ever()
    {
        var result = ModelChecker.Check(
            CheckerTests.Family("crashes=1 repairs=0"), new CheckOptions { Properties = [CommitProperties.NonBlocking.Name] });
        var lasso = result[CommitProperties.NonBlocking.Name];
        Assert.Equal(VerdictKind.Violated, lasso.Kind);
        Assert.NotNull(lasso.Story!.LoopsTo);
        Assert.Contains(lasso.Story.Steps, step => step.Kind == StepKind.Crash || step.Torn is not null);
        Assert.DoesNotContain(lasso.Story.Steps, step => step.Kind == StepKind.Restart);
    }

    /// <summary>They are not always blocked: it takes one that knows, or that has not voted.</summary>
    [Fact]
    public void One_participant_that_knows_is_enough() => Assert.Equal(VerdictKind.Reached, OneCrash["Told By A Peer"].Kind);

    private static Map<Address, object> Participants(Story story)
    {
        var last = Map<Address, object>.Empty;
        foreach (var step in story.Boots.Concat(story.Steps))
        {
            last = step.After is ParticipantState after ? last.Set(step.Where, after) : last;
        }

        return last;
    }
}
