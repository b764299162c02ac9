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
internal sealed partial class StageLab : IAsyncDisposable
{
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    private readonly DataFolder _folder;
    private readonly Supervisor _supervisor;
    private readonly NodeClient _nodes;
    private readonly Dictionary<string, List<GateHoldCall>> _underWay = new(StringComparer.Ordinal);

    private StageLab(string scenario, DataFolder folder, Supervisor supervisor, NodeClient nodes)
    {
        Scenario = scenario;
        _folder = folder;
        _supervisor = supervisor;
        _nodes = nodes;
    }

    /// <summary>The name of the only scenario, as the nodes know it.</summary>
    public string Scenario { get; }

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
            Shape = new LabShape(nodes.Count, "sqlite"),
            Data = root,
            Settings = new Dictionary<string, string>
            {
                ["actorlab.gates"] = "on",
                ["actorlab.trace.record"] = "on",
                ["actorlab.links.probe-each"] = "100ms",
            },
        };
        for (var attempt = 1; ; attempt++)
        {
            var lab = Assemble(options, new ScenarioPlans(1, [new ScenarioPlan($"{Scenarios.AsChecked}{run}", parameters)]), nodes, fresh: attempt > 1);
            try
            {
                await Task.WhenAll(lab._supervisor.Names.Select(lab._supervisor.Start)).ConfigureAwait(false);
                foreach (var name in lab._supervisor.Names)
                {
                    await lab.UntilReady(name, stopped).ConfigureAwait(false);
                }

                return lab;
            }
            catch (Deaf deaf)
            {
                await lab.DisposeAsync().ConfigureAwait(false); // nothing has happened yet: all begins anew
                deaf.GiveUpAt(attempt);
            }
            catch
            {
                await lab.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    private static StageLab Assemble(UpOptions options, ScenarioPlans run, Set<NodeId> nodes, bool fresh)
    {
        var folder = DataFolder.Open(options.Data, options.Shape, fresh);
        var tokenFile = Path.Combine(options.Data, "stage.token");
        var setup = new NodePreparation(folder, options, tokenFile);
        var names = nodes.Select(node => node.Name).ToList();
        setup.TakePorts(names);
        var limits = NodeLimits.From(LabHocon.Load(options.Settings, options.Hocon));
        var supervisor = new Supervisor(
            names, (node, all) => setup.Prepare(node, all, run, FaultPlan.None), folder.NodeOutput, limits.EndLimit);
        supervisor.NotesEndsIn(folder);
        return new StageLab(run.Scenarios[0].Name, folder, supervisor, new NodeClient(node => setup.Ports[node].ControlPort, LabToken.Create(tokenFile)));
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

    /// <summary>What is under way to a node that is down; put to its gates when it starts again.</summary>
    public IList<GateHoldCall> UnderWayTo(NodeId node) => _underWay.TryGetValue(node.Name, out var calls) ? calls : _underWay[node.Name] = [];

    /// <summary>The numbers of the envelopes of this text that a role has sent to another, latest first, as its node traced them.</summary>
    public async Task<IReadOnlyList<long>> NumbersOf(Address from, Address to, string text, CancellationToken stopped)
    {
        const int longest = 2_000; // a trace cuts texts
        var numbers = new List<long>();
        var traced = text.Length <= longest ? text : string.Concat(text.AsSpan(0, longest), "...");
        await foreach (var line in _nodes.Trace(from.Node.Name, -1, 10_000, follow: false, stopped).ConfigureAwait(false))
        {
            if (line.Kind == "send" && line.Where == from.ToString() && line.Peer == to.ToString() && line.Text == traced)
            {
                numbers.Add(line.Message);
            }
        }

        numbers.Reverse();
        return numbers;
    }

    /// <summary>Ends a process as a power cut would. What others had sent it is still under way.</summary>
    public async Task Crash(NodeId node, CancellationToken stopped)
    {
        _underWay[node.Name] = [.. (await Gates(node.Name, stopped).ConfigureAwait(false)).SelectMany(gate => gate.Held
            .Where(held => Address.Parse(held.From).Node != node).Select(held => new GateHoldCall(gate.Scenario, gate.Role, held)))];
        await _supervisor.Kill(node.Name).ConfigureAwait(false);
    }

    /// <summary>Starts a process again on its disk.</summary>
    public async Task Restart(NodeId node, CancellationToken stopped)
    {
        await _supervisor.Start(node.Name).ConfigureAwait(false);
        await UntilReadyAgain(node.Name, stopped).ConfigureAwait(false);
        foreach (var call in UnderWayTo(node))
        {
            if (await Say(node, "hold", call, stopped).ConfigureAwait(false) is { } whyNot)
            {
                throw new StagingFailed(whyNot);
            }
        }

        _underWay.Remove(node.Name);
    }

    /// <summary>The nodes end; their recordings stay.</summary>
    public async ValueTask DisposeAsync()
    {
        await _supervisor.DisposeAsync().ConfigureAwait(false);
        _nodes.Dispose();
        _folder.Dispose();
    }
}
