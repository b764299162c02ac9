using System.Text.Json;
using System.Text.Json.Serialization;
using ActorLab.Cluster;

namespace ActorLab.Lab;

/// <summary>How far a lab is.</summary>
public enum LabState
{
    Starting,
    Ready,
    Stopped,
}

/// <summary>The ports of one node, both on loopback.</summary>
/// <param name="Name">Such as <c>n1</c>.</param>
/// <param name="RemotingPort">Where the other nodes reach it.</param>
/// <param name="ControlPort">Where the controller and HTTP clients reach it.</param>
/// <param name="ClientPort">Where etcd's clients reach it; 0 where they are not served.</param>
public sealed record NodePorts(string Name, int RemotingPort, int ControlPort, int ClientPort = 0);

/// <summary>What the data of a folder was made for: nodes with other peers or another store must not go on with it.</summary>
/// <param name="Nodes">How many nodes.</param>
/// <param name="Store">Where they keep their disk: <c>sqlite</c> or <c>memory</c>.</param>
public sealed record LabShape(int Nodes, string Store)
{
    public override string ToString() => $"{Nodes} {(Nodes == 1 ? "node" : "nodes")} with store {Store}";
}

/// <summary>
/// <c>lab.json</c> in a lab's data folder: it marks the folder as a lab's, and tells other programs where the lab listens.
/// It stays when the lab stops.
/// </summary>
public sealed record RunFile
{
    public const string Name = "lab.json";
    private const string Mark = "actorlab";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Tells a lab's file from any other <c>lab.json</c>.</summary>
    public string Lab { get; init; } = "";

    public int Format { get; init; }

    /// <summary>Written into the nodes' folders too, so that a node refuses the data of another lab.</summary>
    public string LabId { get; init; } = "";

    public required LabShape Shape { get; init; }

    public LabState State { get; init; }

    /// <summary>The process of the controller.</summary>
    public int Pid { get; init; }

    /// <summary>The console's port.</summary>
    public int Port { get; init; }

    public string TokenFile { get; init; } = "";

    public DateTimeOffset Started { get; init; }

    public IReadOnlyList<NodePorts> Nodes { get; init; } = [];

    /// <summary>The scenarios that ever ran here, each as its newest disks were made.</summary>
    public IReadOnlyList<ScenarioPlan> Disks { get; init; } = [];

    /// <summary>The first file of a new lab.</summary>
    public static RunFile For(LabShape shape) => new() { Lab = Mark, Format = 2, LabId = Guid.NewGuid().ToString("n"), Shape = shape };

    /// <returns>Null when the folder has no <c>lab.json</c>, or one of another program.</returns>
    public static RunFile? Read(string folder)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(folder, Name));
            var read = JsonSerializer.Deserialize<RunFile>(file, Json);
            return read is { Lab: Mark, Format: 2, Shape: not null, Disks: not null } ? read : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>A reader sees the old file or the new one, whole.</summary>
    public void Write(string folder)
    {
        var path = Path.Combine(folder, Name);
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(this, Json));
        File.Move(path + ".new", path, overwrite: true);
    }
}
