using ActorLab.Algorithms.Raft;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>The mutants of all algorithms.</summary>
public static class MutantList
{
    public static IReadOnlyList<Mutant> All { get; } = [.. RaftMutants.All];
}
