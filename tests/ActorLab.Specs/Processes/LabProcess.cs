using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using ActorLab.Console;
using ActorLab.Lab;

namespace ActorLab.Specs.Processes;

/// <summary>
/// A lab as its user starts it: the built executable in a process of its own, on a free port, in a temporary folder.
/// Disposing of it ends it and fails when a node is left.
/// </summary>
/// <example><code>
/// await using var lab = await LabProcess.Start("--nodes=3", "--store=memory");
/// await lab.Pbm("raft put greeting hello");
/// </code></example>
public sealed class LabProcess : IAsyncDisposable
{
    public static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(100);
    public static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;
    private readonly HashSet<int> _nodePids = [];
    private bool _keepFolder; // to look at, after a wait in vain

    private LabProcess(Process process, string folder)
    {
        _process = process;
        Folder = folder;
        process.StandardInput.Close();
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    public string Folder { get; }

    public int Pid => _process.Id;

    public RunFile Run => RunFile.Read(Folder)!;

    /// <summary>Starts <c>lab up</c> and waits until it is ready.</summary>
    public static async Task<LabProcess> Start(params string[] switches)
    {
        var lab = Launch(NewFolder(), ["up", "--port=0", .. switches]);
        await lab.Until(() => lab.Ended || RunFile.Read(lab.Folder)?.State == LabState.Ready, StartLimit, "the lab is ready");
        if (lab.Ended)
        {
            throw new InvalidOperationException($"The lab ended while it started: {await lab._output}{await lab._error}");
        }

        await lab.NodePids();
        return lab;
    }

    /// <summary>Runs one <c>lab</c> command to its end.</summary>
    public static async Task<(int Exit, string Output, string Error)> RunToEnd(string folder, params string[] arguments)
    {
        var lab = Launch(folder, arguments);
        await lab._process.WaitForExitAsync().WaitAsync(StartLimit);
        return (lab._process.ExitCode, await lab._output, await lab._error);
    }

    /// <summary>Runs a command line of the console.</summary>
    public async Task<(int Exit, string Output)> Pbm(string line)
    {
        var text = new StringWriter();
        using var client = new PbmClient(new PbmAddress("127.0.0.1", Run.Port), () => LabToken.Read(Run.TokenFile));
        var session = new PbmSession(client, new PbmIo(TextReader.Null, text, text));
        var exit = await PbmScript.RunLine(session, new PbmOptions(), line, CancellationToken.None);
        return (exit, text.ToString());
    }

    /// <summary>A client of the nodes' HTTP API.</summary>
    public HttpClient Http(TimeSpan limit) => new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = limit,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", LabToken.Read(Run.TokenFile)) },
    };

    public Uri NodeUri(string node, string path) =>
        new($"http://127.0.0.1:{Run.Nodes.First(ports => ports.Name == node).ControlPort}/{path}");

    /// <summary>The processes of the nodes that the lab has now.</summary>
    public async Task<IReadOnlyList<int>> NodePids()
    {
        using var http = Http(TimeSpan.FromSeconds(10));
        var json = await http.GetStringAsync(new Uri($"http://127.0.0.1:{Run.Port}/lab"));
        var report = JsonSerializer.Deserialize<LabReport>(json, OutputJson.Options)!;
        var pids = report.Nodes.Select(node => node.Pid).OfType<int>().ToList();
        _nodePids.UnionWith(pids);
        return pids;
    }

    /// <summary>Ends the controller as a power cut would.</summary>
    public Task KillController()
    {
        Posix.Send(Pid, Signal.Kill);
        return _process.WaitForExitAsync().WaitAsync(EndLimit);
    }

    /// <summary>Ends the lab with a signal, SIGTERM or what Ctrl-C sends.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> End(Signal signal = Signal.Terminate)
    {
        Posix.Send(Pid, signal);
        await _process.WaitForExitAsync().WaitAsync(EndLimit);
        return _process.ExitCode;
    }

    /// <summary>
    /// Whether the process was started so that Ctrl-C does not reach it: shells start background jobs that way, and .NET
    /// keeps to it.
    /// </summary>
    public bool IgnoresInterrupt => File.ReadLines($"/proc/{Pid}/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is var line
        && (Convert.ToUInt64(line.Split(':')[1].Trim(), 16) & 0b10) != 0;

    /// <summary>Waits for a condition, and looks at it every 50 ms.</summary>
    public Task Until(Func<bool> condition, TimeSpan limit, string what) => Until(() => Task.FromResult(condition()), limit, what);

    /// <inheritdoc cref="Until(Func{bool}, TimeSpan, string)"/>
    public async Task Until(Func<Task<bool>> condition, TimeSpan limit, string what)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > limit)
            {
                _keepFolder = true;
                throw new TimeoutException($"Waited {limit.TotalSeconds:0} s in vain until {what}. The lab's folder is {Folder}.");
            }

            await tick.WaitForNextTickAsync();
        }
    }

    /// <summary>Waits until no process of a node is left.</summary>
    public Task UntilNoNodeIsLeft() => Until(() => _nodePids.All(pid => !IsAlive(pid)), EndLimit, "no node is left");

    public async ValueTask DisposeAsync()
    {
        if (!Ended)
        {
            await End();
        }

        await UntilNoNodeIsLeft();
        if (!_keepFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    public static string NewFolder() => Directory.CreateTempSubdirectory("actorlab-spec-").FullName;

    /// <summary>A zombie, which its parent has not asked about yet, is not alive.</summary>
    public static bool IsAlive(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private bool Ended => _process.HasExited;

    private static LabProcess Launch(string folder, IReadOnlyList<string> arguments)
    {
        var start = OwnProgram.StartInfo([.. arguments, $"--data={folder}"]);
        start.Environment["XDG_RUNTIME_DIR"] = TokenFolder.Value;
        return new LabProcess(Process.Start(start)!, folder);
    }

    /// <summary>Tokens of specs lie apart from those of the user's own labs.</summary>
    private static readonly Lazy<string> TokenFolder = new(() => Directory.CreateTempSubdirectory("actorlab-spec-tokens-").FullName);
}
