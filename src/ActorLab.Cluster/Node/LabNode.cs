using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.Event;

namespace ActorLab.Cluster;

/// <summary>What a node needs beyond its actor system.</summary>
public sealed record NodeSetup
{
    public required NodeId Node { get; init; }

    /// <summary>What it runs from its start on.</summary>
    public IReadOnlyList<ScenarioSetup> Scenarios { get; init; } = [];

    /// <summary>Of the plan that asked for these.</summary>
    public long ScenariosVersion { get; init; }

    /// <summary>The remoting addresses of all nodes; this one may be among them.</summary>
    public required IReadOnlyDictionary<NodeId, AkkaAddress> Peers { get; init; }

    /// <summary>In force before the first role message.</summary>
    public FaultPlan FaultPlan { get; init; } = FaultPlan.None;

    /// <summary>
    /// A number greater than all before, also those of earlier processes. Called at the start, and when a role boots again
    /// after a crash. Null: counted from 1, for nodes that keep nothing.
    /// </summary>
    public Func<long>? NextIncarnation { get; init; }

    /// <summary>Where the clocks of its roles are kept beyond its process; null for a node that keeps nothing.</summary>
    public string? ClockFolder { get; init; }

    /// <summary>What a <see cref="CrashPoint"/> does.</summary>
    public Action EndProcess { get; init; } = () => Process.GetCurrentProcess().Kill();

    /// <summary>Of the roles' dice and timers; null for one that nobody chose.</summary>
    public int? Seed { get; init; }
}

/// <summary>A recording to be made.</summary>
/// <param name="Path">The file.</param>
/// <param name="Start">What runs.</param>
public sealed record RecordingPlan(string Path, RecordedLine.Start Start);

/// <summary>A node: the roles of its scenarios in an actor system, and the doors to them.</summary>
public sealed class LabNode : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private readonly NodeSetup _setup;
    private readonly NodeLimits _limits;
    private readonly LinkProbe.Heard _heard;
    private readonly Random _seeds;
    private ImmutableSortedDictionary<string, HostedScenario> _scenarios;
    private long _version;
    private RoleHost? _host;
    private long _incarnation;
    private long _ownCount;
    private bool _stopping;

    /// <summary>A node that is yet to start: operations wait at its doors.</summary>
    public LabNode(NodeSetup setup, NodeLimits limits)
    {
        _setup = setup;
        _limits = limits;
        _version = setup.ScenariosVersion;
        _heard = new LinkProbe.Heard(setup.Node, setup.Peers.Keys, limits.ProbeEach);
        _seeds = setup.Seed is { } seed ? new Random(seed) : new Random();
        Trace = new TraceRing(limits.TraceEvents, limits.TraceBytes, limits.TraceBusyEvents);
        _scenarios = setup.Scenarios.ToImmutableSortedDictionary(
            scenario => scenario.Scenario.Name, scenario => new HostedScenario(setup.Node, scenario, limits), StringComparer.Ordinal);
    }

    public NodeId Node => _setup.Node;

    /// <summary>What it runs, in the order of their names.</summary>
    public IReadOnlyList<HostedScenario> Scenarios => [.. Volatile.Read(ref _scenarios).Values];

    /// <summary>Of the plan of scenarios in force.</summary>
    public long ScenariosVersion => Interlocked.Read(ref _version);

    /// <summary>Of this start of the node; its roles have the same, until one of them crashes alone.</summary>
    public long Incarnation => Interlocked.Read(ref _incarnation);

    /// <summary>The roles that this node hosts, of all scenarios.</summary>
    public IEnumerable<HostedRole> Roles => Scenarios.SelectMany(scenario => scenario.Roles);

    public TraceRing Trace { get; }

    /// <summary>Messages and timers wait for a word of the controller.</summary>
    public bool Gated => _limits.Gates;

    public bool Started => Volatile.Read(ref _host) is not null;

    /// <exception cref="InvalidOperationException">The node has not started.</exception>
    public LinkControl Links => Host.Links;

    /// <exception cref="InvalidOperationException">The node has not started.</exception>
    public ActorSystem System => Host.System;

    /// <summary>Ends when every role that runs from the start ran for the first time, or halted.</summary>
    public Task Settled => Task.WhenAll(Scenarios.Select(scenario => scenario.Settled));

    private RoleHost Host => Volatile.Read(ref _host) ?? throw new InvalidOperationException($"{Node} has not started.");

    /// <summary>
    /// Puts the fault plan in force and starts the node's roles. The actor system has the lab's HOCON (see
    /// <see cref="LabHocon"/>) and hosts one node.
    /// </summary>
    public static async Task<LabNode> Start(ActorSystem system, NodeSetup setup)
    {
        var node = new LabNode(setup, NodeLimits.From(system.Settings.Config));
        await node.StartAsync(system).ConfigureAwait(false);
        return node;
    }

    /// <inheritdoc cref="Start"/>
    public async Task StartAsync(ActorSystem system)
    {
        var links = new LinkControl(system, Node, _setup.Peers, Trace);
        await links.ApplyAsync(_setup.FaultPlan).ConfigureAwait(false);
        _incarnation = FirstIncarnation();
        var host = new RoleHost(system, _setup.Peers, links, Trace, _limits, NextIncarnation, plan => Record(system, plan), _setup.EndProcess, _setup.ClockFolder);
        var (here, peers, each, redialAfter, heard) = (Node, _setup.Peers, _limits.ProbeEach, _limits.RedialAfter, _heard);
        system.ActorOf(Props.Create(() => new LinkProbe(here, peers, each, redialAfter, heard, links)), LinkProbe.ActorName);
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            if (Volatile.Read(ref _stopping))
            {
                return; // told to end before it began
            }

            Volatile.Write(ref _host, host); // from here on somebody may ask for other scenarios: after these
            foreach (var scenario in Scenarios)
            {
                scenario.Start(host, () => Incarnation, _seeds);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The scenario of this name; null when the node does not run it.</summary>
    public HostedScenario? Find(string name) => Volatile.Read(ref _scenarios).GetValueOrDefault(name);

    /// <summary>Stops and starts scenarios until these run and no others. Those that run already as planned are left alone.</summary>
    /// <param name="version">Of the plan.</param>
    /// <param name="wanted">All that shall run.</param>
    /// <returns>False when a newer plan, or this one, is in force already.</returns>
    /// <exception cref="InvalidOperationException">The node has not started.</exception>
    /// <exception cref="NodeBusy">One of them does not stop: it is stopping still, and the plan is not in force. Or the node stops.</exception>
    /// <exception cref="NodeRefusal">One of them cannot start.</exception>
    public async Task<bool> RunOnlyAsync(long version, IReadOnlyList<ScenarioSetup> wanted)
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            RequireGoesOn();
            if (version <= ScenariosVersion)
            {
                return false;
            }

            foreach (var old in Scenarios.Where(old => !wanted.Any(scenario => scenario.Plan.Same(old.Plan))))
            {
                RequireGoesOn();
                await old.Stop().ConfigureAwait(false);
                Volatile.Write(ref _scenarios, _scenarios.Remove(old.Name));
            }

            foreach (var scenario in wanted.Where(scenario => Find(scenario.Scenario.Name) is null))
            {
                RequireGoesOn();
                var hosted = new HostedScenario(Node, scenario, _limits);
                try
                {
                    hosted.Start(Host, NextIncarnation, _seeds);
                }
                catch
                {
                    hosted.Dispose();
                    throw;
                }

                Volatile.Write(ref _scenarios, _scenarios.Add(hosted.Name, hosted));
            }

            Interlocked.Exchange(ref _version, version);
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Who reaches this node, as probes over remoting observe it.</summary>
    public IReadOnlyList<LinkStatus> ObservedLinks() => _heard.Read();

    /// <summary>The node stops: those who wait for an answer are told so, and nothing more is taken.</summary>
    internal void StopOperations()
    {
        Volatile.Write(ref _stopping, true);
        foreach (var scenario in Scenarios)
        {
            scenario.Operations.Stop("this node");
        }
    }

    /// <summary>
    /// Ends all roles in order, before the node leaves its cluster: that takes a while, and whoever asked the process to end does
    /// not wait for ever. Roles that do not end in time end with the process. Nothing starts from here on.
    /// </summary>
    internal async Task StopRoles()
    {
        StopOperations(); // first, so that who waits is told that the node stops, and not only a scenario
        try
        {
            await StopAll().WaitAsync(_limits.StopLimit).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NodeBusy or TimeoutException)
        {
            // A role does not answer: nothing can be done for it.
        }
    }

    public void Dispose()
    {
        foreach (var scenario in Scenarios)
        {
            scenario.Dispose();
        }

        _one.Dispose();
    }

    /// <summary>A plan that is on its way comes first, and ends at its next scenario: what it started is stopped with the others.</summary>
    private async Task StopAll()
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            await Task.WhenAll(Scenarios.Select(scenario => scenario.Stop())).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    private void RequireGoesOn()
    {
        if (Volatile.Read(ref _stopping))
        {
            throw new NodeBusy($"{Node} is stopping, and starts no scenarios any more: it gets the plan when it is started again.");
        }
    }

    private NodeRecording? Record(ActorSystem system, RecordingPlan? recording)
    {
        if (!_limits.Records || recording is not { } plan)
        {
            return null;
        }

        var log = Logging.GetLogger(system, "ActorLab.Recording");
        return NodeRecording.Open(
            plan.Path, plan.Start with { At = TraceRing.Now }, _limits.RecordBytes, sentence => log.Warning("{Sentence}", sentence));
    }

    private long FirstIncarnation()
    {
        try
        {
            return NextIncarnation();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeRefusal(
                $"It cannot write its incarnation to its data folder: {e.Message} Check that this user may write there and that the disk has room.", e);
        }
    }

    private long NextIncarnation() => _setup.NextIncarnation?.Invoke() ?? Interlocked.Increment(ref _ownCount);
}
