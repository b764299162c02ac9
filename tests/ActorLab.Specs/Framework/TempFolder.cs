using Microsoft.Data.Sqlite;

namespace ActorLab.Specs;

/// <summary>A folder for one spec, gone with it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("actorlab-spec-").FullName;

    public string Of(NodeId node) => Directory.CreateDirectory(System.IO.Path.Combine(Path, node.Name)).FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools(); // idle connections hold files open, which Windows does not delete
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody cleaned the folder of temporary files: gone is gone.
        }
    }
}
