using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>All models over shared variables, by name.</summary>
public static class ModelList
{
    public static Seq<ModelFamily> All { get; } =
    [
        Bakery.Family,
        BcastByz.Family,
        ChangRoberts.Family,
        DiningPhilosophers.Family,
        Ewd426.Family,
        Ewd840.Family,
        Increment.Family,
        LamportMutex.Family,
        SemaphoreLock.Family,
        PaxosSpec.Family,
        Peterson.Family,
        ReadersWriters.Family,
        TCommit.Family,
        TwoPhase.Family,
        Voting.Family,
        .. LockModel.All.Select(known => known.Family),
    ];
}
