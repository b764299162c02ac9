namespace ActorLab.Lab;

/// <summary>What <c>lab up</c> was asked for.</summary>
public sealed record UpOptions
{
    public const int DefaultPort = ActorLab.Console.PbmAddress.DefaultPort;
    public const string DefaultData = ".lab";

    /// <summary>The scenarios that run from the start on.</summary>
    public IReadOnlyList<string> Run { get; init; } = ["raft"];

    /// <summary>How many nodes, and where they keep their disks.</summary>
    public LabShape Shape { get; init; } = new(5, "sqlite");

    /// <summary>The connection string of store <c>postgres</c>, which may hold a password; else null.</summary>
    public string? Postgres { get; init; }

    public string Data { get; init; } = DefaultData;

    /// <summary>A file with the token to use; null for a fresh one.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The console's port; 0 for any free one.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>The first node's port for clients of etcd, the next node's being one higher; 0 for any free ones, null for none.</summary>
    public int? Etcd { get; init; }

    /// <summary>Run in the background, and return once a leader leads.</summary>
    public bool Detach { get; init; }

    /// <summary>This process is the one in the background.</summary>
    public bool Background { get; init; }

    /// <summary>Delete what an earlier lab left in the folder.</summary>
    public bool Fresh { get; init; }

    /// <summary>Start nodes again that end by themselves.</summary>
    public bool Restart { get; init; }

    /// <summary>HOCON keys and values for every node.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>A HOCON file for every node; null for none.</summary>
    public string? Hocon { get; init; }

    /// <summary>The same as arguments, for the process in the background; the connection string goes another way.</summary>
    public IEnumerable<string> ToArguments()
    {
        yield return "up";
        yield return $"--nodes={Shape.Nodes}";
        yield return $"--run={string.Join(',', Run)}";
        yield return $"--store={Shape.Store}";
        yield return $"--data={Data}";
        yield return $"--port={Port}";
        if (TokenFile is not null)
        {
            yield return $"--token-file={TokenFile}";
        }

        if (Etcd is { } etcd)
        {
            yield return $"--etcd={etcd}";
        }

        foreach (var (key, value) in Settings)
        {
            yield return $"--settings={key}={value}";
        }

        if (Hocon is not null)
        {
            yield return $"--hocon={Hocon}";
        }

        if (Fresh)
        {
            yield return "--fresh";
        }

        if (Restart)
        {
            yield return "--restart";
        }

        if (Background)
        {
            yield return "--background";
        }
    }
}
