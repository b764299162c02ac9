using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>The roles and nodes of a run, by number and by name.</summary>
internal sealed class Places
{
    private readonly Dictionary<Address, RoleSlot> _byAddress;
    private readonly Dictionary<NodeId, NodeSlot> _byNode;
    private readonly Place[] _ofRoles;
    private readonly Place[] _ofNodes;

    public Places(Scenario scenario, SimulationOptions options, Draws draws, Func<long> now)
    {
        Nodes = [.. scenario.Nodes.Select((id, index) => new NodeSlot(index, id, draws.Clock(id)))];
        _byNode = Nodes.ToDictionary(node => node.Id);
        Roles = [.. scenario.Placements.OrderBy(placement => placement.Address)
            .Select((placement, index) => new RoleSlot(index, placement, _byNode[placement.Address.Node], options, draws, now))];
        _byAddress = Roles.ToDictionary(role => role.Address);
        foreach (var role in Roles)
        {
            role.Node.Roles.Add(role);
        }

        _ofRoles = [.. Roles.Select(role => new Place(role.Index, role.Address))];
        _ofNodes = [.. Nodes.Select(node => new Place(Roles.Length + node.Index, new Address(node.Id, "")))];
        All = new Place(Roles.Length + Nodes.Length, Address.Outside);
    }

    /// <summary>In the order of their addresses.</summary>
    public RoleSlot[] Roles { get; }

    /// <summary>In the order of their names.</summary>
    public NodeSlot[] Nodes { get; }

    /// <summary>What is no single place: the network, the users.</summary>
    public Place All { get; }

    public Place Of(RoleSlot role) => _ofRoles[role.Index];

    public Place Of(NodeSlot node) => _ofNodes[node.Index];

    public RoleSlot? Find(Address address) => _byAddress.GetValueOrDefault(address);

    /// <exception cref="KeyNotFoundException">The scenario has no such role.</exception>
    public RoleSlot RoleAt(Address address) => Find(address) ?? throw new KeyNotFoundException(
        $"The scenario has no role at {address}. It has: {string.Join(", ", Roles.Select(role => role.Address))}.");

    /// <exception cref="KeyNotFoundException">The scenario has no such node.</exception>
    public NodeSlot NodeAt(NodeId id) => _byNode.GetValueOrDefault(id) ?? throw new KeyNotFoundException(
        $"The scenario has no node {id}. It has: {string.Join(", ", Nodes.Select(node => node.Id))}.");
}
