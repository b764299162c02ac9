using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Models;
using static ActorLab.Models.BcastByz.Mistake;

namespace ActorLab.Tests.Models;

/// <summary>Each property of a model can fail: a wrong variant of the model makes it.</summary>
public sealed class ModelMutantTests
{
    private static readonly SortedDictionary<string, (Model Mutant, string Property)> Mutants = new(StringComparer.Ordinal)
    {
        ["two-phase commit after one vote"] = (TwoPhase.Of(3, commitsTooEarly: true), "TCConsistent"),
        ["an abort after a commit"] = (TCommit.Of(3, forgetsCommitted: true), "TCConsistent"),
        ["votes for unsafe values"] = (Voting.Of(3, 2, 1, votesUnsafely: true), "VotesSafe"),
        ["votes for unsafe values, of which two are chosen"] = (Voting.Of(3, 2, 1, votesUnsafely: true), "Consistency"),
        ["quorums that miss each other"] = (Voting.Of(3, 2, 0, quorum: 1, ignoresOthers: true, mayMiss: true), "Consistency"),
        ["votes for unsafe values, of which another is chosen"] = (Voting.Of(3, 2, 1, votesUnsafely: true), "C!Spec"),
        ["votes for any value of the ballot"] = (Voting.Of(3, 2, 0, ignoresOthers: true), "OneValuePerBallot"),
        ["two proposals of a ballot"] = (PaxosSpec.Of(3, 2, 1, proposesTwice: true), "Inv"),
        ["votes without a promise"] = (PaxosSpec.Of(3, 2, 1, forgetsBallot: true), "Inv"),
        ["proposals against the votes"] = (PaxosSpec.Of(3, 2, 1, ignoresVotes: true), "Consistency"),
        ["proposals against the votes, of which another is chosen"] =
            (PaxosSpec.Of(3, 2, 1, ignoresVotes: true), "V!C!Spec"),
        ["identities that all go round"] = (ChangRoberts.Of(3, passesAll: true), "Liveness"),
        ["a win by any identity"] = (ChangRoberts.Of(3, winsEarly: true), "Correctness"),
        ["senders that stay white, against the proof"] = (Ewd840.Of(3, staysWhite: true), "Inv"),
        ["a black token that goes round once"] = (Ewd840.Of(3, probesOnce: true), "Liveness"),
        ["senders that stay white"] = (Ewd840.Of(3, staysWhite: true), "TerminationDetection"),
        ["activity out of nothing"] = (Ewd840.Of(3, wakesUp: true), "Quiescence"),
        ["too few values"] = (Ewd426.Of(5, 3, anyValues: true), "Stab"),
        ["a turn kept"] = (Peterson.Of(keepsTurn: true), "MutualExclusion"),
        ["a turn kept, against the proof"] = (Peterson.Of(keepsTurn: true), "Inv"),
        ["a flag forgotten"] = (Peterson.Of(forgetsFlag: true), "Inv"),
        ["a lock not taken"] = (SemaphoreLock.Of(2, forgetsToTake: true), "LockInv"),
        ["ties that both win, to the end"] = (Bakery.Of(2, 1, ignoresTies: true), "MutualExclusion"),
        ["ties that both win"] = (Bakery.Of(2, 1, ignoresTies: true), "Inv"),
        ["no wait for acknowledgements"] = (LamportMutex.Of(2, 4, entersWithoutAcks: true), "Mutex"),
        ["requests again and again"] = (LamportMutex.Of(2, 8, asksAgain: true), "BoundedNetwork"),
        ["readers first"] = (ReadersWriters.Of(2, prefersReaders: true), "Liveness: 1 writes"),
        ["writers first"] = (ReadersWriters.Of(2, prefersReaders: false), "Liveness: 1 reads"),
        ["writers among readers"] = (ReadersWriters.Of(2, writesAmongReaders: true), "Safety"),
        ["dirty forks, on their way to the neighbour"] = (DiningPhilosophers.Of(3, eatsWithDirtyForks: true), "ExclusiveAccess"),
        ["forks kept"] = (DiningPhilosophers.Of(3, keepsForks: true), "NobodyStarves: 1"),
        ["more traitors than tolerated"] = (BcastByz.Of(3, 1, 2, mistake: AnyNumbers), "UnforgLtl"),
        ["more traitors than tolerated, by the numbers"] = (BcastByz.Of(3, 1, 2, mistake: AnyNumbers), "FCConstraints"),
        ["a broadcast that was none"] = (BcastByz.Of(3, 1, 2, broadcast: false, mistake: AnyNumbers), "Unforg"),
        ["echoes in the name of others"] = (BcastByz.Of(4, 1, 1, mistake: ForgedSenders), "TypeOK"),
        ["a wait for the faulty"] = (BcastByz.Of(4, 1, 1, mistake: AcceptsFromAll), "CorrLtl"),
        ["nobody joins in the echoes of others"] = (BcastByz.Of(4, 1, 1, mistake: EchoesForNobody), "RelayLtl"),
        ["no lock"] = (Increment.Of(2, locked: false), "eventually N"),
        ["no lock, and an update lost"] = (Increment.Of(2, locked: false), "fin"),
        ["a counter's lock not taken"] = (Increment.Of(2, locked: true, forgetsToTake: true), "no interloping"),
    };

    public static TheoryData<string> Names() => [.. Mutants.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mutant_is_caught_by_its_property(string name)
    {
        var (mutant, property) = Mutants[name];
        var result = ModelChecker.Check(mutant, new CheckOptions { Properties = [property] });
        Assert.Equal(VerdictKind.Violated, result[property].Kind);
        var story = result[property].Story!;
        var replayed = ModelChecker.Replay(mutant, story.Ordinals, story.LoopsTo);
        Assert.Equal(story.ToString(), replayed.ToString());
        Assert.Null(replayed.WhyNot(result[property].Property));
    }

    /// <summary>Properties of one kind, one for each process, count as one; those of the locks have a test of their own.</summary>
    [Fact]
    public void Every_property_has_a_mutant_that_it_catches()
    {
        static string Kind(string model, string property) =>
            $"{model}: {string.Concat(property.Where(one => !char.IsDigit(one)))}";
        var caught = Mutants.Values.Select(mutant => Kind(mutant.Mutant.Name, mutant.Property)).ToHashSet();
        var models = ModelList.All.Where(family => LockModel.All.All(known => known.Family != family))
            .Select(family => family.With())
            .Append(Increment.Family.With(("lock", 1))).Append(BcastByz.Family.With(("broadcast", 0)));
        Assert.All(
            models.SelectMany(model => model.Properties.Where(property => property is not Property.Sometimes)
                .Select(property => Kind(model.Name, property.Name))),
            property => Assert.Contains(property, caught));
    }

    /// <summary>
    /// The original says so too: that each node is passive again and again is not enough, for they wake each other up.
    /// </summary>
    [Fact]
    public void Nodes_that_wake_each_other_up_are_never_detected_to_have_terminated()
    {
        var model = Ewd840.Of(3, asksTooMuch: true);
        var result = ModelChecker.Check(model, new CheckOptions { Properties = ["FalseLiveness"] });
        var story = result["FalseLiveness"].Story!;
        Assert.Equal(story.ToString(), ModelChecker.Replay(model, story.Ordinals, story.LoopsTo).ToString());
        Assert.Contains(story.Steps.Skip(story.LoopsTo!.Value), step => step.Text.Contains("SendMsg", StringComparison.Ordinal));
    }
}
