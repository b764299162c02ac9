using System.Diagnostics;
using Akka.Actor;

namespace ActorLab.Cluster;

/// <summary>A scenario on its way to a node.</summary>
/// <param name="Scenario">What runs.</param>
/// <param name="Plan">How it was asked for.</param>
public sealed record ScenarioSetup(Scenario Scenario, ScenarioPlan Plan)
{
    public ScenarioSetup(Scenario scenario)
        : this(scenario, new ScenarioPlan(scenario.Name, new Dictionary<string, int>()))
    {
    }

    /// <summary>Where a recording goes, where the node's HOCON asks for one; null for a scenario that cannot have one.</summary>
    public RecordingPlan? Recording { get; init; }

    /// <inheritdoc cref="ScenarioEntry.Becomes"/>
    public Func<object, object, string?>? Becomes { get; init; }

    /// <inheritdoc cref="ScenarioEntry.Started"/>
    public Action<ActorSystem>? Started { get; init; }

    /// <inheritdoc cref="ScenarioEntry.Stopped"/>
    public Func<ActorSystem, TimeSpan, Task>? Stopped { get; init; }
}

/// <summary>A scenario on one node: its roles, and the doors to them.</summary>
public sealed class HostedScenario : IDisposable
{
    private readonly ScenarioSetup _setup;
    private readonly NodeId _here;
    private readonly TimeSpan _stopLimit;
    private readonly List<RoleClock> _clocks = [];
    private NodeRecording? _recording;
    private CrashPoint? _crashAt;
    private IActorRef? _supervisor;
    private ActorSystem? _system;

    internal HostedScenario(NodeId here, ScenarioSetup setup, NodeLimits limits)
    {
        (_here, _setup, _stopLimit) = (here, setup, limits.StopLimit);
        Operations = new OperationGateway(limits.OperationsWaiting);
        Roles = [.. Placements.Select(placement => new HostedRole(placement.Address, setup.Becomes))];
        foreach (var role in Roles)
        {
            Operations.Open(role.Address.Role);
        }
    }

    public string Name => Scenario.Name;

    public Scenario Scenario => _setup.Scenario;

    public ScenarioPlan Plan => _setup.Plan;

    /// <summary>The roles that this node hosts.</summary>
    public IReadOnlyList<HostedRole> Roles { get; }

    /// <summary>Operations wait here also before the roles run.</summary>
    public OperationGateway Operations { get; }

    /// <summary>Where the node's process ends; null for nowhere.</summary>
    public CrashPoint? CrashAt
    {
        get => Volatile.Read(ref _crashAt);
        set => Volatile.Write(ref _crashAt, value);
    }

    /// <summary>Ends when every role ran for the first time, or halted.</summary>
    public Task Settled => Task.WhenAll(Roles.Select(role => role.Settled));

    private IEnumerable<Placement> Placements => Scenario.Placements.Where(placement => placement.Address.Node == _here);

    /// <summary>The role of this name on this node; null when there is none.</summary>
    public HostedRole? Role(string name) => Roles.FirstOrDefault(role => role.Address.Role == name);

    public void Dispose()
    {
        Operations.Dispose();
        _recording?.Dispose();
        _clocks.ForEach(clock => clock.Dispose());
    }

    /// <param name="host">Of the node.</param>
    /// <param name="firstIncarnation">Of the roles' first boot.</param>
    /// <param name="seeds">Gives each role its dice.</param>
    internal void Start(RoleHost host, Func<long> firstIncarnation, Random seeds)
    {
        _system = host.System;
        _recording = host.Record(_setup.Recording);
        var roles = Placements.Zip(Roles, (placement, hosted) => SetupOf(placement, hosted, host, firstIncarnation, new Random(seeds.Next())))
            .ToList();
        _supervisor = host.System.ActorOf(Props.Create(() => new ScenarioActor(Plan.Label, roles)), Plan.Label);
        _setup.Started?.Invoke(host.System); // last: where a start fails, nothing of it goes on
    }

    /// <summary>Ends the roles; their disks stay. Callers who wait are told.</summary>
    /// <exception cref="NodeBusy">They have not ended within the limit: as long as one of them runs, nobody else may have its disk.</exception>
    internal async Task Stop()
    {
        var began = Stopwatch.GetTimestamp();
        Operations.Stop($"{Name} on {_here}");
        if (_supervisor is not null && !await _supervisor.GracefulStop(_stopLimit).ConfigureAwait(false))
        {
            throw new NodeBusy($"{Name} did not stop on {_here} within {_stopLimit.TotalSeconds:0.#} s: a turn or a disk takes so long.");
        }

        if (_setup.Stopped is { } stopped && _system is not null)
        {
            var left = _stopLimit - Stopwatch.GetElapsedTime(began);
            await stopped(_system, left > TimeSpan.Zero ? left : TimeSpan.Zero).ConfigureAwait(false);
        }

        Dispose();
    }

    private RoleSetup SetupOf(Placement placement, HostedRole hosted, RoleHost host, Func<long> firstIncarnation, Random random)
    {
        var boots = 0;
        var clock = new RoleClock(ClockRoles.Of(_setup), placement.Address, host.ClockFileOf(Name, placement.Address));
        _clocks.Add(clock);
        return new RoleSetup(
            Plan.Label,
            $"{Plan.Disks}/{placement.Address}",
            placement.Address,
            placement.Role,
            new RolePost(host.System, Plan.Label, Scenario, _here, host.Peers, host.Links),
            hosted,
            Operations.Open(placement.Address.Role),
            host.Trace.Of(Name),
            clock,
            () => boots++ == 0 ? firstIncarnation() : host.NextIncarnation(),
            random,
            host.Limits,
            _recording,
            (effects, afterDisk) =>
            {
                if (CrashAt?.IsIn(effects, placement.Address, afterDisk) == true)
                {
                    host.EndProcess();
                }
            });
    }
}

/// <summary>What the roles of a node share.</summary>
internal sealed record RoleHost(
    ActorSystem System, IReadOnlyDictionary<NodeId, AkkaAddress> Peers, LinkControl Links, TraceRing Trace, NodeLimits Limits,
    Func<long> NextIncarnation, Func<RecordingPlan?, NodeRecording?> Record, Action EndProcess,
    string? ClockFolder)
{
    /// <summary>Where a role's clocks are kept; null for a node that keeps nothing.</summary>
    public string? ClockFileOf(string scenario, Address role) =>
        ClockFolder is null ? null : Path.Combine(ClockFolder, Uri.EscapeDataString($"{scenario} {role.Role}"));
}
