using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ActorLab.Specs.Processes;

/// <summary>A spec that wants PostgreSQL's server, and is skipped, with its reason, where that is not installed.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (PostgresServer.Programs is null)
        {
            Skip = "There is no PostgreSQL on this machine: Debian's package postgresql has it.";
        }
    }
}

/// <summary>A PostgreSQL of a spec's own: in a temporary folder, on a free port, gone afterwards.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("actorlab-postgres-").FullName;
    private readonly int _port = FreePort();
    private Process? _process;

    /// <summary>The folder of its programs, of the newest version; null where it is not installed.</summary>
    public static string? Programs { get; } = !Directory.Exists("/usr/lib/postgresql") ? null
        : Directory.GetDirectories("/usr/lib/postgresql").Order().Select(version => Path.Combine(version, "bin"))
            .LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")) && File.Exists(Path.Combine(bin, "postgres")));

    public string Connection => $"Host=127.0.0.1;Port={_port};Username=lab;Database=postgres";

    public static async Task<PostgresServer> Start()
    {
        var server = new PostgresServer();
        if (Environment.UserName == "root")
        {
            // It refuses to run as root.
            await Run("chown", "postgres", server._folder);
        }

        await server.RunProgram("initdb", "--auth=trust", "--username=lab", "-D", server.Data);
        await server.Up();
        return server;
    }

    public async Task Up()
    {
        _process = Process.Start(Start("postgres", "-D", Data, "-p", $"{_port}", "-h", "127.0.0.1", "-k", _folder))!;
        var said = Task.WhenAll(_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < LabProcess.StartLimit;)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"PostgreSQL ended: {string.Join("", await said)}");
            }

            if (await IsReady())
            {
                return;
            }

            await tick.WaitForNextTickAsync();
        }

        throw new TimeoutException($"PostgreSQL did not come up in {_folder}.");
    }

    /// <summary>As a power cut would end it: its own process tree, with what clients wait for.</summary>
    public async Task Kill()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().WaitAsync(LabProcess.EndLimit);
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await Kill();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private async Task<bool> IsReady()
    {
        using var process = Process.Start(Start("pg_isready", "-q", "-h", "127.0.0.1", "-p", $"{_port}"))!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    private Task RunProgram(string program, params string[] arguments) => Finish(Start(program, arguments));

    private static Task Run(string program, params string[] arguments) => Finish(new ProcessStartInfo(program, arguments));

    private static async Task Finish(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).WaitAsync(LabProcess.StartLimit);
        await process.WaitForExitAsync().WaitAsync(LabProcess.StartLimit);
        Assert.True(process.ExitCode == 0, $"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}: {string.Join("", said)}");
    }

    private ProcessStartInfo Start(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs!, program);
        var start = Environment.UserName == "root"
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--clear-groups", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        start.WorkingDirectory = _folder;
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        return start;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
