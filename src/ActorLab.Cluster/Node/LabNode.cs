using Akka.Actor;
using Akka.Event;

namespace ActorLab.Cluster;

/// <summary>What a node needs beyond its actor system.</summary>
public sealed record NodeSetup
{
    public required NodeId Node { get; init; }

    public required Scenario Scenario { get; init; }

    /// <summary>The remoting addresses of all nodes; this one may be among them.</summary>
    public required IReadOnlyDictionary<NodeId, AkkaAddress> Peers { get; init; }

    /// <summary>In force before the first role message.</summary>
    public FaultPlan FaultPlan { get; init; } = FaultPlan.None;

    /// <summary>
    /// A number greater than all before, also those of earlier processes. Called at the start, and when a role boots again
    /// after a crash. Null: counted from 1, for nodes that keep nothing.
    /// </summary>
    public Func<long>? NextIncarnation { get; init; }

    /// <summary>Where a recording goes, where the node's HOCON asks for one; null for a node that cannot have one.</summary>
    public RecordingPlan? Recording { get; init; }

    /// <summary>Of the roles' dice and timers; null for one that nobody chose.</summary>
    public int? Seed { get; init; }
}

/// <summary>A recording to be made.</summary>
/// <param name="Path">The file.</param>
/// <param name="Start">What runs.</param>
public sealed record RecordingPlan(string Path, RecordedLine.Start Start);

/// <summary>A node: its roles in an actor system, and the doors to them.</summary>
public sealed class LabNode : IDisposable
{
    private readonly NodeSetup _setup;
    private readonly NodeLimits _limits;
    private readonly LinkProbe.Heard _heard;
    private LinkControl? _links;
    private NodeRecording? _recording;
    private ActorSystem? _system;
    private long _incarnation;
    private long _ownCount;

    /// <summary>A node that is yet to start: operations wait at its doors.</summary>
    public LabNode(NodeSetup setup, NodeLimits limits)
    {
        _setup = setup;
        _limits = limits;
        _heard = new LinkProbe.Heard(setup.Node, setup.Peers.Keys, limits.ProbeEach);
        Operations = new OperationGateway(limits.OperationsWaiting);
        Trace = new TraceRing(limits.TraceEvents, limits.TraceBytes);
        Roles = [.. Placements.Select(placement => new HostedRole(placement.Address))];
        foreach (var role in Roles)
        {
            Operations.Open(role.Address.Role);
        }
    }

    public NodeId Node => _setup.Node;

    public Scenario Scenario => _setup.Scenario;

    /// <summary>Of this start of the node; its roles have the same, until one of them crashes alone.</summary>
    public long Incarnation => Interlocked.Read(ref _incarnation);

    /// <summary>The roles that this node hosts.</summary>
    public IReadOnlyList<HostedRole> Roles { get; }

    public OperationGateway Operations { get; }

    public TraceRing Trace { get; }

    /// <summary>Messages and timers wait for a word of the controller.</summary>
    public bool Gated => _limits.Gates;

    public bool Started => _links is not null;

    /// <exception cref="InvalidOperationException">The node has not started.</exception>
    public LinkControl Links => _links ?? throw NotStarted;

    /// <exception cref="InvalidOperationException">The node has not started.</exception>
    public ActorSystem System => _system ?? throw NotStarted;

    /// <summary>Ends when every role ran for the first time, or halted.</summary>
    public Task Settled => Task.WhenAll(Roles.Select(role => role.Settled));

    private InvalidOperationException NotStarted => new($"{Node} has not started.");

    private IEnumerable<Placement> Placements => Scenario.Placements.Where(placement => placement.Address.Node == Node);

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
        _recording = Record(system);
        _system = system;
        Volatile.Write(ref _links, links);

        var (here, peers, each, heard) = (Node, _setup.Peers, _limits.ProbeEach, _heard);
        system.ActorOf(Props.Create(() => new LinkProbe(here, peers, each, heard)), LinkProbe.ActorName);
        var seeds = _setup.Seed is { } seed ? new Random(seed) : new Random();
        var roles = Placements.Zip(Roles, (placement, hosted) => SetupOf(placement, hosted, system, new Random(seeds.Next()))).ToList();
        system.ActorOf(Props.Create(() => new ScenarioActor(roles)), Scenario.Name);
    }

    /// <summary>The role of this name on this node; null when there is none.</summary>
    public HostedRole? Role(string name) => Roles.FirstOrDefault(role => role.Address.Role == name);

    /// <summary>Who reaches this node, as probes over remoting observe it.</summary>
    public IReadOnlyList<LinkStatus> ObservedLinks() => _heard.Read();

    public void Dispose()
    {
        Operations.Dispose();
        _recording?.Dispose();
    }

    private NodeRecording? Record(ActorSystem system)
    {
        if (!_limits.Records || _setup.Recording is not { } plan)
        {
            return null;
        }

        var log = Logging.GetLogger(system, "ActorLab.Recording");
        return NodeRecording.Open(
            plan.Path, plan.Start with { At = TraceRing.Now }, _limits.RecordBytes, sentence => log.Warning("{Sentence}", sentence));
    }

    private RoleSetup SetupOf(Placement placement, HostedRole hosted, ActorSystem system, Random random)
    {
        var boots = 0;
        return new RoleSetup(
            Scenario.Name,
            placement.Address,
            placement.Role,
            new RolePost(system, Scenario, Node, _setup.Peers, Links),
            hosted,
            Operations.Open(placement.Address.Role),
            Trace,
            () => boots++ == 0 ? Incarnation : NextIncarnation(),
            random,
            _limits,
            _recording);
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
