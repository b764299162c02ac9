using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// Where each part of a world lies in its array of integers: the states of the places, the observers, the armed timers,
/// the operations put in so far, what is left of the fault budget, the message delivered last, in synchronous rounds the places
/// that have yet to begin the next round, then the envelopes in flight, as many as there are.
/// </summary>
/// <remarks>
/// A state is its number; of a node that is down, the complement of the number of its last state.
/// </remarks>
internal sealed class Layout
{
    public const int Crashes = 0;
    public const int Drops = 1;
    public const int Duplicates = 2;
    private const int FaultKinds = 3;

    /// <exception cref="ArgumentException">The scenario contradicts itself.</exception>
    public Layout(Scenario scenario)
    {
        Places = scenario.Placements.Count;
        Nodes = [.. scenario.Nodes];
        PlacesOf =
        [
            .. Nodes.Select(node =>
                Enumerable.Range(0, Places).Where(place => scenario.Placements[place].Address.Node == node).ToArray()),
        ];
        NodeOf = [.. scenario.Placements.Select(placement => Array.IndexOf(Nodes, placement.Address.Node))];
        Workload =
        [
            .. scenario.Workload.GroupBy(operation => operation.Target).OrderBy(group => group.Key)
                .Select(group => (group.Key, group.Select(operation => operation.Message).ToArray())),
        ];
        Observers = Places;
        Timers = Observers + scenario.Observers.Count;
        Operations = Timers + Places;
        Faults = Operations + Workload.Length;
        LastDelivered = Faults + FaultKinds;
        Pending = LastDelivered + 1;
        Network = Pending + (scenario.Timing == Timing.SynchronousRounds ? Places : 0);
    }

    public int Places { get; }

    public NodeId[] Nodes { get; }

    /// <summary>The places of a node, by its index in <see cref="Nodes"/>.</summary>
    public int[][] PlacesOf { get; }

    /// <summary>The index of the node of a place.</summary>
    public int[] NodeOf { get; }

    /// <summary>The operations for each target, in the order in which that target gets them.</summary>
    public (Address Target, object[] Messages)[] Workload { get; }

    /// <summary>Offset of the observers.</summary>
    public int Observers { get; }

    /// <summary>Offset of the timer sets.</summary>
    public int Timers { get; }

    /// <summary>Offset of the numbers of operations put in.</summary>
    public int Operations { get; }

    /// <summary>Offset of the fault budget.</summary>
    public int Faults { get; }

    /// <summary>Index of the envelope delivered last, plus one; always 0 where that makes no difference.</summary>
    public int LastDelivered { get; }

    /// <summary>
    /// Offset of the places that have yet to begin the next round, 1 for each: while there is one nothing is delivered. There
    /// are none without synchronous rounds.
    /// </summary>
    public int Pending { get; }

    /// <summary>Offset of the envelopes.</summary>
    public int Network { get; }

    /// <summary>Whether time goes in synchronous rounds.</summary>
    public bool HasRounds => Network > Pending;

    /// <summary>Whether a round begins: some places have begun it, others have not.</summary>
    public bool IsBetweenRounds(ReadOnlySpan<int> world) => world[Pending..Network].Contains(1);

    public static bool IsUp(int state) => state >= 0;

    /// <summary>The number of the state, or of the last one before the crash.</summary>
    public static int StateOf(int state) => state >= 0 ? state : ~state;
}
