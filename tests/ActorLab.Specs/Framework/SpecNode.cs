using ActorLab.Cluster;
using Akka.Actor;
using Akka.TestKit;

namespace ActorLab.Specs;

/// <summary>A node of a spec: an actor system of its own, with the host that node processes use.</summary>
public sealed class SpecNode
{
    private readonly LabSpec _spec;
    private Boot? _boot;

    internal SpecNode(LabSpec spec, NodeId name)
    {
        _spec = spec;
        Name = name;
    }

    public NodeId Name { get; }

    public bool IsUp => _boot is not null;

    /// <summary>Its remoting address, the same for all its boots.</summary>
    public AkkaAddress Address { get; internal set; } = AkkaAddress.AllSystems;

    public ActorSystem System => Present.System;

    public AkkaCluster Cluster => AkkaCluster.Get(System);

    /// <summary>The host of its roles: their states, links, trace and operations.</summary>
    public LabNode Lab => Present.Lab ?? throw new InvalidOperationException($"{Name} is starting.");

    /// <summary>What the spec runs, on this node.</summary>
    public HostedScenario Hosted => Lab.Scenarios.Single();

    /// <summary>Akka's test kit on this node, for probes. It has no implicit sender.</summary>
    public TestKitBase Kit => Present.Kit;

    internal Barriers? Barriers { get; set; }

    private Boot Present => _boot ?? throw new InvalidOperationException($"{Name} is down: restart it first.");

    /// <summary>Waits until all nodes of the present <see cref="LabSpec.Run"/> have come to the barrier of this name.</summary>
    /// <exception cref="SpecFailure">Somebody did not come; says who.</exception>
    public Task Barrier(string name, TimeSpan? limit = null)
    {
        var barriers = Barriers ?? throw new InvalidOperationException("Nodes meet at barriers only in a script of Run or RunOn.");
        _spec.Say(Name, $"is at the barrier '{name}'");
        return barriers.Meet(Name, name, limit ?? Patience.Usual);
    }

    /// <summary>Gives a role of this node an operation of a user, and waits for its outcome.</summary>
    /// <param name="role">Such as <c>client</c>.</param>
    /// <param name="build">Makes the message, given the number under which the role reports.</param>
    /// <param name="limit">What the role was told.</param>
    /// <returns>A node that is down takes no operation, which then surely failed.</returns>
    public Task<OperationResult> Submit(string role, Func<long, object> build, TimeSpan limit) =>
        _boot?.Lab is not null
            ? Hosted.Operations.SubmitAsync(role, build, limit)
            : Task.FromResult(new OperationResult(Outcome.Failed, null, $"{Name} is down."));

    public override string ToString() => Name.ToString();

    internal void Begin(Boot boot) => _boot = boot;

    internal async Task Host(NodeSetup setup)
    {
        var boot = Present;
        var lab = await LabNode.Start(boot.System, setup with { NextIncarnation = boot.Folder.NextIncarnation });
        _boot = boot with { Lab = lab };
        await lab.Settled.WaitAsync(Patience.Usual);
    }

    internal Boot End()
    {
        var ended = Present;
        _boot = null;
        return ended;
    }

    /// <summary>What a node has from its start to its crash.</summary>
    internal sealed record Boot(ActorSystem System, NodeFolder Folder, TestKitBase Kit)
    {
        public LabNode? Lab { get; init; }
    }
}
