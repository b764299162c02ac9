using System.Collections.Concurrent;
using System.Diagnostics;
using ActorLab.Cluster;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>Writes what a node reads at its start: its ports, its peers, and the plans of that moment.</summary>
public sealed class NodePreparation(DataFolder folder, UpOptions options, string tokenFile)
{
    private readonly ConcurrentDictionary<string, int> _founders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _joined = new(StringComparer.Ordinal);

    /// <summary>The ports of each node; stays the same while the lab runs, since peers know them.</summary>
    public IReadOnlyDictionary<string, NodePorts> Ports { get; private set; } = new Dictionary<string, NodePorts>();

    /// <summary>Finds free ports for all nodes.</summary>
    public void TakePorts(IReadOnlyList<string> nodes)
    {
        var free = Lab.Ports.Free(3 * nodes.Count);
        Ports = nodes.Select((name, i) => new NodePorts(
                name, free[3 * i], free[(3 * i) + 1],
                options.Etcd switch { null => 0, 0 => free[(3 * i) + 2], { } first => first + i }))
            .ToDictionary(ports => ports.Name, StringComparer.Ordinal);
        _founders.Clear();
        _joined.Clear();
    }

    /// <summary>Notes that a process of a node is a member of the cluster.</summary>
    public void Joined(NodeInfo node) => _joined[node.Name] = node.Starts;

    public bool HasJoined(NodeInfo node) => _joined.GetValueOrDefault(node.Name) == node.Starts;

    /// <summary>Writes the configuration of a node, and says how to start it.</summary>
    public ProcessStartInfo Prepare(string node, IReadOnlyList<NodeInfo> nodes, ScenarioPlans run, FaultPlan plan)
    {
        var own = nodes.First(n => n.Name == node);
        var mayFound = MayFound(own, nodes);
        var home = folder.NodeFolder(node);
        Directory.CreateDirectory(home);
        var path = Path.Combine(home, "node.json");
        new NodeConfig
        {
            Name = node,
            RemotingPort = Ports[node].RemotingPort,
            ControlPort = Ports[node].ControlPort,
            ClientPort = Ports[node].ClientPort,
            Peers = [.. Ports.Values.Select(p => new NodePeer(p.Name, "127.0.0.1", p.RemotingPort, p.ControlPort, p.ClientPort))],
            Run = run,
            Store = options.Shape.Store switch
            {
                "memory" => StoreKind.Memory,
                "postgres" => StoreKind.Postgres,
                _ => StoreKind.Sqlite,
            },
            DataDir = home,
            TokenFile = tokenFile,
            LabId = folder.Run.LabId,
            ParentPid = Environment.ProcessId,
            FaultPlan = FaultPlanJson.Of(plan),
            MayFoundCluster = mayFound,
            Hocon = options.Hocon,
            Settings = options.Settings,
        }.Write(path);
        if (mayFound)
        {
            _founders[node] = own.Starts + 1;
        }

        var start = OwnProgram.StartInfo("node", $"--config={path}");
        if (options.Postgres is { } database)
        {
            start.Environment[PostgresStore.Variable] = database;
        }

        return start;
    }

    /// <summary>
    /// A node may found the cluster while no other one is in it or may found it. A second founder, on a machine so busy that
    /// the first one answers late, would make two clusters of one.
    /// </summary>
    private bool MayFound(NodeInfo own, IReadOnlyList<NodeInfo> nodes) => !nodes.Any(other =>
        other.Name != own.Name
        && other.Life is NodeLife.Running or NodeLife.Paused
        && (HasJoined(other) || _founders.GetValueOrDefault(other.Name) == other.Starts));
}
