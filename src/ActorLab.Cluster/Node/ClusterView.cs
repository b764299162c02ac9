using System.Diagnostics;
using Akka.Cluster;

namespace ActorLab.Cluster;

/// <summary>A node's status, and what it can do to the Akka cluster's membership.</summary>
internal sealed class ClusterView(LabNode node, IReadOnlyDictionary<NodeId, AkkaAddress> peers)
{
    private static readonly DateTime ProcessBegan = Process.GetCurrentProcess().StartTime.ToUniversalTime();

    private AkkaCluster Cluster => AkkaCluster.Get(node.System);

    public NodeStatus Status()
    {
        var state = Cluster.State;
        var self = Cluster.SelfAddress;
        return new NodeStatus(
            node.Node.Name,
            node.Incarnation,
            Environment.ProcessId,
            Math.Round((DateTime.UtcNow - ProcessBegan).TotalSeconds, 3),
            node.System.Name,
            self.ToString(),
            Cluster.SelfMember.Status.ToString(),
            [.. state.Members.Select(member => ToStatus(member, state)).OrderBy(member => member.Node, StringComparer.Ordinal)],
            state.Leader is { } leader ? NameOf(leader) : null,
            [.. node.Scenarios.Select(scenario => scenario.Plan)],
            [.. node.Scenarios.SelectMany(scenario => scenario.Roles, (scenario, role) => ToStatus(scenario.Name, role))],
            node.Links.Plan.Version,
            new JournalStatus(node.Roles.Sum(role => role.Commits), node.Roles.Sum(role => role.DurableTurns)));
    }

    public void Leave() => Cluster.Leave(Cluster.SelfAddress);

    /// <returns>False when the lab has no such node.</returns>
    public bool Down(string name)
    {
        if (!peers.TryGetValue(new NodeId(name), out var address))
        {
            return false;
        }

        Cluster.Down(address);
        return true;
    }

    private static RoleStatus ToStatus(string scenario, HostedRole role) => new(
        scenario, role.Address.ToString(), role.Incarnation, role.Running, role.HaltReason is not null, role.HaltReason);

    private MemberStatus ToStatus(Member member, ClusterEvent.CurrentClusterState state) => new(
        NameOf(member.Address),
        member.Address.ToString(),
        member.Status.ToString(),
        !state.Unreachable.Contains(member),
        [.. member.Roles]);

    private string NameOf(AkkaAddress address) =>
        peers.Where(peer => peer.Value.Equals(address)).Select(peer => peer.Key.Name).FirstOrDefault() ?? address.ToString();
}
