using ActorLab.Checking;
using ActorLab.Models;

namespace ActorLab.Tests.Models;

/// <summary>Each property of a model can fail: a wrong variant of the model makes it.</summary>
public sealed class ModelMutantTests
{
    private static readonly SortedDictionary<string, (Model Mutant, string Property)> Mutants = new(StringComparer.Ordinal)
    {
        ["two-phase commit after one vote"] = (TwoPhase.Of(3, commitsTooEarly: true), "TCConsistent"),
        ["an abort after a commit"] = (TCommit.Of(3, forgetsCommitted: true), "TCConsistent"),
        ["votes for unsafe values"] = (Voting.Of(3, 2, 1, votesUnsafely: true), "VotesSafe"),
        ["proposals against the votes"] = (PaxosSpec.Of(3, 2, 1, ignoresVotes: true), "Consistency"),
        ["identities that all go round"] = (ChangRoberts.Of(3, passesAll: true), "Liveness"),
        ["senders that stay white"] = (Ewd840.Of(3, staysWhite: true), "TerminationDetection"),
        ["too few values"] = (Ewd426.Of(5, 3, anyValues: true), "Stab"),
        ["a turn kept"] = (Peterson.Of(keepsTurn: true), "MutualExclusion"),
        ["a turn kept, against the proof"] = (Peterson.Of(keepsTurn: true), "Inv"),
        ["a lock not taken"] = (SemaphoreLock.Of(2, forgetsToTake: true), "LockInv"),
        ["ties that both win"] = (Bakery.Of(2, 1, ignoresTies: true), "Inv"),
        ["no wait for acknowledgements"] = (LamportMutex.Of(2, 4, entersWithoutAcks: true), "Mutex"),
        ["writers among readers"] = (ReadersWriters.Of(2, writesAmongReaders: true), "Safety"),
        ["forks kept"] = (DiningPhilosophers.Of(3, keepsForks: true), "NobodyStarves: 1"),
        ["more traitors than tolerated"] = (BcastByz.Of(3, 1, 2, anyNumbers: true), "UnforgLtl"),
        ["echoes kept to themselves"] = (BcastByz.Of(4, 1, 1, keepsEchoes: true), "CorrLtl"),
        ["nobody joins in the echoes of others"] = (BcastByz.Of(4, 1, 1, joinsNever: true), "RelayLtl"),
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
        Assert.Equal(story.ToString(), ModelChecker.Replay(mutant, story.Ordinals, story.LoopsTo).ToString());
    }
}
