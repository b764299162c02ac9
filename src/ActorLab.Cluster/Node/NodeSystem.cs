using Akka.Configuration;

namespace ActorLab.Cluster;

/// <summary>From a node's configuration to that of its actor system.</summary>
public static class NodeSystem
{
    /// <summary>The name of every node's actor system, and a part of every address.</summary>
    public const string Name = "actorlab";

    /// <summary>The protocol of addresses, as the throttling adapter renames it.</summary>
    public const string Protocol = "akka.trttl.tcp";

    public static AkkaAddress AddressOf(string host, int port) => new(Protocol, Name, host, port);

    internal static IReadOnlyDictionary<NodeId, AkkaAddress> Peers(NodeConfig config) =>
        config.Peers.ToDictionary(peer => peer.Id, peer => AddressOf(peer.Address, peer.RemotingPort));

    /// <summary>The lab's HOCON with all overrides, and then what this node alone knows.</summary>
    internal static Config Hocon(NodeConfig config) => LabHocon.FromPairs(new Dictionary<string, string>
    {
        ["akka.remote.dot-netty.tcp.hostname"] = LabHocon.Quote(config.Address),
        ["akka.remote.dot-netty.tcp.port"] = $"{config.RemotingPort}",
        ["akka.loggers"] = $"[{LabHocon.Quote(NodeLogger.TypeName)}]",
        ["akka.persistence.journal.plugin"] = JournalPlugin(config.Store),
        ["akka.persistence.snapshot-store.plugin"] = SnapshotPlugin(config.Store),
    }).WithFallback(Database(config)).WithFallback(LabHocon.Load(config.Settings, config.Hocon));

    /// <summary>Where a PostgreSQL database keeps the journal; nothing for other stores.</summary>
    /// <exception cref="NodeRefusal">The launcher did not say which database.</exception>
    private static Config Database(NodeConfig config) => config.Store == StoreKind.Postgres
        ? PostgresStore.Hocon(ConnectionOf(config), PostgresStore.SchemaOf(config.LabId, config.Name))
        : Config.Empty;

    internal static string ConnectionOf(NodeConfig config)
    {
        try
        {
            return PostgresStore.Checked(Environment.GetEnvironmentVariable(PostgresStore.Variable) ?? "");
        }
        catch (FormatException e)
        {
            throw new NodeRefusal($"{config.Name} keeps its disk in PostgreSQL and finds no database in {PostgresStore.Variable}. {e.Message}", e);
        }
    }

    /// <summary>The value of <c>akka.persistence.journal.plugin</c>.</summary>
    public static string JournalPlugin(StoreKind store) =>
        store == StoreKind.Memory ? "akka.persistence.journal.inmem" : "akka.persistence.journal.sql";

    /// <summary>The value of <c>akka.persistence.snapshot-store.plugin</c>.</summary>
    public static string SnapshotPlugin(StoreKind store) =>
        store == StoreKind.Memory ? "akka.persistence.snapshot-store.inmem" : "akka.persistence.snapshot-store.sql";

    /// <summary>
    /// Whom to ask for the cluster. Akka lets the first of the list found a cluster when nobody answers, so a node that may
    /// not found one asks itself last.
    /// </summary>
    internal static IReadOnlyList<AkkaAddress> Seeds(NodeConfig config)
    {
        var peers = config.Peers.OrderBy(peer => peer.Id).ToList();
        var plan = Plan(config);
        var cutOff = plan.Cuts.Any(cut => cut.From == config.Id || cut.To == config.Id);
        var first = peers.Count == 0 || peers[0].Id == config.Id;
        var mayFound = config.MayFoundCluster ?? (first && !cutOff);
        return [.. peers.OrderBy(peer => peer.Id != config.Id ? 1 : mayFound ? 0 : 2).Select(peer => AddressOf(peer.Address, peer.RemotingPort))];
    }

    /// <exception cref="NodeRefusal">A cut is not written as a link.</exception>
    internal static FaultPlan Plan(NodeConfig config)
    {
        try
        {
            return config.FaultPlan.ToPlan();
        }
        catch (FormatException e)
        {
            throw new NodeRefusal(e.Message, e);
        }
    }
}
