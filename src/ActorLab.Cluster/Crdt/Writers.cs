using Akka.Cluster;

namespace ActorLab.Cluster.Crdt;

/// <summary>
/// The nodes as Akka's types name who wrote. The number decides between two writes of one timestamp: the lesser wins.
/// </summary>
/// <param name="nodes">All that may ever write.</param>
public sealed class Writers(Set<NodeId> nodes)
{
    /// <summary>
    /// Who writes while an update is under way. Akka's sets number additions from one counter for the whole process, which
    /// would give another state to each run: what this one wrote is numbered anew, and signed by the node. It is in no
    /// replica between two turns.
    /// </summary>
    public static readonly UniqueAddress Scratch = AddressOf("scratch", 0);

    private readonly Map<NodeId, UniqueAddress> _addresses =
        nodes.ToMap(node => node, node => AddressOf(node.Name, nodes.CountBefore(node) + 1));

    private readonly Dictionary<UniqueAddress, NodeId> _nodes =
        nodes.ToDictionary(node => AddressOf(node.Name, nodes.CountBefore(node) + 1));

    public UniqueAddress this[NodeId node] => _addresses[node];

    public NodeId this[UniqueAddress address] => _nodes[address];

    private static UniqueAddress AddressOf(string name, int number) => new(new AkkaAddress("akka", "lab", name, 1), number);
}
