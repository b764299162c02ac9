using System.Diagnostics;
using System.Net;
using ActorLab.Checking;
using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>
/// A cluster of processes in which nothing happens by itself: gates and recordings are on. It has no console and no controller
/// but this process.
/// </summary>
internal sealed class StageLab : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    private readonly DataFolder _folder;
    private readonly Supervisor _supervisor;
    private readonly NodeClient _nodes;
    private readonly Dictionary<string, List<GateHoldCall>> _underWay = new(StringComparer.Ordinal);

    private StageLab(DataFolder folder, Supervisor supervisor, NodeClient nodes)
    {
        _folder = folder;
        _supervisor = supervisor;
        _nodes = nodes;
    }

    private IEnumerable<string> Running =>
        _supervisor.Nodes.Where(node => node.Life == NodeLife.Running).Select(node => node.Name);

    /// <summary>Starts the nodes; ends when their roles run and each hears all others.</summary>
    /// <param name="run">The scenario, as <c>lab check</c> names it.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="nodes">Its nodes.</param>
    /// <param name="root">An empty folder.</param>
    /// <param name="stopped">The user gives up.</param>
    /// <exception cref="CommandFailed">A node did not start.</exception>
    public static async Task<StageLab> Start(
        string run, IReadOnlyDictionary<string, int> parameters, Set<NodeId> nodes, string root, CancellationToken stopped)
    {
        var options = new UpOptions
        {
            Shape = new LabShape(run, nodes.Count, "sqlite"),
            Parameters = parameters,
            Data = root,
            Settings = new Dictionary<string, string>
            {
                ["actorlab.gates"] = "on",
                ["actorlab.trace.record"] = "on",
                ["actorlab.links.probe-each"] = "100ms",
            },
        };
        var folder = DataFolder.Open(root, options.Shape, fresh: false);
        var tokenFile = Path.Combine(root, "stage.token");
        var setup = new NodePreparation(folder, options, tokenFile);
        var names = nodes.Select(node => node.Name).ToList();
        setup.TakePorts(names);
        var supervisor = new Supervisor(names, (node, all) => setup.Prepare(node, all, FaultPlan.None), folder.NodeOutput);
        var lab = new StageLab(folder, supervisor, new NodeClient(node => setup.Ports[node].ControlPort, LabToken.Create(tokenFile)));
        try
        {
            await Task.WhenAll(names.Select(supervisor.Start)).ConfigureAwait(false);
            foreach (var name in names)
            {
                await lab.UntilReady(name, stopped).ConfigureAwait(false);
            }

            return lab;
        }
        catch
        {
            await lab.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>What waits at the gates of a node.</summary>
    public async Task<IReadOnlyList<GateStatus>> Gates(string node, CancellationToken stopped) =>
        await _nodes.Read<List<GateStatus>>(node, "gates", stopped).ConfigureAwait(false);

    /// <summary>Waits until a message is at the gate of its role.</summary>
    /// <exception cref="StagingFailed">It does not come.</exception>
    public async Task<HeldMessage> Await(Address from, Address to, string text, CancellationToken stopped)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var held = (await Gates(to.Node.Name, stopped).ConfigureAwait(false)).First(gate => gate.Role == to.ToString()).Held;
            if (held.FirstOrDefault(one => one.From == from.ToString() && one.Text.StartsWith(text, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }

            if (watch.Elapsed > StepLimit)
            {
                throw new StagingFailed(
                    $"{to} did not get it within {StepLimit.TotalSeconds:0} s; at its gate are: "
                    + $"{string.Join("; ", held.Select(one => $"{one.Text} from {one.From}"))}.");
            }

            await Task.Delay(Pause, stopped).ConfigureAwait(false);
        }
    }

    /// <summary>Gives a gate a word, and waits until it is done.</summary>
    /// <returns>Null; or why it was not done.</returns>
    public async Task<string?> Say(NodeId node, string verb, object call, CancellationToken stopped)
    {
        var (status, body) = await _nodes.Ask(node.Name, HttpMethod.Post, $"gates/{verb}", call, StepLimit, stopped).ConfigureAwait(false);
        return status == HttpStatusCode.OK ? null : NodeClient.SentenceOf(body) ?? $"{node} answered {(int)status}.";
    }

    /// <summary>Ends a process as a power cut would. What others had sent it is still under way.</summary>
    public async Task Crash(NodeId node, CancellationToken stopped)
    {
        _underWay[node.Name] = [.. (await Gates(node.Name, stopped).ConfigureAwait(false)).SelectMany(gate => gate.Held
            .Where(held => Address.Parse(held.From).Node != node).Select(held => new GateHoldCall(gate.Role, held)))];
        await _supervisor.Kill(node.Name).ConfigureAwait(false);
    }

    /// <summary>Starts a process again on its disk.</summary>
    public async Task Restart(NodeId node, CancellationToken stopped)
    {
        await _supervisor.Start(node.Name).ConfigureAwait(false);
        await UntilReady(node.Name, stopped).ConfigureAwait(false);
        foreach (var call in _underWay.GetValueOrDefault(node.Name, []))
        {
            if (await Say(node, "hold", call, stopped).ConfigureAwait(false) is { } whyNot)
            {
                throw new StagingFailed(whyNot);
            }
        }
    }

    /// <summary>The nodes end; their recordings stay.</summary>
    public async ValueTask DisposeAsync()
    {
        await _supervisor.DisposeAsync().ConfigureAwait(false);
        _nodes.Dispose();
        _folder.Dispose();
    }

    /// <summary>Its roles run; then each other node has heard this one anew; then this one has heard each of them after that.</summary>
    private async Task UntilReady(string node, CancellationToken stopped)
    {
        await Until(async () =>
        {
            var (status, body) = await _nodes.Ask(node, HttpMethod.Get, "health/ready", null, NodeClient.AnswerLimit, stopped).ConfigureAwait(false);
            return status == HttpStatusCode.OK ? null : NodeClient.SentenceOf(body) ?? $"{node} is not ready";
        }, stopped).ConfigureAwait(false);
        var ready = Stopwatch.StartNew();
        await Until(async () =>
        {
            foreach (var other in Running.Where(other => other != node))
            {
                if (!Hears(await _nodes.Links(other, stopped).ConfigureAwait(false), node, ready))
                {
                    return $"{other} does not hear {node}";
                }
            }

            return null;
        }, stopped).ConfigureAwait(false);
        var heard = Stopwatch.StartNew();
        await Until(async () =>
        {
            var links = await _nodes.Links(node, stopped).ConfigureAwait(false);
            return Running.FirstOrDefault(other => other != node && !Hears(links, other, heard)) is { } silent
                ? $"{node} does not hear {silent}"
                : null;
        }, stopped).ConfigureAwait(false);
    }

    private static bool Hears(IEnumerable<LinkStatus> links, string peer, Stopwatch since) =>
        links.FirstOrDefault(link => link.Peer == peer)?.LastHeardMillisAgo is { } ago && ago < since.ElapsedMilliseconds;

    private async Task Until(Func<Task<string?>> whyNot, CancellationToken stopped)
    {
        var watch = Stopwatch.StartNew();
        while (await Asked(whyNot).ConfigureAwait(false) is { } reason)
        {
            if (_supervisor.Nodes.FirstOrDefault(one => one.Life == NodeLife.Failed) is { } ended)
            {
                throw new CommandFailed($"{ended.Name} ended ({ended.LastEnd}): {string.Join(" ", _supervisor.LastLines(ended.Name).TakeLast(1))}");
            }

            if (watch.Elapsed > StartLimit)
            {
                throw new CommandFailed(
                    $"The nodes were not ready within {StartLimit.TotalSeconds:0} s: {reason.TrimEnd('.')}. With --keep their logs stay.");
            }

            await Task.Delay(Pause, stopped).ConfigureAwait(false);
        }
    }

    private static async Task<string?> Asked(Func<Task<string?>> whyNot)
    {
        try
        {
            return await whyNot().ConfigureAwait(false);
        }
        catch (NodeSilent silent)
        {
            return silent.Message; // it is still starting
        }
    }
}
