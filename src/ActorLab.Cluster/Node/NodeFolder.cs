using System.Text.Json;

namespace ActorLab.Cluster;

/// <summary>
/// The data folder of one node: says whose it is, lets one process in, and counts the boots. A folder that belongs to
/// another node or lab is refused, since its journal would make this node remember promises it never gave.
/// </summary>
public sealed class NodeFolder : IDisposable
{
    private const int Format = 2;
    private const string MarkerFile = "node.id";
    private const string LockFile = "node.lock";
    private const string IncarnationFile = "incarnation";

    // A launcher may have put these there before the node's first start.
    private static readonly string[] Harmless = ["node.json", "logs", LockFile, IncarnationFile];

    private readonly Lock _lock = new();
    private readonly FileStream _held;
    private long _incarnation;

    private NodeFolder(string path, FileStream held)
    {
        Path = path;
        _held = held;
        _incarnation = ReadIncarnation();
    }

    public string Path { get; }

    /// <summary>The last number given out.</summary>
    public long Incarnation => Interlocked.Read(ref _incarnation);

    private string IncarnationPath => System.IO.Path.Combine(Path, IncarnationFile);

    /// <summary>Opens the folder for this node, and makes it if it is not there.</summary>
    /// <exception cref="NodeRefusal">It is somebody else's, damaged, or in use.</exception>
    public static NodeFolder Open(NodeConfig config)
    {
        var path = System.IO.Path.GetFullPath(config.DataDir);
        try
        {
            Directory.CreateDirectory(path);
            var held = Hold(path);
            try
            {
                CheckMarker(path, new Marker(config.LabId, config.Name, Format));
                return new NodeFolder(path, held);
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeRefusal($"The data folder {path} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>A number greater than all that this folder gave out before, and remembered before it is used.</summary>
    public long NextIncarnation()
    {
        lock (_lock)
        {
            var next = _incarnation + 1;
            Replace(IncarnationPath, $"{next}\n");
            Interlocked.Exchange(ref _incarnation, next);
            return next;
        }
    }

    public void Dispose() => _held.Dispose();

    private static FileStream Hold(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new NodeRefusal($"Another process uses the data folder {path}: stop that node first, or give this one a folder of its own.", e);
        }
    }

    private static void CheckMarker(string path, Marker mine)
    {
        var file = System.IO.Path.Combine(path, MarkerFile);
        if (!File.Exists(file))
        {
            var strange = Directory.EnumerateFileSystemEntries(path).Select(System.IO.Path.GetFileName)
                .FirstOrDefault(name => !Harmless.Contains(name) && name?.StartsWith("node.id.", StringComparison.Ordinal) != true);
            if (strange is not null)
            {
                throw new NodeRefusal(
                    $"The folder {path} holds '{strange}' but no {MarkerFile}, so it is no node's data folder: name another folder, or empty this one.");
            }

            Replace(file, JsonSerializer.Serialize(mine, NodeJson.Options));
            return;
        }

        var found = ReadMarker(file);
        var foreign = found switch
        {
            { Format: not Format } => $"has format {found.Format}; this program reads format {Format}",
            _ when found.Node != mine.Node => $"belongs to node {found.Node}, not to {mine.Node}",
            _ when mine.LabId != "" && found.LabId != mine.LabId => "belongs to another lab",
            _ => null,
        };
        if (foreign is not null)
        {
            throw new NodeRefusal($"The data folder {path} {foreign}: name the right folder with --data, or begin anew with --fresh.");
        }
    }

    private static Marker ReadMarker(string file)
    {
        try
        {
            var found = JsonSerializer.Deserialize<Marker>(File.ReadAllText(file), NodeJson.Options);
            return found is { Node: not null, LabId: not null } ? found : throw new JsonException("a field is missing");
        }
        catch (JsonException e)
        {
            throw new NodeRefusal($"{file} is damaged ({e.Message}), so nobody knows whose the folder is: restore a copy, or begin anew with --fresh.", e);
        }
    }

    private long ReadIncarnation()
    {
        if (!File.Exists(IncarnationPath))
        {
            return 0;
        }

        return long.TryParse(File.ReadAllText(IncarnationPath).Trim(), out var last) && last >= 0
            ? last
            : throw new NodeRefusal($"{IncarnationPath} is damaged: write a number into it that is greater than any incarnation of this node.");
    }

    /// <summary>
    /// A reader sees the old content or the whole new one. On Linux and macOS the new one is there for good when this
    /// returns; on Windows a power failure right after it may bring the old one back.
    /// </summary>
    private static void Replace(string path, string content)
    {
        var fresh = $"{path}.new";
        using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(content));
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
        if (!OperatingSystem.IsWindows())
        {
            FolderSync.Flush(System.IO.Path.GetDirectoryName(path)!);
        }
    }

    private sealed record Marker(string LabId, string Node, int Format);
}
