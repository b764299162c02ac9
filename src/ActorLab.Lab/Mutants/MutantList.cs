using ActorLab.Algorithms.AtomicCommit;
using ActorLab.Algorithms.BenOr;
using ActorLab.Algorithms.ByzantineGenerals;
using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Algorithms.FirstCome;
using ActorLab.Algorithms.LaiYang;
using ActorLab.Algorithms.MultiPaxos;
using ActorLab.Algorithms.Paxos;
using ActorLab.Algorithms.PingPong;
using ActorLab.Algorithms.Raft;
using ActorLab.Algorithms.RotatingCoordinator;
using ActorLab.Algorithms.Termination;
using ActorLab.Algorithms.WaitForAll;
using ActorLab.Cluster.Crdt;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>The mutants of all algorithms.</summary>
public static class MutantList
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        .. BenOrMutants.All, .. CommitMutants.All, .. FirstComeMutants.All, .. GeneralsMutants.All, .. SignedMutants.All, .. CampMutants.All,
        .. MultiPaxosMutants.All,
        .. PaxosMutants.All, .. PaxosDuel.Mutants, .. PingPongMutants.All,
        .. RaftMutants.All, .. CoordinatorMutants.All, .. WaitForAllMutants.All,
        .. SnapshotMutants.All, .. LaiYangMutants.All, .. TerminationMutants.All, .. CrdtMutants.All,
    ];

    /// <summary>What may be meant by an unknown name: a mutant of its algorithm, any mutant, or a name without a colon.</summary>
    /// <param name="name">What is unknown.</param>
    /// <param name="others">The names without a colon.</param>
    public static IEnumerable<string> NamesLike(string name, IEnumerable<string> others)
    {
        if (!name.Contains(':'))
        {
            return others;
        }

        var names = All.Select(mutant => mutant.Family.Name).ToList();
        var own = names.Where(known => known.StartsWith($"{name.Split(':')[0]}:", StringComparison.Ordinal)).ToList();
        return own.Count > 0 ? own : names;
    }

    /// <summary>The algorithm's name, as <c>lab check</c> takes it.</summary>
    public static string AlgorithmOf(Mutant mutant) => mutant.Family.Name.Split(':')[0];
}
