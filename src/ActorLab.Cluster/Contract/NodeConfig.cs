using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorLab.Cluster;

/// <summary>A node of the lab, as other nodes find it.</summary>
/// <param name="Name">Such as <c>n1</c>.</param>
/// <param name="Address">Where its ports are.</param>
/// <param name="RemotingPort">For the other nodes.</param>
/// <param name="ControlPort">For the controller, the console and HTTP clients.</param>
/// <param name="ClientPort">For clients of another system's protocol; 0 where none are served.</param>
public sealed record NodePeer(string Name, string Address, int RemotingPort, int ControlPort, int ClientPort = 0)
{
    [JsonIgnore]
    public NodeId Id => new(Name);
}

/// <summary>Where the roles of a node keep their disks.</summary>
public enum StoreKind
{
    /// <summary>A SQLite file in the data folder, synced on every commit.</summary>
    Sqlite,

    /// <summary>Nothing survives the process.</summary>
    Memory,

    /// <summary>A schema of a PostgreSQL database: see <see cref="PostgresStore"/>.</summary>
    Postgres,
}

/// <summary>All that a node process is told, in one JSON file that its launcher writes.</summary>
public sealed record NodeConfig
{
    /// <summary>Such as <c>n1</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The address that remoting and the control port bind to; loopback unless asked otherwise.</summary>
    public string Address { get; init; } = "127.0.0.1";

    public required int RemotingPort { get; init; }

    public required int ControlPort { get; init; }

    /// <summary>For clients of another system's protocol: see <see cref="ScenarioCatalogue.ClientApi"/>; 0 to serve none.</summary>
    public int ClientPort { get; init; }

    /// <summary>All nodes of the lab, this one included, in the order of their names.</summary>
    public required IReadOnlyList<NodePeer> Peers { get; init; }

    /// <summary>What it runs from its start on.</summary>
    public ScenarioPlans Run { get; init; } = ScenarioPlans.None;

    public StoreKind Store { get; init; } = StoreKind.Sqlite;

    /// <summary>The node's own folder: journal, logs and the file that says whose it is.</summary>
    public required string DataDir { get; init; }

    /// <summary>The file with the token that every request to the control port must carry.</summary>
    public required string TokenFile { get; init; }

    /// <summary>The lab that the data folder belongs to; a folder of another lab is refused. Empty for no check.</summary>
    public string LabId { get; init; } = "";

    /// <summary>The node ends when this process is gone; 0 for a node that stands alone.</summary>
    public int ParentPid { get; init; }

    /// <summary>In force before the first role message.</summary>
    public FaultPlanJson FaultPlan { get; init; } = new(0, []);

    /// <summary>
    /// Whether this node may found a cluster when nobody answers. Null: the first of <see cref="Peers"/> may. A launcher
    /// that restarts a node while others run says false, so that a busy machine never makes two clusters of one.
    /// </summary>
    public bool? MayFoundCluster { get; init; }

    /// <summary>A HOCON file that overrides the lab's own.</summary>
    public string? Hocon { get; init; }

    /// <summary>HOCON keys and values that override all files.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    [JsonIgnore]
    public NodeId Id => new(Name);

    /// <exception cref="NodeRefusal">There is no such file, or it holds no node's configuration.</exception>
    public static NodeConfig Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize<NodeConfig>(file, NodeJson.Options)
                ?? throw new JsonException("it holds no object");
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new NodeRefusal($"{path} is no node configuration: {e.Message}. Let 'lab up' write it anew.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeRefusal($"The node configuration {path} cannot be read: {e.Message}", e);
        }
    }

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, NodeJson.Options));
}

/// <summary>A node does not start; the sentence says why and what to do. Its process ends with exit code 2.</summary>
public sealed class NodeRefusal(string sentence, Exception? inner = null) : Exception(sentence, inner);

/// <summary>A node does not do what it was asked, yet; the sentence says why. Asking again later may help.</summary>
public sealed class NodeBusy(string sentence) : Exception(sentence);
