using System.Diagnostics;
using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>
/// Starts and ends the processes of the nodes. Commands on one node run one after the other. A node stopped by a command
/// stays down; one that ended by itself is reported, and started again only when that was asked for.
/// </summary>
public sealed class Supervisor : IAsyncDisposable
{
    /// <summary>A node that ends so often within <see cref="RestartWindow"/> is left down.</summary>
    public const int MaxRestarts = 5;

    public static readonly TimeSpan RestartWindow = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(1);

    /// <summary>One start at a time: what a node is told depends on who runs already.</summary>
    private readonly SemaphoreSlim _launching = new(1);
    private readonly Spawner _spawner = new();
    private readonly IReadOnlyDictionary<string, NodeSlot> _slots;
    private readonly Func<string, IReadOnlyList<NodeInfo>, ProcessStartInfo> _prepare;
    private readonly Func<string, string> _outputFile;
    private readonly CancellationTokenSource _ending = new();

    /// <param name="nodes">Their names, in the order in which they are listed.</param>
    /// <param name="prepare">Called before each start of a node, with all nodes as they are: writes what it reads, and says what to run.</param>
    /// <param name="outputFile">The file that gets what a node prints.</param>
    /// <param name="stopLimit">How long a process that was asked to end may take: longer than it gives its own parts.</param>
    public Supervisor(
        IEnumerable<string> nodes, Func<string, IReadOnlyList<NodeInfo>, ProcessStartInfo> prepare, Func<string, string> outputFile,
        TimeSpan stopLimit)
    {
        StopLimit = stopLimit;
        _slots = nodes.ToDictionary(name => name, name => new NodeSlot(name), StringComparer.Ordinal);
        Names = [.. _slots.Keys];
        _prepare = prepare;
        _outputFile = outputFile;
    }

    /// <summary>Told of each end that nobody had asked for; called on a pool thread.</summary>
    public event Action<UnexpectedEnd>? EndedUnexpectedly;

    /// <summary>Told when a node was started again because <see cref="RestartFailed"/> is set, or was given up.</summary>
    public event Action<string, string>? Restarted;

    /// <summary>Told of each end of a process, before its node can be started again; how, as a phrase.</summary>
    public event Action<string, string>? Ended;

    /// <summary>What befell the processes, of which their own traces know nothing.</summary>
    public NodeLives Lives { get; } = new();

    /// <summary>Whether a node that ended by itself is started again.</summary>
    public bool RestartFailed { get; set; }

    public IReadOnlyList<string> Names { get; }

    /// <summary>A process that was asked to end is killed after this time.</summary>
    public TimeSpan StopLimit { get; }

    /// <summary>Recordings of nodes tell how their processes ended, which a killed one cannot write.</summary>
    public void NotesEndsIn(DataFolder folder) => Ended += (node, how) => NodeRecording.NoteEnd(folder.NodeFolder(node), how);

    public IReadOnlyList<NodeInfo> Nodes => [.. Names.Select(name => _slots[name].Info)];

    public NodeInfo this[string node] => SlotOf(node).Info;

    /// <summary>What the node's present or last process printed last, the oldest line first.</summary>
    public IReadOnlyList<string> LastLines(string node) => SlotOf(node).Process?.LastLines ?? [];

    /// <exception cref="CommandFailed">The node runs already, or cannot be started.</exception>
    public Task Start(string node) => Locked(node, async slot =>
    {
        if (slot.Process is { Alive: true } process)
        {
            throw new CommandFailed($"{node} runs already (process {process.Pid}{(process.Paused ? ", paused" : "")}).");
        }

        await Launch(slot).ConfigureAwait(false);
    });

    /// <summary>Asks the node's process to end; after <see cref="StopLimit"/> it is killed.</summary>
    /// <returns>Whether it ended by itself.</returns>
    public async Task<bool> Stop(string node)
    {
        var ended = false;
        await Locked(node, async slot => ended = await Running(slot).Stop(StopLimit).ConfigureAwait(false)).ConfigureAwait(false);
        return ended;
    }

    /// <summary>Ends the process at once, as a power cut would; a frozen one too.</summary>
    public Task Kill(string node) => Locked(node, async slot =>
    {
        var process = Running(slot);
        process.Kill();
        await process.Exited.ConfigureAwait(false);
    });

    public Task Pause(string node) => Locked(node, slot =>
    {
        var process = RunningWithSignals(slot, "pause");
        if (process.Paused)
        {
            throw new CommandFailed($"{node} is paused already: node resume {node} lets it go on.");
        }

        process.Pause();
        Lives.Add(node, TraceKind.Pause);
        return Task.CompletedTask;
    });

    public Task Resume(string node) => Locked(node, slot =>
    {
        var process = RunningWithSignals(slot, "resume");
        if (!process.Paused)
        {
            throw new CommandFailed($"{node} is not paused.");
        }

        process.Resume();
        Lives.Add(node, TraceKind.Resume);
        return Task.CompletedTask;
    });

    /// <summary>Stops the node if it runs, and starts it.</summary>
    public Task Restart(string node) => Locked(node, async slot =>
    {
        if (slot.Process is { Alive: true } process)
        {
            await process.Stop(StopLimit).ConfigureAwait(false);
        }

        await Launch(slot).ConfigureAwait(false);
    });

    /// <summary>Kills every process, at once: the way to give up on a start.</summary>
    public async Task KillAll()
    {
        foreach (var process in Processes())
        {
            process.Kill();
        }

        await Task.WhenAll(Processes().Select(process => process.Exited)).ConfigureAwait(false);
    }

    /// <summary>Ends every process: asks first, kills after <see cref="StopLimit"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_slots.Values.Select(StopLast)).ConfigureAwait(false);
        _spawner.Dispose();
    }

    /// <summary>The gate lets a start that is under way come to its end first, so that it leaves nothing behind.</summary>
    private async Task StopLast(NodeSlot slot)
    {
        await slot.Gate.WaitAsync().ConfigureAwait(false);
        if (slot.Process is { Alive: true } process)
        {
            await process.Stop(StopLimit).ConfigureAwait(false);
        }
    }

    private List<NodeProcess> Processes() => [.. _slots.Values.Select(slot => slot.Process).OfType<NodeProcess>().Where(p => p.Alive)];

    private async Task Launch(NodeSlot slot)
    {
        await _launching.WaitAsync(_ending.Token).ConfigureAwait(false);
        try
        {
            var info = _prepare(slot.Name, Nodes);
            var output = OpenOutput(slot.Name); // before there is a process, which would be in nobody's care if this failed
            Lives.Starts(slot.Name);
            var process = new NodeProcess(await _spawner.Start(info).ConfigureAwait(false), output, code => HasEnded(slot.Name, code));
            slot.Started(process);
            _ = Watch(slot, process);
        }
        finally
        {
            _launching.Release();
        }
    }

    private void HasEnded(string node, int code)
    {
        var how = NodeProcess.EndOf(code);
        Lives.Add(node, code == 0 ? TraceKind.Stop : TraceKind.Crash, code == 0 ? "" : how);
        Ended?.Invoke(node, how);
    }

    private StreamWriter OpenOutput(string node)
    {
        var path = _outputFile(node);
        try
        {
            return new StreamWriter(path, append: true) { AutoFlush = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"{node} was not started: what it prints cannot be kept in {path} ({e.Message}).");
        }
    }

    private async Task Watch(NodeSlot slot, NodeProcess process)
    {
        var code = await process.Exited.ConfigureAwait(false);
        if (process.EndExpected || _ending.IsCancellationRequested)
        {
            return;
        }

        EndedUnexpectedly?.Invoke(new UnexpectedEnd(slot.Name, code, process.LastLines));
        if (RestartFailed)
        {
            await StartAgain(slot, process).ConfigureAwait(false);
        }
    }

    private async Task StartAgain(NodeSlot slot, NodeProcess ended)
    {
        try
        {
            await Task.Delay(RestartPause, _ending.Token).ConfigureAwait(false);
            await Locked(slot.Name, async _ =>
            {
                if (!ReferenceEquals(slot.Process, ended))
                {
                    return; // a command was quicker
                }

                if (!slot.MayRestart(DateTimeOffset.Now))
                {
                    Restarted?.Invoke(slot.Name, $"{slot.Name} ended {MaxRestarts} times within a minute and stays down; node start {slot.Name} tries again");
                    return;
                }

                await Launch(slot).ConfigureAwait(false);
                Restarted?.Invoke(slot.Name, $"{slot.Name} was started again, as --restart asks");
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The lab is ending.
        }
        catch (Exception e)
        {
            Restarted?.Invoke(slot.Name, $"{slot.Name} could not be started again: {e.Message}");
        }
    }

    private async Task Locked(string node, Func<NodeSlot, Task> work)
    {
        var slot = SlotOf(node);
        await slot.Gate.WaitAsync(_ending.Token).ConfigureAwait(false);
        try
        {
            await work(slot).ConfigureAwait(false);
        }
        finally
        {
            slot.Gate.Release();
        }
    }

    private NodeSlot SlotOf(string node) => _slots.TryGetValue(node, out var slot)
        ? slot
        : throw new BadInput(Suggest.Unknown("node", node, Names));

    private static NodeProcess Running(NodeSlot slot) => slot.Process is { Alive: true } process
        ? process
        : throw new CommandFailed($"{slot.Name} is down: node start {slot.Name} starts it.");

    private static NodeProcess RunningWithSignals(NodeSlot slot, string verb) => Posix.HasSignals
        ? Running(slot)
        : throw new CommandFailed($"node {verb} needs SIGSTOP and SIGCONT, which Windows does not have: use node kill and node start instead.");
}
