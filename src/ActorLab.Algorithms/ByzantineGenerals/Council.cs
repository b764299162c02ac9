using ActorLab.Core;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>What all generals know beforehand.</summary>
/// <param name="Generals">Everybody.</param>
/// <param name="Commanders">Those who give an order: one in section 3, everybody where all have an opinion of their own.</param>
/// <param name="M">How many rounds of relaying there are: the m of OM(m).</param>
/// <param name="Orders">What a commander may order.</param>
/// <param name="Retreat">The order that counts where none is heard, or none has a majority.</param>
public sealed record Council(Seq<NodeId> Generals, Seq<NodeId> Commanders, int M, Seq<string> Orders, string Retreat)
{
    /// <summary>The role's name at every node.</summary>
    public const string Role = "general";

    /// <summary>How long a message may take on a real network; what comes later breaks the assumption of A3.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    /// <summary>When every message of the m + 1 rounds has come: an absent one is known to be absent (A3).</summary>
    public Timer Deadline { get; } = Timer.Fixed("deadline", (M + 1) * Round);

    public static Address AddressOf(NodeId general) => new(general, Role);

    /// <summary>The opinions that are known beforehand, of commanders; the others may have any.</summary>
    public Map<NodeId, string> Opinions { get; init; }

    /// <summary>What a loyal commander may order.</summary>
    public Seq<string> OrdersOf(NodeId commander) =>
        Opinions.TryGetValue(commander, out var opinion) ? [opinion] : Orders;

    /// <summary>To whom the last one on a path says it: those who are not on it.</summary>
    public IEnumerable<NodeId> Others(RelayPath path) => Generals.Where(general => !path.Generals.Contains(general));

    /// <summary>Whether this sender may speak to this receiver on this path. A2: nobody speaks in the name of another.</summary>
    public bool IsPossible(RelayPath path, NodeId sender, NodeId receiver) =>
        path.Count >= 1
        && path.Count <= M + 1
        && path.Speaker == sender
        && Commanders.Contains(path.Commander)
        && path.Generals.All(Generals.Contains)
        && path.Generals.Distinct().Count() == path.Count
        && !path.Generals.Contains(receiver);

    /// <summary>The order that more than half of them say; retreat if there is none.</summary>
    public string Majority(IReadOnlyCollection<string> said) =>
        said.GroupBy(order => order).FirstOrDefault(same => 2 * same.Count() > said.Count)?.Key ?? Retreat;
}
